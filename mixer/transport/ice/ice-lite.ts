import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { IceCredentials } from '../../protocol/media-security.ts';
import type { DurationMs, MonotonicMs } from '../../protocol/units.ts';
import { NO_PATH } from './shared-port-io.ts';
import type { PathIndex } from './shared-port-io.ts';
import type { StunErrorCode, StunMessage } from './stun-message.ts';

/** Without a valid check for so long the peer is gone, RFC 7675 §5.1. */
const CONSENT_MS: DurationMs = 30_000;
/** How long the credentials from before an ICE restart are answered at most. */
const RESTART_MS: DurationMs = 30_000;
/** A selected path without a check for so long gives way to another that has one. Browsers check every 2 to 6 s. */
const STALE_MS: DurationMs = 12_000;
/** A path that is not selected and has no check for so long is forgotten. Browsers check spare ones every 25 s. */
const SPARE_MS: DurationMs = 60_000;
/** Paths of one leg: all addresses of a peer with several networks, over UDP and TCP. */
const MAX_PATHS = 16;

/** One set of credentials that a leg answers to. */
interface Generation {
  readonly number: number;
  readonly credentials: IceCredentials;
  readonly key: KeyObject;
}

/** A path that a valid check came over. */
interface KnownPath {
  readonly path: PathIndex;
  /** Which credentials its last check had. */
  generation: number;
  lastCheckAtMs: MonotonicMs;
}

/** What to answer to a check with valid integrity. */
export type CheckVerdict = { readonly kind: 'success' } | StunRefusal;

/** A check that RFC 8445 or RFC 8489 wants answered by an error. */
export interface StunRefusal {
  readonly kind: 'error';
  readonly code: StunErrorCode;
}

const SUCCESS: CheckVerdict = { kind: 'success' };
const MALFORMED: CheckVerdict = { kind: 'error', code: 400 };
const UNKNOWN_ATTRIBUTE: CheckVerdict = { kind: 'error', code: 420 };
const ROLE_CONFLICT: CheckVerdict = { kind: 'error', code: 487 };

/**
 * What a check is answered with, seen only from what it says. We are the lite side and so never control: a peer that
 * says it is controlled is to change (RFC 8445 §6.1.1 and §7.3.1.1).
 */
export function judgeCheck(message: StunMessage): CheckVerdict {
  if (message.malformed) return MALFORMED;
  if (message.unknownCount > 0) return UNKNOWN_ATTRIBUTE;
  return message.role === 'controlled' ? ROLE_CONFLICT : SUCCESS;
}

/**
 * One leg with ICE-lite (RFC 8445 §2.5): it answers to its credentials, learns the paths that valid checks come over
 * and selects the one that its peer has nominated last. Until there is one, the first path is selected, so that media
 * can flow at once. Pure: whoever owns it checks integrity with `keyFor` and tells it of valid checks.
 *
 *                 restart                    a path is selected with the new ones, or 30 s
 *   one set of credentials ──▶ two sets, the old path goes on ──▶ one set of credentials
 */
export class IceLite {
  #current: Generation;
  /** Credentials from before a restart, and until when they are answered. */
  #old: { readonly generation: Generation; readonly untilMs: MonotonicMs } | null = null;
  readonly #paths: KnownPath[] = [];
  #selected: KnownPath | null = null;
  /** The selected path was nominated by the peer. */
  #nominatedGeneration = -1;
  /** Outlives the selected path, whose connection may have ended. */
  #lastCheckAtMs: MonotonicMs = -1;

  constructor(credentials: IceCredentials) {
    this.#current = generationOf(credentials, 0);
  }

  /** The path that packets go over, `NO_PATH` before the first valid check. */
  get selected(): PathIndex {
    return this.#selected?.path ?? NO_PATH;
  }

  /** Fragments it answers to: its own, and in a restart those from before. */
  get ufrags(): readonly string[] {
    const own = this.#current.credentials.localUfrag;
    return this.#old === null ? [own] : [own, this.#old.generation.credentials.localUfrag];
  }

  /** All paths it knows. */
  get paths(): readonly PathIndex[] {
    return this.#paths.map((known) => known.path);
  }

  /** What requests to this fragment are signed with; null when it is not, or no longer, its own. */
  keyFor(localUfrag: string): KeyObject | null {
    return this.#generationFor(localUfrag)?.key ?? null;
  }

  /** Takes the credentials of an ICE restart. Nothing when they are those it has. */
  restart(credentials: IceCredentials, nowMs: MonotonicMs): void {
    const { localUfrag, localPassword } = this.#current.credentials;
    const sameUfrag = credentials.localUfrag === localUfrag;
    // The peer's half is never needed: a lite agent sends no checks.
    if (sameUfrag && credentials.localPassword === localPassword) return;
    // In the middle of a restart those stay that have the path which packets go over.
    const carrying = this.#old?.generation ?? this.#current;
    this.#current = generationOf(credentials, this.#current.number + 1);
    const isClear = carrying.credentials.localUfrag !== credentials.localUfrag;
    this.#old = isClear ? { generation: carrying, untilMs: nowMs + RESTART_MS } : null;
  }

  /**
   * Notes a valid check over `path`, which is signed with `localUfrag`'s password. Returns the path that has to make
   * room for it, `NO_PATH` as a rule.
   */
  noteCheck(
    check: { readonly path: PathIndex; readonly localUfrag: string; readonly nominates: boolean },
    nowMs: MonotonicMs,
  ): PathIndex {
    const generation = this.#generationFor(check.localUfrag)?.number;
    if (generation === undefined) return NO_PATH;
    let known = this.#paths.find((each) => each.path === check.path);
    const removed = known === undefined ? this.#makeRoom() : NO_PATH;
    if (known === undefined) {
      known = { path: check.path, generation, lastCheckAtMs: nowMs };
      this.#paths.push(known);
    }
    known.generation = Math.max(known.generation, generation);
    const staleSince = nowMs - STALE_MS;
    const isStale = this.#selected === null || this.#selected.lastCheckAtMs < staleSince;
    known.lastCheckAtMs = nowMs;
    // A late nomination with the credentials from before a restart does not turn back what the new ones have chosen.
    const isNominated = check.nominates && generation >= this.#nominatedGeneration;
    if (isNominated) this.#nominatedGeneration = generation;
    if (isNominated || isStale) this.#selected = known;
    if (this.#selected === known) this.#lastCheckAtMs = nowMs;
    this.#endRestart(nowMs);
    return removed;
  }

  /** Forgets a path that has ended or is another leg's now. The one checked last is selected in its place. */
  removePath(path: PathIndex): void {
    const at = this.#paths.findIndex((known) => known.path === path);
    if (at < 0) return;
    const [removed] = this.#paths.splice(at, 1);
    if (removed !== this.#selected) return;
    this.#selected = null;
    for (const known of this.#paths) {
      const isLater = this.#selected === null || known.lastCheckAtMs > this.#selected.lastCheckAtMs;
      if (isLater) this.#selected = known;
    }
  }

  /** Ends what has a time limit; returns a path that has not been used for long, `NO_PATH` when there is none. */
  expire(nowMs: MonotonicMs): PathIndex {
    this.#endRestart(nowMs);
    const spare = this.#paths.find(
      (known) => known !== this.#selected && nowMs - known.lastCheckAtMs > SPARE_MS,
    );
    if (spare === undefined) return NO_PATH;
    this.removePath(spare.path);
    return spare.path;
  }

  /** Whether the peer still wants what it is sent: see `IceState`. */
  state(nowMs: MonotonicMs): 'new' | 'connected' | 'lost' {
    if (this.#lastCheckAtMs < 0) return 'new';
    return nowMs - this.#lastCheckAtMs < CONSENT_MS ? 'connected' : 'lost';
  }

  #generationFor(localUfrag: string): Generation | undefined {
    if (localUfrag === this.#current.credentials.localUfrag) return this.#current;
    const old = this.#old?.generation;
    return localUfrag === old?.credentials.localUfrag ? old : undefined;
  }

  /** Takes away the path whose last check is longest ago, but not the selected one, when there are too many. */
  #makeRoom(): PathIndex {
    if (this.#paths.length < MAX_PATHS) return NO_PATH;
    let oldest: KnownPath | null = null;
    for (const known of this.#paths) {
      if (known === this.#selected) continue;
      if (oldest === null || known.lastCheckAtMs < oldest.lastCheckAtMs) oldest = known;
    }
    if (oldest === null) return NO_PATH;
    this.removePath(oldest.path);
    return oldest.path;
  }

  #endRestart(nowMs: MonotonicMs): void {
    if (this.#old === null) return;
    const isDone = this.#selected?.generation === this.#current.number;
    if (isDone || nowMs >= this.#old.untilMs) this.#old = null;
  }
}

function generationOf(credentials: IceCredentials, number: number): Generation {
  return { number, credentials, key: createSecretKey(credentials.localPassword, 'utf8') };
}
