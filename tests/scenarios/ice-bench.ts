import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { connect } from 'node:net';
import type { Socket as TcpSocket } from 'node:net';
import { createIceMux } from '../../mixer/transport/ice/ice-mux.ts';
import type { IceMux } from '../../mixer/transport/ice/ice-mux.ts';
import { createNativeSharedPorts } from '../../mixer/transport/ice/native-shared-ports.ts';
import { createNodeSharedPorts } from '../../mixer/transport/ice/node-shared-ports.ts';
import type { SharedPortIo } from '../../mixer/transport/ice/shared-port-io.ts';
import { framed, StreamFramer } from '../../mixer/transport/ice/stream-framer.ts';
import type { LocalCandidate } from '../../mixer/protocol/media-security.ts';
import type { SharedPort } from '../../mixer/protocol/mixer-command.ts';

type Clock = () => number;
type Create = (clock?: Clock) => SharedPortIo;

const nowMs: Clock = () => performance.now();

function credentials(name: string) {
  const mine = { localUfrag: name, localPassword: `password-of-${name}` };
  return { ...mine, remoteUfrag: 'peer', remotePassword: 'none' };
}

/** Both implementations, and the native one only where it was built. */
export function implementations(): [string, Create][] {
  const both: [string, Create][] = [['node', (clock = nowMs) => createNodeSharedPorts(clock)]];
  const native = createNativeSharedPorts(nowMs);
  native?.close();
  if (native !== null)
    both.push(['native', (clock = nowMs) => createNativeSharedPorts(clock) ?? native]);
  return both;
}

/** A mux on real ports, with what it told. Its owner closes it. */
export class IceBench {
  readonly mux: IceMux;
  readonly told: string[] = [];
  candidates: readonly LocalCandidate[] = [];
  failures: readonly string[] = [];

  /** `clock` is the one that the ports were made with. */
  constructor(ports: SharedPortIo, clock: Clock = nowMs) {
    this.mux = createIceMux({
      ports,
      nowMs: clock,
      handler: {
        media: ({ legIndex, lengthBytes }) => this.told.push(`media ${legIndex} ${lengthBytes}`),
        dtls: ({ legIndex, lengthBytes }) => this.told.push(`dtls ${legIndex} ${lengthBytes}`),
        path: (legIndex, transport) => this.told.push(`path ${legIndex} ${transport}`),
      },
    });
  }

  async open(ports: readonly SharedPort[]): Promise<void> {
    await new Promise<void>((done) => {
      this.mux.open(ports, (candidates, failures) => {
        this.candidates = candidates;
        this.failures = failures;
        done();
      });
    });
  }

  add(legIndex: number, name: string): void {
    this.mux.add(legIndex, credentials(name), nowMs());
  }

  restart(legIndex: number, name: string): void {
    this.mux.update(legIndex, credentials(name), nowMs());
  }

  /** Ticks until something is true, for two seconds at most. */
  async until(isTrue: () => boolean): Promise<void> {
    const limitMs = nowMs() + 2000;
    while (!isTrue()) {
      if (nowMs() > limitMs) throw new Error(`still not so; told: ${this.told.join(', ')}`);
      await this.tick();
    }
  }

  async tick(): Promise<void> {
    this.mux.drain();
    this.mux.flush();
    await new Promise((next) => setTimeout(next, 1));
  }
}

/** A peer with a UDP socket. */
export class UdpPeer {
  readonly got: Buffer[] = [];
  readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('message', (bytes) => this.got.push(bytes));
  }

  static async open(host: string): Promise<UdpPeer> {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    await new Promise<void>((bound) => socket.bind(0, host, bound));
    return new UdpPeer(socket);
  }

  send(bytes: Uint8Array, to: LocalCandidate): void {
    this.socket.send(bytes, to.port, to.host);
  }
}

/** A peer with a TCP connection, packets in frames. */
export class TcpPeer {
  readonly got: Buffer[] = [];
  readonly socket: TcpSocket;
  closed = false;

  private constructor(socket: TcpSocket) {
    this.socket = socket;
    const framer = new StreamFramer();
    socket.on('data', (chunk: Buffer) =>
      framer.push(chunk, (bytes, lengthBytes) => {
        this.got.push(Buffer.from(bytes.subarray(0, lengthBytes)));
      }),
    );
    socket.on('error', () => {});
    socket.on('close', () => (this.closed = true));
  }

  static async open(to: LocalCandidate): Promise<TcpPeer> {
    const socket = connect(to.port, to.host);
    await new Promise<void>((open) => socket.once('connect', open));
    return new TcpPeer(socket);
  }

  send(bytes: Uint8Array): void {
    this.socket.write(framed(bytes));
  }
}
