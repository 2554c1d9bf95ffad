import type { MediaAddress } from '../protocol/mixer-command.ts';
import type { MonotonicMs } from '../protocol/units.ts';

/** Number of a leg's slot in its worker. Slots are taken again after a leg has closed. */
export type LegIndex = number;

/** Which of a leg's two sockets. */
export type PacketKind = 'rtp' | 'rtcp';

/**
 * A packet as it came in. One object serves all packets of a `PacketIo`, so it holds only during the call that
 * delivers it. `bytes` belongs to the `PacketIo` too: what must stay is copied.
 */
export interface ReceivedPacket {
  legIndex: LegIndex;
  kind: PacketKind;
  bytes: Uint8Array;
  lengthBytes: number;
  sourceHost: string;
  sourcePort: number;
  atMs: MonotonicMs;
}

/** Where packets go that came in. */
export type PacketHandler = (packet: ReceivedPacket) => void;

/** What came of binding a leg's two ports. `reason` is for the log. */
export type OpenOutcome =
  { readonly result: 'ok' } | { readonly result: 'port-taken' | 'failed'; readonly reason: string };

/** What is needed to bind a leg's sockets: RTP on `port`, RTCP on `port + 1`. */
export interface OpenRequest {
  readonly legIndex: LegIndex;
  readonly host: string;
  readonly port: number;
  /** `parked`: those that another worker has just parked there, if they are still to be had; new ones otherwise. */
  readonly sockets: 'new' | 'parked';
  readonly done: (outcome: OpenOutcome) => void;
}

/** Who a leg's RTP socket listens to. */
export type ListensTo = 'everybody' | 'destination-only';

/**
 * All packet input and output of a worker. Nothing above knows sockets: a batch in native code or a network in
 * memory can stand here instead. Calls for a leg that is not open do nothing.
 */
export interface PacketIo {
  /** Where all received packets go. Called once, before the first `open`. */
  receive(handler: PacketHandler): void;
  /** Binds both ports or none. `done` may be called before `open` returns. */
  open(request: OpenRequest): void;
  /** Packets of this kind go there from now on. An address that nothing can be sent to silences the socket. */
  setDestination(legIndex: LegIndex, kind: PacketKind, destination: MediaAddress): void;
  /** `destination-only` makes sending cheaper, but a peer that moves is not heard: see `SymmetricRtp`. */
  setListensTo(legIndex: LegIndex, listensTo: ListensTo): void;
  /** Sends all of `packet`. The bytes are the caller's again when the call returns. Failures are not reported. */
  send(legIndex: LegIndex, kind: PacketKind, packet: Uint8Array): void;
  /** Frees both ports before it returns. */
  close(legIndex: LegIndex): void;
  /**
   * Gives up both sockets for another worker's `open`, with what waits in them. An implementation that cannot pass
   * sockets between threads closes them, so what comes until they are bound again is lost.
   */
  park(legIndex: LegIndex): void;
  /** Delivers what has come since the last call, for implementations that do not deliver by themselves. */
  drain(): void;
  /** Sends what `send` has kept, for implementations that send in batches. */
  flush(): void;
}
