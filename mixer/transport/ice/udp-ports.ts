import type { MonotonicMs } from '../../protocol/units.ts';
import type { PacketSource } from './shared-port-io.ts';

/** A UDP packet as it came in, with the number of its path among the UDP paths. One object serves all. */
export interface UdpPacket {
  /** −1 for a source that was not kept. */
  path: number;
  bytes: Uint8Array;
  lengthBytes: number;
  atMs: MonotonicMs;
}

/** What came of binding one port. `reason` is for the log. */
export type BindOutcome =
  | { readonly result: 'bound'; readonly port: number; readonly warning: string | null }
  | { readonly result: 'failed'; readonly reason: string };

/** The UDP half of shared ports; what its calls mean stands at `SharedPortIo`. */
export interface UdpPorts {
  receive(handler: (packet: UdpPacket) => void): void;
  open(host: string, port: number, done: (outcome: BindOutcome) => void): void;
  source(): PacketSource;
  keep(): number;
  forget(path: number): void;
  send(path: number, packet: Uint8Array): void;
  drain(): void;
  flush(): void;
  close(): void;
}
