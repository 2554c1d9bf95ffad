import type { KeyObject } from 'node:crypto';
import type { IceCredentials, LocalCandidate } from '../../protocol/media-security.ts';
import type { SharedPort } from '../../protocol/mixer-command.ts';
import type { DurationMs, MonotonicMs } from '../../protocol/units.ts';
import type { LegIndex } from '../packet-io.ts';
import { CheckBudget } from './check-budget.ts';
import { IceLite, judgeCheck } from './ice-lite.ts';
import type { CheckVerdict } from './ice-lite.ts';
import { NO_PATH } from './shared-port-io.ts';
import type {
  PacketSource,
  PathIndex,
  PathTransport,
  SharedPacket,
  SharedPortIo,
} from './shared-port-io.ts';
import {
  BINDING_REQUEST,
  createStunMessage,
  fingerprintOf,
  hasIntegrity,
  localUfragOf,
  parseStun,
  writeAnswer,
} from './stun-message.ts';

/** First bytes of the kinds of packets that share a port, RFC 7983 §7. */
const STUN_LAST = 3;
const DTLS_FIRST = 20;
const DTLS_LAST = 63;
const MEDIA_FIRST = 128;
const MEDIA_LAST = 191;

const NO_LEG: LegIndex = -1;
const ANSWER_BYTES = 128;
/** How often legs are looked at for what has a time limit. */
const SWEEP_MS: DurationMs = 1000;

/**
 * A packet of a leg, other than STUN. One object serves all packets of a mux, so it holds only during the call that
 * delivers it, and so does `bytes`, which may be longer than the packet.
 */
export interface MuxPacket {
  legIndex: LegIndex;
  bytes: Uint8Array;
  lengthBytes: number;
  /** When the kernel got it, as far as that is known. */
  atMs: MonotonicMs;
}

/** What a mux makes of packets. Packets of a leg come only from paths that a valid check has proven to be its own. */
export interface IceMuxHandler {
  /** RTP or RTCP, protected: first byte 128–191 (RFC 7983). */
  media(packet: MuxPacket): void;
  /** A DTLS record: first byte 20–63. */
  dtls(packet: MuxPacket): void;
  /** The first path of a leg, and each time that its packets go over another one. */
  path(legIndex: LegIndex, transport: PathTransport): void;
}

/** What happened at the shared ports since the mux was made. Counts only rise. */
export interface IceFigures {
  /** Valid checks that were answered. */
  checks: number;
  /** Checks with valid integrity that were answered by an error. */
  refusedChecks: number;
  /** STUN that is malformed, of unknown user names or with wrong integrity: never answered. */
  badStun: number;
  /** Checks that were not looked at, or not answered, since there were too many in this second. */
  limited: number;
  /** Other packets from paths that are nobody's. */
  strangers: number;
  /** Packets of known paths that are neither STUN nor DTLS nor media. */
  unknown: number;
}

/**
 * `new`: no valid check yet. `connected`: the selected path has had one in the last 30 s. `lost`: none for 30 s, so
 * nothing is sent there any more (RFC 7675 §5.1); a later check makes the leg `connected` again.
 */
export type IceState = 'new' | 'connected' | 'lost';

/** All ICE-lite legs of a worker, on the ports they share. Calls for a leg that was not added do nothing. */
export interface IceMux {
  readonly figures: Readonly<IceFigures>;
  /** Binds the ports. `done` may be called before `open` returns; `failures` is for the log. */
  open(
    ports: readonly SharedPort[],
    done: (candidates: readonly LocalCandidate[], failures: readonly string[]) => void,
  ): void;
  /** Answers checks for these credentials from now on. `ufrag-taken`: another leg has this one, nothing was added. */
  add(legIndex: LegIndex, credentials: IceCredentials, nowMs: MonotonicMs): 'added' | 'ufrag-taken';
  /** An ICE restart when the credentials are others; the old path goes on until the first check with the new ones. */
  update(
    legIndex: LegIndex,
    credentials: IceCredentials,
    nowMs: MonotonicMs,
  ): 'updated' | 'ufrag-taken';
  remove(legIndex: LegIndex): void;
  /** Sends a packet over the leg's selected path; drops it when there is none. The bytes are the caller's again. */
  send(legIndex: LegIndex, packet: Uint8Array): void;
  state(legIndex: LegIndex, nowMs: MonotonicMs): IceState;
  /** Takes in what has come. Once a tick. */
  drain(): void;
  /** Sends what a tick has made. */
  flush(): void;
  /** Frees all ports. */
  close(): void;
}

/** Makes a mux. `nowMs` is the clock that packets of `ports` are timed with. */
export function createIceMux(options: IceMuxOptions): IceMux {
  return new SharedPortMux(options);
}

interface IceMuxOptions {
  readonly ports: SharedPortIo;
  readonly handler: IceMuxHandler;
  readonly nowMs: () => MonotonicMs;
}

/** A leg, and what is known of it without asking it for each packet. */
interface MuxLeg {
  readonly ice: IceLite;
  /** Fragments that stand for it in the table. */
  ufrags: readonly string[];
  /** The path that the handler was told of last. */
  toldPath: PathIndex;
}

/** A check whose signature is right, and whose it is. */
interface ProvenCheck {
  readonly legIndex: LegIndex;
  readonly leg: MuxLeg;
  readonly localUfrag: string;
  readonly path: PathIndex;
}

class SharedPortMux implements IceMux {
  readonly figures: IceFigures = {
    checks: 0,
    refusedChecks: 0,
    badStun: 0,
    limited: 0,
    strangers: 0,
    unknown: 0,
  };
  readonly #ports: SharedPortIo;
  readonly #handler: IceMuxHandler;
  readonly #nowMs: () => MonotonicMs;
  readonly #legs: (MuxLeg | undefined)[] = [];
  readonly #legOfUfrag = new Map<string, LegIndex>();
  /** By leg: where its packets go. */
  readonly #routes: PathIndex[] = [];
  /** By path: whose it is, and how its packets travel. */
  readonly #owners: LegIndex[] = [];
  readonly #transports: PathTransport[] = [];
  readonly #budget = new CheckBudget();
  readonly #message = createStunMessage();
  readonly #answer = new Uint8Array(ANSWER_BYTES);
  readonly #packet: MuxPacket = {
    legIndex: 0,
    bytes: new Uint8Array(0),
    lengthBytes: 0,
    atMs: 0,
  };
  #sweptAtMs: MonotonicMs = 0;

  constructor(options: IceMuxOptions) {
    this.#ports = options.ports;
    this.#handler = options.handler;
    this.#nowMs = options.nowMs;
    this.#ports.receive({
      packet: (packet) => this.#receive(packet),
      pathClosed: (path) => this.#pathClosed(path),
    });
  }

  open(
    ports: readonly SharedPort[],
    done: (candidates: readonly LocalCandidate[], failures: readonly string[]) => void,
  ): void {
    this.#ports.open(ports, done);
  }

  add(legIndex: LegIndex, credentials: IceCredentials): 'added' | 'ufrag-taken' {
    this.remove(legIndex);
    if (this.#legOfUfrag.has(credentials.localUfrag)) return 'ufrag-taken';
    const leg: MuxLeg = { ice: new IceLite(credentials), ufrags: [], toldPath: NO_PATH };
    this.#legs[legIndex] = leg;
    this.#routes[legIndex] = NO_PATH;
    this.#refresh(legIndex, leg);
    return 'added';
  }

  update(
    legIndex: LegIndex,
    credentials: IceCredentials,
    nowMs: MonotonicMs,
  ): 'updated' | 'ufrag-taken' {
    const leg = this.#legs[legIndex];
    if (leg === undefined) return 'updated';
    const holder = this.#legOfUfrag.get(credentials.localUfrag);
    if (holder !== undefined && holder !== legIndex) return 'ufrag-taken';
    leg.ice.restart(credentials, nowMs);
    this.#refresh(legIndex, leg);
    return 'updated';
  }

  remove(legIndex: LegIndex): void {
    const leg = this.#legs[legIndex];
    if (leg === undefined) return;
    this.#legs[legIndex] = undefined;
    this.#routes[legIndex] = NO_PATH;
    for (const ufrag of leg.ufrags) this.#legOfUfrag.delete(ufrag);
    for (const path of leg.ice.paths) this.#forget(path);
  }

  send(legIndex: LegIndex, packet: Uint8Array): void {
    const path = this.#routes[legIndex];
    if (path !== undefined && path !== NO_PATH) this.#ports.send(path, packet);
  }

  state(legIndex: LegIndex, nowMs: MonotonicMs): IceState {
    return this.#legs[legIndex]?.ice.state(nowMs) ?? 'new';
  }

  drain(): void {
    this.#ports.drain();
    const nowMs = this.#nowMs();
    if (nowMs - this.#sweptAtMs < SWEEP_MS) return;
    this.#sweptAtMs = nowMs;
    for (const [legIndex, leg] of this.#legs.entries()) {
      if (leg === undefined) continue;
      const unused = leg.ice.expire(nowMs);
      if (unused !== NO_PATH) this.#forget(unused);
      this.#refresh(legIndex, leg);
    }
  }

  flush(): void {
    this.#ports.flush();
  }

  close(): void {
    for (const legIndex of this.#legs.keys()) this.remove(legIndex);
    this.#ports.close();
  }

  #receive(packet: SharedPacket): void {
    const first = packet.lengthBytes > 0 ? (packet.bytes[0] ?? 0) : 0xff;
    if (first <= STUN_LAST) {
      this.#check(packet);
      return;
    }
    const owner = this.#ownerOf(packet.path);
    if (owner === NO_LEG) {
      this.figures.strangers += 1;
      return;
    }
    const out = this.#packet;
    out.legIndex = owner;
    out.bytes = packet.bytes;
    out.lengthBytes = packet.lengthBytes;
    out.atMs = packet.atMs;
    if (first >= MEDIA_FIRST && first <= MEDIA_LAST) this.#handler.media(out);
    else if (first >= DTLS_FIRST && first <= DTLS_LAST) this.#handler.dtls(out);
    else this.figures.unknown += 1;
  }

  /** What is cheap to find out comes first: a stranger's packet costs no hash. */
  #check(packet: SharedPacket): void {
    const message = this.#message;
    const isRequest =
      parseStun(packet.bytes, packet.lengthBytes, message) === 'stun' &&
      message.type === BINDING_REQUEST;
    const localUfrag = isRequest ? localUfragOf(packet.bytes, message) : null;
    const legIndex = localUfrag === null ? undefined : this.#legOfUfrag.get(localUfrag);
    const leg = legIndex === undefined ? undefined : this.#legs[legIndex];
    const key = localUfrag === null ? undefined : leg?.ice.keyFor(localUfrag);
    if (localUfrag === null || legIndex === undefined || leg === undefined || !key) {
      this.figures.badStun += 1;
      return;
    }
    const source = this.#ports.source();
    if (!this.#isProven(packet, { legIndex, key, source })) return;
    const verdict = judgeCheck(message);
    const path = this.#reply(packet, { key, verdict, source });
    if (path === NO_PATH) this.figures.limited += 1;
    else if (verdict.kind === 'error') this.#refuse(path);
    else this.#accept({ legIndex, leg, localUfrag, path }, packet.atMs);
  }

  #isProven(
    packet: SharedPacket,
    check: {
      readonly legIndex: LegIndex;
      readonly key: KeyObject;
      readonly source: PacketSource;
    },
  ): boolean {
    const { legIndex, key, source } = check;
    const unproven = this.#ownerOf(packet.path) === legIndex ? null : source;
    if (this.#budget.allows(legIndex, unproven, packet.atMs) === 'no') {
      this.figures.limited += 1;
      return false;
    }
    const { bytes } = packet;
    const isWhole = fingerprintOf(bytes, this.#message) !== 'wrong';
    if (isWhole && hasIntegrity(bytes, this.#message, key)) return true;
    this.figures.badStun += 1;
    this.#budget.failed(source);
    return false;
  }

  /** Answers a check and returns its path, which is kept from now on; `NO_PATH` when it cannot be answered. */
  #reply(
    packet: SharedPacket,
    reply: {
      readonly key: KeyObject;
      readonly verdict: CheckVerdict;
      readonly source: PacketSource;
    },
  ): PathIndex {
    const { key, verdict, source } = reply;
    const answer = verdict.kind === 'success' ? { ...verdict, source } : verdict;
    const asked = { bytes: packet.bytes, message: this.#message, answer, key };
    const answerBytes = writeAnswer(asked, this.#answer);
    // Whoever could make us say more than he said himself could turn us on others.
    if (answerBytes > packet.lengthBytes) return NO_PATH;
    const isKept = this.#ownerOf(packet.path) !== NO_LEG;
    const path = isKept ? packet.path : this.#ports.keep();
    if (path === NO_PATH) return NO_PATH;
    this.#transports[path] = packet.transport;
    this.#ports.send(path, this.#answer.subarray(0, answerBytes));
    return path;
  }

  /** A path that is nobody's is not one of this leg's by a check that was refused. */
  #refuse(path: PathIndex): void {
    this.figures.refusedChecks += 1;
    if (this.#ownerOf(path) !== NO_LEG) return;
    this.#ports.flush();
    this.#ports.forget(path);
  }

  #accept(check: ProvenCheck, atMs: MonotonicMs): void {
    const { legIndex, leg, path, localUfrag } = check;
    this.figures.checks += 1;
    const owner = this.#ownerOf(path);
    const before = owner === NO_LEG ? undefined : this.#legs[owner];
    this.#owners[path] = legIndex;
    const nominates = this.#message.nominates;
    const displaced = leg.ice.noteCheck({ path, localUfrag, nominates }, atMs);
    if (displaced !== NO_PATH) this.#forget(displaced);
    if (before !== undefined && before !== leg) {
      before.ice.removePath(path);
      this.#refresh(owner, before);
    }
    // Last: who is told may remove the leg.
    this.#refresh(legIndex, leg);
  }

  /** Brings up to date what is known of a leg outside it, and tells of a path that is new. */
  #refresh(legIndex: LegIndex, leg: MuxLeg): void {
    const { ice } = leg;
    const ufrags = ice.ufrags;
    for (const ufrag of leg.ufrags) if (!ufrags.includes(ufrag)) this.#legOfUfrag.delete(ufrag);
    for (const ufrag of ufrags) this.#legOfUfrag.set(ufrag, legIndex);
    leg.ufrags = ufrags;
    const path = ice.selected;
    this.#routes[legIndex] = ice.state(this.#nowMs()) === 'connected' ? path : NO_PATH;
    if (path === leg.toldPath) return;
    leg.toldPath = path;
    if (path !== NO_PATH) this.#handler.path(legIndex, this.#transports[path] ?? 'udp');
  }

  #pathClosed(path: PathIndex): void {
    const owner = this.#ownerOf(path);
    this.#owners[path] = NO_LEG;
    const leg = owner === NO_LEG ? undefined : this.#legs[owner];
    if (leg === undefined) return;
    leg.ice.removePath(path);
    this.#refresh(owner, leg);
  }

  #forget(path: PathIndex): void {
    this.#owners[path] = NO_LEG;
    this.#ports.forget(path);
  }

  #ownerOf(path: PathIndex): LegIndex {
    return path === NO_PATH ? NO_LEG : (this.#owners[path] ?? NO_LEG);
  }
}
