import { request as httpRequest } from 'node:http';
import type { Agent, IncomingHttpHeaders } from 'node:http';

/** An answer over HTTP. */
export interface PanelAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; an empty object when it is none. */
  readonly json: Record<string, unknown>;
  /** `Set-Cookie` lines. */
  readonly cookies: readonly string[];
}

/** What is sent besides method and path. `body` is sent as JSON, `raw` as it is. */
export interface PanelAsk {
  readonly body?: unknown;
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One browser, or one program: keeps its cookies and sends its CSRF token with what changes something. */
export class PanelClient {
  readonly cookies = new Map<string, string>();
  /** Every value that a cookie of this browser ever had. */
  readonly everyCookie: string[] = [];
  csrfToken: string | null = null;
  bearer: string | null = null;
  readonly #origin: string;
  readonly #agent: Agent;

  constructor(origin: string, agent: Agent) {
    this.#origin = origin;
    this.#agent = agent;
  }

  /** Sends a request to this path as it is written; headers given take the place of the usual ones. */
  async ask(method: string, path: string, ask: PanelAsk = {}): Promise<PanelAnswer> {
    const body = ask.raw ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body));
    const headers = { ...this.#usualHeaders(method, body), ...ask.headers };
    const answer = await this.#send({ method, path, headers, body });
    for (const line of answer.cookies) this.#keep(line);
    if (typeof answer.json['csrfToken'] === 'string') this.csrfToken = answer.json['csrfToken'];
    return answer;
  }

  /** The same below `/api/v1`. */
  api(method: string, path: string, ask: PanelAsk = {}): Promise<PanelAnswer> {
    return this.ask(method, `/api/v1${path}`, ask);
  }

  #usualHeaders(method: string, body: string | Buffer | undefined): Record<string, string> {
    const cookies = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const isChange = method !== 'GET' && method !== 'HEAD';
    return {
      ...(this.bearer === null ? {} : { authorization: `Bearer ${this.bearer}` }),
      ...(this.bearer !== null || cookies === '' ? {} : { cookie: cookies }),
      ...(this.csrfToken === null || !isChange ? {} : { 'x-csrf-token': this.csrfToken }),
      ...(body === undefined
        ? {}
        : {
            'content-type': 'application/json',
            'content-length': String(Buffer.byteLength(body)),
          }),
    };
  }

  #send(sent: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | Buffer | undefined;
  }): Promise<PanelAnswer> {
    const { hostname, port } = new URL(this.#origin);
    const { method, path, headers, body } = sent;
    const options = { hostname, port, method, path, headers, agent: this.#agent };
    return new Promise((resolve, reject) => {
      const request = httpRequest(options, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          const cookies = answer.headers['set-cookie'] ?? [];
          const json = jsonOf(answer.headers['content-type'], text);
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text,
            json,
            cookies,
          });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/u.exec(line) ?? [];
    if (value === '') this.cookies.delete(name);
    else {
      this.cookies.set(name, value);
      this.everyCookie.push(value);
    }
  }
}

function jsonOf(contentType: string | undefined, text: string): Record<string, unknown> {
  if (text === '' || !/\bjson\b/u.test(contentType ?? '')) return {};
  return JSON.parse(text) as Record<string, unknown>;
}
