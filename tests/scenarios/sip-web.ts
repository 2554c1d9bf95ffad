import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import WebSocket from 'ws';
import { drive } from '../../server/runtime/drive.ts';
import type { Drive } from '../../server/runtime/drive.ts';
import { systemClock } from '../../server/runtime/clock.ts';
import type { Clock } from '../../server/runtime/clock.ts';
import { systemRandom } from '../../server/runtime/random.ts';
import { createSipEndpoint } from '../../server/sip/endpoint.ts';
import type { SipEndpoint, SipEndpointOptions } from '../../server/sip/endpoint.ts';
import type { SipAction, SipCommand, SipEvent, SipInput } from '../../server/sip/user-agent.ts';
import { createWebSocketTransport } from '../../server/sip/websocket-transport.ts';
import type {
  WebSocketTransport,
  WebSocketTransportOptions,
} from '../../server/sip/websocket-transport.ts';

const HOST = '127.0.0.1';
/** Pages of this origin may connect, and programs. */
export const ORIGIN = 'https://konfa.example';

/** The server's side of SIP over WebSocket on a real port: HTTP server, transport and endpoint. Calls are the test's. */
export class SipWeb {
  readonly transport: WebSocketTransport;
  readonly endpoint: SipEndpoint;
  readonly events: SipEvent[] = [];
  readonly logs: Extract<SipAction, { type: 'log' }>[] = [];
  /** Address that upgrades seem to come from. */
  remoteAddress = HOST;
  readonly #server: Server;
  readonly #drive: Drive<SipInput>;
  #wake: (() => void)[] = [];

  private constructor(
    server: Server,
    options: Partial<WebSocketTransportOptions & SipEndpointOptions>,
  ) {
    this.#server = server;
    const log = (entry: Extract<SipAction, { type: 'log' }>): void => {
      this.logs.push(entry);
    };
    this.endpoint = createSipEndpoint({
      random: systemRandom,
      isTrusted: () => false,
      userAgent: 'Konfa/test',
      ...options,
    });
    this.transport = createWebSocketTransport({
      receive: (input) => this.#drive.feed(input),
      log,
      clock: systemClock,
      isAllowedOrigin: (origin) => origin === null || origin === ORIGIN,
      maxConnections: 2000,
      connectionsPerAddress: 2000,
      messagesPerSecond: 50,
      ...options,
    });
    this.#drive = drive(this.endpoint, systemClock, (action) => {
      if (action.type === 'send') this.transport.send(action);
      else if (action.type === 'close-flow') this.transport.closeFlow(action.flow);
      else if (action.type === 'log') log(action);
      else this.#event(action.event);
    });
    server.on('upgrade', (request, socket, head) => {
      const { remotePort = 0 } = request.socket;
      const { remoteAddress } = this;
      this.transport.accept({ request, socket, head, remoteAddress, remotePort, scheme: 'ws' });
    });
  }

  static async open(
    options: Partial<WebSocketTransportOptions & SipEndpointOptions> = {},
  ): Promise<SipWeb> {
    const server = createServer();
    server.listen(0, HOST);
    await once(server, 'listening');
    return new SipWeb(server, options);
  }

  get url(): string {
    return `ws://${HOST}:${this.port}/sip`;
  }

  get port(): number {
    const address = this.#server.address() as AddressInfo;
    return address.port;
  }

  command(command: SipCommand): void {
    this.#drive.feed({ type: 'command', command });
  }

  /** Answers what waits. */
  answer(dialogId: string, sdp: string): void {
    this.command({ type: 'answer', dialogId, sdp, localHost: HOST });
  }

  /** Waits for the next event of a type that the test has not looked at. */
  async event<Type extends SipEvent['type']>(
    type: Type,
  ): Promise<Extract<SipEvent, { type: Type }>> {
    for (let left = 10_000; left > 0; left -= 1) {
      const at = this.events.findIndex((event) => event.type === type);
      const [event] = at === -1 ? [] : this.events.splice(at, 1);
      if (event !== undefined) return event as Extract<SipEvent, { type: Type }>;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
    throw new Error(`no ${type} came`);
  }

  /** Waits until the server too knows that only so many connections are left. */
  async connectionsBecome(count: number): Promise<void> {
    for (let left = 100_000; left > 0 && this.transport.connections !== count; left -= 1) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    if (this.transport.connections !== count) throw new Error('connections are left over');
  }

  /** A client that is connected. */
  async connect(options: { readonly origin?: string } = {}): Promise<WebClient> {
    const socket = new WebSocket(this.url, 'sip', { origin: options.origin });
    const client = new WebClient(socket);
    await once(socket, 'open');
    return client;
  }

  /** The status that an upgrade is refused with. */
  async refusedWith(
    protocols: string[],
    headers: Readonly<Record<string, string>> = {},
  ): Promise<number> {
    const socket = new WebSocket(this.url, protocols, { headers });
    socket.on('error', () => {});
    const [, response] = (await once(socket, 'unexpected-response')) as [
      unknown,
      { statusCode: number },
    ];
    socket.terminate();
    return response.statusCode;
  }

  async close(): Promise<void> {
    await this.transport.close();
    this.#drive.stop();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #event(event: SipEvent): void {
    this.events.push(event);
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** A WebSocket client that keeps what it receives, as a plain program would. */
export class WebClient {
  readonly socket: WebSocket;
  readonly messages: { readonly text: string; readonly frameType: 'text' | 'binary' }[] = [];
  /** Code of the close frame, once it has come. */
  readonly closed: Promise<number>;
  #wake: (() => void)[] = [];

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data, isBinary) => {
      if (!Buffer.isBuffer(data)) return;
      this.messages.push({ text: data.toString('utf8'), frameType: isBinary ? 'binary' : 'text' });
      for (const wake of this.#wake.splice(0)) wake();
    });
  }

  /** Takes the first message that begins so. */
  async message(start: string): Promise<string> {
    for (let left = 10_000; left > 0; left -= 1) {
      const at = this.messages.findIndex(({ text }) => text.startsWith(start));
      const [found] = at === -1 ? [] : this.messages.splice(at, 1);
      if (found !== undefined) return found.text;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
    throw new Error(`no ${start} came`);
  }
}

/** A request as a plain RFC 7118 client writes it: a name that leads nowhere in Via and Contact. */
export function webRequest(parts: {
  readonly method: string;
  readonly branch: string;
  readonly cseq: number;
  readonly callId?: string;
  readonly toTag?: string;
  readonly lines?: readonly string[];
  readonly body?: string;
}): string {
  const { method, body = '', toTag } = parts;
  return [
    `${method} sip:90801@konfa.example SIP/2.0`,
    `Via: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK${parts.branch}`,
    'Max-Forwards: 70',
    'From: <sip:guest@konfa.example>;tag=guest1',
    `To: <sip:90801@konfa.example>${toTag === undefined ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${parts.callId ?? 'web-call-1'}`,
    `CSeq: ${parts.cseq} ${method}`,
    'Contact: <sip:guest@df7jal23ls0d.invalid;transport=ws>',
    ...(parts.lines ?? []),
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** A clock that stands until the test moves it. */
export class HandClock implements Clock {
  #nowMs = 0;
  readonly #due = new Set<{ readonly atMs: number; readonly run: () => void }>();

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallclockMs(): number {
    return this.#nowMs;
  }

  schedule(atMs: number, run: () => void): () => void {
    const entry = { atMs, run };
    this.#due.add(entry);
    return () => this.#due.delete(entry);
  }

  advance(byMs: number): void {
    this.#nowMs += byMs;
    for (const entry of [...this.#due]) {
      if (entry.atMs > this.#nowMs) continue;
      this.#due.delete(entry);
      entry.run();
    }
  }
}
