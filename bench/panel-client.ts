import { Agent, request } from 'node:http';

/** An answer and how long it took, over a connection that stands. */
export interface PanelAnswer {
  readonly status: number;
  readonly body: string;
  /** From the request being handed to the system until the whole answer was read. */
  readonly durationMs: number;
}

/** What is asked of the panel. */
export interface PanelRequest {
  readonly method: 'GET' | 'POST';
  /** Below the root of the interface, such as `/reservations`. */
  readonly path: string;
  /** Bearer token. */
  readonly token: string;
  readonly body?: unknown;
}

/** A program that uses the REST interface over a few connections that stay open. */
export class PanelClient {
  readonly #root: URL;
  readonly #agent: Agent;

  constructor(url: string, connections: number) {
    this.#root = new URL(url);
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
  }

  /** Asks and reads the whole answer. @throws when the connection breaks. */
  ask({ method, path, token, body }: PanelRequest): Promise<PanelAnswer> {
    const text = body === undefined ? '' : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const startMs = performance.now();
      const sent = request(
        {
          host: this.#root.hostname,
          port: this.#root.port,
          agent: this.#agent,
          method,
          path: `/api/v1${path}`,
          headers: {
            authorization: `Bearer ${token}`,
            ...(text === ''
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
          },
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.once('error', reject);
          response.once('end', () => {
            const durationMs = performance.now() - startMs;
            const answered = Buffer.concat(parts).toString('utf8');
            resolve({ status: response.statusCode ?? 0, body: answered, durationMs });
          });
        },
      );
      sent.once('error', reject);
      sent.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
