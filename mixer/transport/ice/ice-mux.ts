import type { IceCredentials, LocalCandidate, SharedPort } from '../../protocol/media-security.ts';
import type { MonotonicMs } from '../../protocol/units.ts';
import type { LegIndex } from '../packet-io.ts';
import type { PathTransport, SharedPortIo } from './shared-port-io.ts';

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
export function createIceMux(options: {
  readonly ports: SharedPortIo;
  readonly handler: IceMuxHandler;
  readonly nowMs: () => MonotonicMs;
}): IceMux {
  throw new Error(`not yet: ${typeof options.ports}`);
}
