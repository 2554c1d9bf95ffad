import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { lookup } from 'node:dns';
import { isIP, isIPv6 } from 'node:net';
import { plainHost } from '../runtime/literal-address.ts';
import type { AddressFamily } from '../runtime/literal-address.ts';
import type { SocketLogEntry } from './sip-sockets-options.ts';
import type { SipAction, SipFlow, SipInput } from './user-agent.ts';

/** A bound UDP socket for SIP. */
export interface UdpTransport {
  readonly host: string;
  readonly port: number;
  readonly flowId: string;
  readonly family: AddressFamily;
  /** A packet that cannot leave at all is told as `send-failed`. */
  send(action: Extract<SipAction, { type: 'send' }>): void;
  /** What an address translator on the way needs to remember us: CRLF CRLF. Whether it leaves is nobody's concern. */
  ping(host: string, port: number): void;
  close(): Promise<void>;
}

/** What a UDP socket needs to know. */
export interface UdpTransportOptions {
  readonly host: string;
  readonly port: number;
  /** Names the socket in flows. */
  readonly flowId: string;
  readonly receive: (input: SipInput) => void;
  /** A packet could not leave. `code` is the system's. */
  readonly unsent: (remoteHost: string, code: string) => void;
  readonly log: (entry: SocketLogEntry) => void;
}

/** Room for bursts: at 300 calls per second a pause of one second brings about 1 MB. The system may grant less. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
/** A whole queue and the like: the packet is lost as others are, and sent again by its transaction. */
const PASSING = new Set(['EAGAIN', 'ENOBUFS', 'ENOMEM', 'EINTR']);
const PING = Buffer.from('\r\n\r\n', 'latin1');

/**
 * Binds a UDP socket for SIP. `::` takes IPv6 only, so that it can stand beside `0.0.0.0`.
 * @throws the system's error when it cannot be bound.
 */
export function openUdpTransport(options: UdpTransportOptions): Promise<UdpTransport> {
  const family = isIPv6(options.host) ? 'ipv6' : 'ipv4';
  const socket = createSocket({
    type: family === 'ipv6' ? 'udp6' : 'udp4',
    ipv6Only: family === 'ipv6',
    recvBufferSize: RECEIVE_BUFFER_BYTES,
    // Addresses need no looking up. So packets leave at once, even when the socket is closed right after.
    lookup: (name, options, callback) => {
      const kind = isIP(name);
      if (kind === 0) lookup(name, options, callback);
      else callback(null, name, kind);
    },
  });
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address: options.host, port: options.port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(runUdpTransport(socket, family, options));
    });
  });
}

function runUdpTransport(
  socket: Socket,
  family: AddressFamily,
  options: UdpTransportOptions,
): UdpTransport {
  const { address: host, port: localPort } = socket.address();
  const { flowId, receive, unsent, log } = options;
  // Errors of a UDP socket are about single packets: it goes on.
  socket.on('error', ({ message: error }) =>
    log({ type: 'log', level: 'warn', message: 'udp socket failed', facts: { flowId, error } }),
  );
  socket.on('message', (bytes, { address, port: remotePort }) => {
    const remoteHost = address.startsWith('::ffff:') ? plainHost(address) : address;
    const flow: SipFlow = { transport: 'udp', flowId, remoteHost, remotePort, localPort };
    receive({ type: 'received', flow, bytes });
  });
  return {
    host,
    port: localPort,
    flowId,
    family,
    send: ({ flow, host: toHost, port, bytes }) => {
      socket.send(bytes, port, toHost, (error) => {
        if (error === null) return;
        const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
        unsent(toHost, code);
        if (PASSING.has(code)) return;
        receive({ type: 'send-failed', flow, host: toHost, port, bytes });
      });
    },
    ping: (toHost, port) => socket.send(PING, port, toHost, () => {}),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
