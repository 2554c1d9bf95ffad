import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { loadPacketBatch, NativePacketIo } from '../../mixer/transport/native-packet-io.ts';
import { NodePacketIo } from '../../mixer/transport/node-packet-io.ts';
import type { OpenOutcome, PacketIo } from '../../mixer/transport/packet-io.ts';

/** What a mixer got, copied out of the packet that serves all. */
interface Got {
  readonly legIndex: number;
  readonly kind: string;
  readonly text: string;
  readonly sourceHost: string;
  readonly sourcePort: number;
}

/** One implementation with what it delivered, and a peer on a socket of Node's own. */
export class PacketBench {
  readonly io: PacketIo;
  readonly got: Got[] = [];
  readonly peer: Socket;
  readonly peerGot: string[] = [];

  private constructor(io: PacketIo, peer: Socket) {
    this.io = io;
    this.peer = peer;
    peer.on('message', (bytes) => this.peerGot.push(bytes.toString()));
    io.receive((packet) => {
      this.got.push({
        legIndex: packet.legIndex,
        kind: packet.kind,
        text: Buffer.from(packet.bytes.subarray(0, packet.lengthBytes)).toString(),
        sourceHost: packet.sourceHost,
        sourcePort: packet.sourcePort,
      });
    });
  }

  static async open(io: PacketIo, host = '127.0.0.1'): Promise<PacketBench> {
    const peer = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    await new Promise<void>((resolve, reject) => {
      peer.once('error', reject).bind(0, host, resolve);
    });
    return new PacketBench(io, peer);
  }

  openLeg(legIndex: number, host: string, port: number): Promise<OpenOutcome> {
    return new Promise((done) => {
      this.io.open({ legIndex, host, port, sockets: 'new', done });
    });
  }

  takeOverLeg(legIndex: number, host: string, port: number): Promise<OpenOutcome> {
    return new Promise((done) => {
      this.io.open({ legIndex, host, port, sockets: 'parked', done });
    });
  }

  fromPeer(text: string, port: number, host = '127.0.0.1'): Promise<void> {
    return new Promise((resolve) => {
      this.peer.send(text, port, host, () => resolve());
    });
  }

  /** Turns the event loop, draining, until something is so. @throws when it is not within 2 s. */
  async until(isSo: () => boolean): Promise<void> {
    for (let turn = 0; turn < 400; turn += 1) {
      this.io.drain();
      if (isSo()) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error('nothing of the kind within 2 s');
  }

  close(...legs: readonly number[]): void {
    for (const leg of legs) this.io.close(leg);
    this.peer.close();
  }
}

const nowMs = (): number => performance.now();
const batch = loadPacketBatch();

/** Makes the native implementation; null where the add-on is not built. */
export const createNative =
  batch === null ? null : (): NativePacketIo => new NativePacketIo(batch, nowMs);

/** Every implementation that works on this machine, by name. */
export const IMPLEMENTATIONS: readonly (readonly [string, () => PacketIo])[] = [
  ['dgram', () => new NodePacketIo(nowMs)],
  ...(createNative === null ? [] : [['native', createNative] as const]),
];
