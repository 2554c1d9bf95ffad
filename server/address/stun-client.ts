import type { Facts } from '../../mixer/protocol/coded-error.ts';
import { NEVER } from '../../mixer/protocol/units.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Core, Timeout } from '../runtime/core.ts';
import type { Random } from '../runtime/random.ts';
import { familyOf } from '../runtime/literal-address.ts';
import { reachOf } from './reach.ts';
import { readBindingAnswer, writeBindingRequest } from './stun-message.ts';

/** A STUN server at one of its addresses. */
export interface StunTarget {
  readonly host: string;
  readonly port: number;
}

/** What the client is fed. */
export type StunInput =
  /** What the names of servers stand for now, the preferred ones first. Answers `look-up`. */
  | { readonly type: 'looked-up'; readonly targets: readonly StunTarget[] }
  | {
      readonly type: 'received';
      readonly host: string;
      readonly port: number;
      readonly bytes: Uint8Array;
    };

/** What the client wants done. */
export type StunAction =
  | { readonly type: 'look-up' }
  | {
      readonly type: 'send';
      readonly host: string;
      readonly port: number;
      readonly bytes: Uint8Array;
    }
  /** We are seen by another address than before, or by one at all. */
  | {
      readonly type: 'learned';
      readonly family: 'ipv4' | 'ipv6';
      readonly address: string;
      readonly before: string | null;
    }
  /** Every server has answered, or will not any more. */
  | { readonly type: 'round-over' }
  | { readonly type: 'log'; readonly message: string; readonly facts: Facts };

/** RTO, Rc and Rm of RFC 8489 §6.2.1: sent at 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s, given up at 39.5 s. */
const FIRST_RTO_MS: DurationMs = 500;
const MOST_SENDS = 7;
const LAST_WAIT_RTOS = 16;
/** From the end of a round to the next. */
const REFRESH_MS: DurationMs = 180_000;
/** The same after a round in which nobody answered. */
const RETRY_MS: DurationMs = 30_000;
/** More are not asked. */
const MOST_TARGETS = 8;
const FAMILIES = ['ipv4', 'ipv6'] as const;

interface Asked extends StunTarget {
  readonly transactionId: string;
  sends: number;
  /** When it is sent again, or given up; NEVER once that is settled. */
  dueAtMs: MonotonicMs;
  seenAs: string | null;
}

/**
 * Asks STUN servers (RFC 8489 binding requests) which addresses we are seen by, again and again.
 *
 *   waiting ──due──▶ looking up ──targets──▶ asking ──all answered or given up──▶ waiting
 *
 * The first answer counts at once as long as nothing is known; afterwards, at the end of a round, that of the server which
 * stands first in the settings. An address that was known stays known when nobody answers.
 */
export class StunClient implements Core<StunInput, StunAction> {
  readonly #random: Random;
  readonly #known = new Map<'ipv4' | 'ipv6', string>();
  #asked: readonly Asked[] = [];
  #state: 'waiting' | 'looking-up' | 'asking' = 'waiting';
  #nextRoundAtMs: MonotonicMs;
  /** Told once for each time that they begin to. */
  #trouble: 'none' | 'no-answer' | 'different' = 'none';
  #out: StunAction[] = [];

  /** The first round is due at once. */
  constructor(random: Random, nowMs: MonotonicMs) {
    this.#random = random;
    this.#nextRoundAtMs = nowMs;
  }

  get deadlineMs(): MonotonicMs {
    if (this.#state === 'waiting') return this.#nextRoundAtMs;
    if (this.#state === 'looking-up') return NEVER;
    return Math.min(...this.#asked.map(({ dueAtMs }) => dueAtMs));
  }

  handle(input: StunInput | Timeout, nowMs: MonotonicMs): readonly StunAction[] {
    if (input.type === 'timeout') this.#timeout(nowMs);
    else if (input.type === 'looked-up') this.#ask(input.targets, nowMs);
    else this.#received(input, nowMs);
    const out = this.#out;
    this.#out = [];
    return out;
  }

  #timeout(nowMs: MonotonicMs): void {
    if (this.#state === 'waiting' && nowMs >= this.#nextRoundAtMs) {
      this.#state = 'looking-up';
      this.#out.push({ type: 'look-up' });
    }
    if (this.#state !== 'asking') return;
    for (const asked of this.#asked) if (nowMs >= asked.dueAtMs) this.#send(asked, nowMs);
    this.#endRound(nowMs);
  }

  #ask(targets: readonly StunTarget[], nowMs: MonotonicMs): void {
    if (this.#state !== 'looking-up') return;
    this.#state = 'asking';
    this.#asked = targets.slice(0, MOST_TARGETS).map(({ host, port }) => ({
      ...{ host, port, transactionId: this.#random.hex(12) },
      ...{ sends: 0, dueAtMs: nowMs, seenAs: null },
    }));
    for (const asked of this.#asked) this.#send(asked, nowMs);
    this.#endRound(nowMs);
  }

  #send(asked: Asked, nowMs: MonotonicMs): void {
    if (asked.sends === MOST_SENDS) {
      asked.dueAtMs = NEVER;
      return;
    }
    const { host, port, transactionId } = asked;
    asked.sends += 1;
    const rtos = asked.sends === MOST_SENDS ? LAST_WAIT_RTOS : 2 ** (asked.sends - 1);
    asked.dueAtMs = nowMs + FIRST_RTO_MS * rtos;
    this.#out.push({ type: 'send', host, port, bytes: writeBindingRequest(transactionId) });
  }

  /** Only the server that was asked is believed, and only with the number that nobody else can know. */
  #received(input: Extract<StunInput, { readonly type: 'received' }>, nowMs: MonotonicMs): void {
    const answer = readBindingAnswer(input.bytes);
    const asked = this.#asked.find(
      ({ transactionId, host, port, dueAtMs }) =>
        transactionId === answer?.transactionId &&
        host === input.host &&
        port === input.port &&
        dueAtMs !== NEVER,
    );
    if (this.#state !== 'asking' || answer === null || asked === undefined) return;
    asked.dueAtMs = NEVER;
    const seenAs = answer.mapped?.host ?? '';
    if (reachOf(seenAs) === 'private' || reachOf(seenAs) === 'public') {
      asked.seenAs = seenAs;
      const family = familyOf(seenAs);
      if (family !== 'none' && !this.#known.has(family)) this.#learn(family, seenAs);
    }
    this.#endRound(nowMs);
  }

  #endRound(nowMs: MonotonicMs): void {
    if (this.#asked.some(({ dueAtMs }) => dueAtMs !== NEVER)) return;
    const answers = this.#asked.flatMap(({ seenAs }) => (seenAs === null ? [] : [seenAs]));
    for (const family of FAMILIES) {
      const [first] = answers.filter((address) => familyOf(address) === family);
      if (first !== undefined && first !== this.#known.get(family)) this.#learn(family, first);
    }
    this.#tellTrouble(answers);
    this.#asked = [];
    this.#state = 'waiting';
    this.#nextRoundAtMs = nowMs + (answers.length === 0 ? RETRY_MS : REFRESH_MS);
    this.#out.push({ type: 'round-over' });
  }

  #learn(family: 'ipv4' | 'ipv6', address: string): void {
    const before = this.#known.get(family) ?? null;
    this.#known.set(family, address);
    this.#out.push({ type: 'learned', family, address, before });
  }

  #tellTrouble(answers: readonly string[]): void {
    const families = answers.map(familyOf);
    const different = new Set(answers).size > new Set(families).size;
    const trouble = answers.length === 0 ? 'no-answer' : different ? 'different' : 'none';
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    if (trouble === 'none') return;
    const message =
      trouble === 'no-answer'
        ? 'no STUN server answers; see sip.stunServers'
        : 'STUN servers see us by different addresses: several ways lead out';
    this.#out.push({ type: 'log', message, facts: { addresses: [...new Set(answers)].join(' ') } });
  }
}
