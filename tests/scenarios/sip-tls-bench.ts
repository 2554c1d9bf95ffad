import { once } from 'node:events';
import type { Server } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import type { ConnectionOptions, TlsOptions, TLSSocket } from 'node:tls';
import { outboundFlow } from '../../server/sip/outbound-flow.ts';
import type { SipListen } from '../../server/sip/sip-sockets-options.ts';
import type { SipFlow } from '../../server/sip/user-agent.ts';
import type { TestCertificate } from '../support/test-authority.ts';
import { HOST, portOf } from './sip-socket-bench.ts';

/** What the carrier's certificate bears, and the trunk that leads there. */
export const NAME = 'sip.carrier.test';
export const TRUNK = 'carrier';
export const UDP_ONLY: readonly SipListen[] = [{ transport: 'udp', host: HOST, port: 0 }];

/** A listener for TLS. */
export function tlsListener(
  certificate: TestCertificate,
  clientCaFile: string | null = null,
): SipListen {
  const { certFile, keyFile } = certificate;
  return { transport: 'tls', host: HOST, port: 0, certFile, keyFile, clientCaFile };
}

/** A carrier that listens for TLS. */
export async function carrier(
  options: TlsOptions,
  hear: (socket: TLSSocket) => void = () => {},
): Promise<{ server: Server; flow: SipFlow }> {
  const server = createTlsServer({ ...options }, (socket) => {
    socket.on('error', () => {});
    hear(socket);
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  return { server, flow: flowTo(portOf(server), TRUNK) };
}

/** A flow of ours by TLS, to be known as `NAME`. */
export function flowTo(port: number, trunk: string): SipFlow {
  const tls = { serverName: NAME, trunk };
  return outboundFlow({ transport: 'tls', host: HOST, port, localPort: 0, tls });
}

/** A phone that calls in by TLS. Comes back when its handshake is done, or has failed. */
export async function phone(port: number, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connectTls({ port, host: HOST, ...options });
  socket.on('error', () => {});
  await new Promise<void>((resolve) => {
    socket.once('secureConnect', resolve);
    socket.once('close', () => resolve());
  });
  return socket;
}
