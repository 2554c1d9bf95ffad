import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { lookup } from 'node:dns';
import { isIP, isIPv6 } from 'node:net';
import type { SipAction, SipInput } from './user-agent.ts';

/** A bound UDP socket for SIP. */
export interface UdpTransport {
  readonly host: string;
  readonly port: number;
  readonly flowId: string;
  readonly family: 'IPv4' | 'IPv6';
  send(host: string, port: number, bytes: Uint8Array): void;
  close(): Promise<void>;
}

/** What a UDP socket needs to know. */
export interface UdpTransportOptions {
  readonly host: string;
  readonly port: number;
  /** Names the socket in flows. */
  readonly flowId: string;
  readonly receive: (input: SipInput) => void;
  readonly log: (entry: Extract<SipAction, { type: 'log' }>) => void;
}

/** Room for bursts: at 300 calls per second a pause of one second brings about 1 MB. The system may grant less. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/**
 * Binds a UDP socket for SIP. `::` takes IPv6 only, so that it can stand beside `0.0.0.0`.
 * @throws the system's error when it cannot be bound.
 */
export function openUdpTransport(options: UdpTransportOptions): Promise<UdpTransport> {
  const family = isIPv6(options.host) ? 'IPv6' : 'IPv4';
  const socket = createSocket({
    type: family === 'IPv6' ? 'udp6' : 'udp4',
    ipv6Only: family === 'IPv6',
    recvBufferSize: RECEIVE_BUFFER_BYTES,
    // Addresses need no looking up. So packets leave at once, even when the socket is closed right after.
    lookup: (name, options, callback) => {
      if (isIP(name) === 0) lookup(name, options, callback);
      else callback(null, name, isIP(name));
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
  family: 'IPv4' | 'IPv6',
  options: UdpTransportOptions,
): UdpTransport {
  const { address: host, port: localPort } = socket.address();
  const { flowId } = options;
  const failed = (message: string, error: Error): void =>
    options.log({ type: 'log', level: 'warn', message, facts: { flowId, error: error.message } });
  // Errors of a UDP socket are about single packets: it goes on.
  socket.on('error', (error) => failed('udp socket failed', error));
  socket.on('message', (bytes, remote) => {
    const flow = {
      transport: 'udp',
      flowId,
      remoteHost: remote.address,
      remotePort: remote.port,
      localPort,
    } as const;
    options.receive({ type: 'received', flow, bytes });
  });
  return {
    host,
    port: localPort,
    flowId,
    family,
    send: (toHost, toPort, bytes) => {
      socket.send(bytes, toPort, toHost, (error) => {
        if (error !== null) failed('udp packet not sent', error);
      });
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
