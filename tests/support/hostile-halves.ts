import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { pause } from './phone-media.ts';

/** Paths of WebSockets, and what a request for each has besides. */
const PROTOCOLS = { '/sip': 'Sec-WebSocket-Protocol: sip\r\n', '/live': '' } as const;

/** Either WebSocket of the server. */
export type WebSocketPath = keyof typeof PROTOCOLS;

/** A connection that asks for a WebSocket and says nothing more. */
export class Half {
  readonly socket: Socket;
  status = 0;
  endedAtMs: number | null = null;

  constructor(url: string, path: WebSocketPath, localAddress: string) {
    const { hostname, port, host } = new URL(url);
    this.socket = connect({ host: hostname, port: Number(port), localAddress });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => (this.endedAtMs = performance.now()));
    this.socket.on('data', (data) => {
      if (this.status === 0) this.status = Number(data.toString('latin1').slice(9, 12));
    });
    this.socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${PROTOCOLS[path]}\r\n`,
    );
  }
}

/** Opens many from a few addresses, and waits until each was answered. */
export async function openHalves(
  url: string,
  path: WebSocketPath,
  plan: { readonly count: number; readonly addresses: number },
): Promise<readonly Half[]> {
  const { count, addresses } = plan;
  const all: Half[] = [];
  for (let made = 0; made < count; made += 1) {
    all.push(new Half(url, path, `127.0.2.${1 + (made % addresses)}`));
    if (made % 20 === 0) await pause(5);
  }
  await until(() => all.every(({ status, endedAtMs }) => status !== 0 || endedAtMs !== null), 8000);
  return all;
}

/** How many got which status. */
export function tally(all: readonly Half[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of all) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Waits until something holds. @throws when it does not in time. */
export async function until(holds: () => boolean, withinMs: number): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!holds() && performance.now() < endMs) await pause(20);
  if (!holds()) throw new Error(`it does not hold within ${withinMs} ms`);
}
