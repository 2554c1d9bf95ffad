import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { isIP } from 'node:net';
import type { MediaAddress } from '../protocol/mixer-command.ts';
import type { MonotonicMs } from '../protocol/units.ts';
import { literalOnly } from './literal-lookup.ts';
import type {
  LegIndex,
  ListensTo,
  OpenOutcome,
  OpenRequest,
  PacketHandler,
  PacketIo,
  PacketKind,
  ReceivedPacket,
} from './packet-io.ts';

/** Room for about 300 packets of 20 ms: six seconds, far beyond what the mixer ever leaves unread. */
const RECEIVE_BUFFER_BYTES = 256 * 1024;

/** One bound socket and where its packets go. Port 0: nowhere. */
interface Port {
  readonly socket: Socket;
  host: string;
  port: number;
  connected: boolean;
}

type LegPorts = Readonly<Record<PacketKind, Port>>;

/** Packet input and output over `node:dgram`: two sockets for each leg, no callback and no closure for a packet. */
export class NodePacketIo implements PacketIo {
  readonly #nowMs: () => MonotonicMs;
  readonly #legs: (LegPorts | undefined)[] = [];
  readonly #packet: ReceivedPacket = {
    legIndex: 0,
    kind: 'rtp',
    bytes: new Uint8Array(0),
    lengthBytes: 0,
    sourceHost: '',
    sourcePort: 0,
    atMs: 0,
  };
  #handler: PacketHandler = () => {};

  constructor(nowMs: () => MonotonicMs) {
    this.#nowMs = nowMs;
  }

  receive(handler: PacketHandler): void {
    this.#handler = handler;
  }

  open(request: OpenRequest): void {
    const { legIndex, host, port, done } = request;
    if (isIP(host) === 0 || !isPort(port) || !isPort(port + 1)) {
      done({ result: 'failed', reason: 'not a literal address and a port below 65535' });
      return;
    }
    const ports = { rtp: createPort(host), rtcp: createPort(host) };
    const fail = (error: NodeJS.ErrnoException): void => {
      ports.rtp.socket.close();
      ports.rtcp.socket.close();
      done(outcomeOf(error));
    };
    bind(ports.rtp.socket, { host, port, fail }, () => {
      bind(ports.rtcp.socket, { host, port: port + 1, fail }, () => {
        this.#legs[legIndex] = ports;
        this.#listen(legIndex, 'rtp', ports.rtp.socket);
        this.#listen(legIndex, 'rtcp', ports.rtcp.socket);
        done({ result: 'ok' });
      });
    });
  }

  setDestination(legIndex: LegIndex, kind: PacketKind, destination: MediaAddress): void {
    const port = this.#legs[legIndex]?.[kind];
    if (port === undefined) return;
    disconnect(port);
    port.host = destination.host;
    port.port = isReachable(destination) ? destination.port : 0;
  }

  setListensTo(legIndex: LegIndex, listensTo: ListensTo): void {
    const port = this.#legs[legIndex]?.rtp;
    if (port === undefined) return;
    disconnect(port);
    if (listensTo === 'everybody' || port.port === 0) return;
    port.socket.connect(port.port, port.host);
    port.connected = true;
  }

  send(legIndex: LegIndex, kind: PacketKind, packet: Uint8Array): void {
    const port = this.#legs[legIndex]?.[kind];
    if (port === undefined || port.port === 0) return;
    if (port.connected) port.socket.send(packet);
    else port.socket.send(packet, port.port, port.host);
  }

  /** Node passes no socket to another thread: the ports are free until they are bound again. */
  park(legIndex: LegIndex): void {
    this.close(legIndex);
  }

  close(legIndex: LegIndex): void {
    const ports = this.#legs[legIndex];
    if (ports === undefined) return;
    this.#legs[legIndex] = undefined;
    // The descriptors are closed inside these calls: both ports can be bound again at once, by another thread too.
    ports.rtp.socket.close();
    ports.rtcp.socket.close();
  }

  drain(): void {
    // Node delivers packets as events.
  }

  flush(): void {
    // Every packet was sent at once.
  }

  #listen(legIndex: LegIndex, kind: PacketKind, socket: Socket): void {
    const packet = this.#packet;
    socket.on('message', (bytes, source) => {
      packet.legIndex = legIndex;
      packet.kind = kind;
      packet.bytes = bytes;
      packet.lengthBytes = bytes.length;
      packet.sourceHost = source.address;
      packet.sourcePort = source.port;
      packet.atMs = this.#nowMs();
      this.#handler(packet);
    });
    // A peer's closed port comes back as an error of the socket (ICMP). The RTP timeout deals with peers that are gone.
    socket.on('error', () => {});
  }
}

function createPort(host: string): Port {
  const socket = createSocket({
    type: isIP(host) === 6 ? 'udp6' : 'udp4',
    lookup: literalOnly,
    recvBufferSize: RECEIVE_BUFFER_BYTES,
  });
  return { socket, host: '', port: 0, connected: false };
}

/** Binds a socket that is new. */
function bind(
  socket: Socket,
  to: MediaAddress & { readonly fail: (error: NodeJS.ErrnoException) => void },
  bound: () => void,
): void {
  socket.once('error', to.fail);
  socket.bind({ address: to.host, port: to.port, exclusive: true }, () => {
    socket.off('error', to.fail);
    bound();
  });
}

function disconnect(port: Port): void {
  if (port.connected) port.socket.disconnect();
  port.connected = false;
}

function outcomeOf(error: NodeJS.ErrnoException): OpenOutcome {
  const taken = error.code === 'EADDRINUSE';
  return { result: taken ? 'port-taken' : 'failed', reason: error.code ?? error.message };
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536;
}

/** The unspecified address, however it is written, stands for hold (RFC 2543); the kernel takes it for this machine. */
function isReachable(address: MediaAddress): boolean {
  if (isIP(address.host) === 0 || !isPort(address.port)) return false;
  return !/^[0.:]+$/.test(address.host);
}
