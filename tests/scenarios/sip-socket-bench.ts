import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import * as assert from 'uvu/assert';
import { openSipSockets } from '../../server/sip/sip-sockets.ts';
import type { SipSockets, SipSocketsOptions } from '../../server/sip/sip-sockets.ts';
import type { SocketLogEntry } from '../../server/sip/sip-sockets-options.ts';
import type { SipFlow, SipInput } from '../../server/sip/user-agent.ts';

export const HOST = '127.0.0.1';
export const MESSAGE =
  'OPTIONS sip:konfa@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1\r\nContent-Length: 4\r\n\r\nbody';

/** Sockets under test with what they hand over and log, and ways to wait for it. */
export class SocketBench {
  readonly inputs: SipInput[] = [];
  readonly lines: SocketLogEntry[] = [];
  sockets: SipSockets | null = null;
  #waiting: (() => void)[] = [];

  async open(options: Partial<SipSocketsOptions> = {}): Promise<SipSockets> {
    this.sockets = await openSipSockets({
      listen: [{ transport: 'tcp', host: HOST, port: 0 }],
      receive: (input) => {
        this.inputs.push(input);
        this.#wake();
      },
      log: (line) => {
        this.lines.push(line);
        this.#wake();
      },
      isTrusted: () => true,
      ...options,
    });
    return this.sockets;
  }

  /** Waits until `count` inputs have come. */
  async received(count: number): Promise<readonly SipInput[]> {
    await this.until(() => this.inputs.length >= count);
    return this.inputs;
  }

  /** Waits until `flow-closed` has come for a flow. */
  closed(flowId: string): Promise<void> {
    return this.until(() =>
      this.inputs.some((input) => input.type === 'flow-closed' && input.flow.flowId === flowId),
    );
  }

  /** Waits for a line of the log. Comes back with its facts. */
  async logged(message: string): Promise<SocketLogEntry['facts']> {
    let found: SocketLogEntry | undefined;
    await this.until(() => {
      found = this.lines.find((line) => line.message === message);
      return found !== undefined;
    });
    return found?.facts ?? {};
  }

  /** Waits for inputs and lines of the log until something holds. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  get port(): number {
    return this.sockets?.addresses[0]?.port ?? 0;
  }

  send(flow: SipFlow, text: string | Buffer): void {
    const { remoteHost: host, remotePort: port } = flow;
    const bytes = Buffer.from(text);
    this.sockets?.perform({ type: 'send', flow, host, port, bytes });
  }

  async close(): Promise<void> {
    await this.sockets?.close();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

export function textOf(input: SipInput | undefined): string {
  assert.ok(input?.type === 'received');
  return Buffer.from(input.bytes).toString();
}

export function flowOf(input: SipInput | undefined): SipFlow {
  assert.ok(input?.type === 'received');
  return input.flow;
}

export async function connected(port: number, host = HOST): Promise<Socket> {
  const socket = connect(port, host);
  await once(socket, 'connect');
  return socket;
}

/** A peer that listens. */
export async function listening(host = HOST): Promise<{ server: Server; port: number }> {
  const server = createServer();
  server.listen(0, host);
  await once(server, 'listening');
  return { server, port: portOf(server) };
}

export function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

/** The next octets of a connection, as many as wanted. */
export function read(socket: Socket, length: number): Promise<string> {
  return new Promise((resolve) => {
    let got = '';
    const take = (chunk: Buffer): void => {
      got += String(chunk);
      if (got.length < length) return;
      socket.off('data', take);
      socket.pause();
      resolve(got);
    };
    socket.on('data', take);
    socket.resume();
  });
}
