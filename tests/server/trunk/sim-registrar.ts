import { createHash } from 'node:crypto';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { canonicalHeaderName } from '../../../server/sip/header-name.ts';
import type { Destination, Located } from '../../../server/sip/locate/locate.ts';
import type { HeaderLine } from '../../../server/sip/message-writer.ts';
import { SipHeaders } from '../../../server/sip/message.ts';
import type { SipResponse } from '../../../server/sip/message.ts';
import { outboundFlow } from '../../../server/sip/outbound-flow.ts';
import type { ClientRequest } from '../../../server/sip/outgoing-call.ts';
import type { Registration } from '../../../server/trunk/registration.ts';
import type { Route, TrunkAction, TrunkInput } from '../../../server/trunk/trunk-core.ts';

/** A response as the transaction layer hands it over. */
export function reply(status: number, lines: readonly HeaderLine[] = [], phrase = ''): SipResponse {
  const headers = new SipHeaders();
  for (const [name, value] of lines) headers.append(canonicalHeaderName(name), value);
  return { kind: 'response', status, reasonPhrase: phrase, headers, body: new Uint8Array(0) };
}

/** A destination of rank 0. */
export function at(host: string, parts: Partial<Destination> = {}): Destination {
  return {
    transport: 'udp',
    host,
    port: 5060,
    serverName: 'sip.example.net',
    machine: host,
    rank: 0,
    weight: 0,
    ...parts,
  };
}

/** What the DNS says. */
export function found(...destinations: readonly Destination[]): Located {
  return { type: 'found', destinations, untilMs: NEVER };
}

/** The route to a destination from an address that tests can change. */
export function routeFrom(own: { host: string }): (destination: Destination) => Route {
  return ({ transport, host, port }) => ({
    target: { flow: outboundFlow({ transport, host, port, localPort: 5060 }), host, port },
    localHost: own.host,
  });
}

/** Value of a header of a request. */
export function headerOf(request: ClientRequest, name: string): string {
  return request.headers.find(([each]) => each === name)?.[1] ?? '';
}

/** How a registrar behaves; `null`: it says nothing, and the transaction times out. */
export type Behaviour = (request: ClientRequest) => SipResponse | 'timeout' | 'transport';

const TIMEOUT_MS = 32_000;

/** A registration and its registrar in one small world: time jumps from deadline to deadline. */
export class RegistrarWorld {
  readonly requests: { readonly request: ClientRequest; readonly atMs: number }[] = [];
  readonly logs: Extract<TrunkAction, { type: 'log' }>[] = [];
  located: Located = found(at('192.0.2.1'));
  behave: Behaviour;
  nowMs = 0;
  isStopped = false;
  /** Flows that are kept awake now. */
  readonly awake: string[] = [];
  /** What became of requests: `udp 192.0.2.1:5060 served`. */
  readonly heard: string[] = [];
  readonly #registration: Registration;
  #events: { readonly atMs: number; readonly input: TrunkInput }[] = [];

  constructor(registration: Registration, behave: Behaviour) {
    this.#registration = registration;
    this.behave = behave;
  }

  feed(input: TrunkInput): void {
    this.#perform(this.#registration.handle(input, this.nowMs));
  }

  /** Lets time pass. */
  advance(byMs: number): void {
    const untilMs = this.nowMs + byMs;
    for (let left = 100_000; left > 0; left -= 1) {
      const next = this.#events[0];
      const nextMs = Math.min(next?.atMs ?? NEVER, this.#registration.deadlineMs);
      if (nextMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, nextMs);
      if (next !== undefined && next.atMs <= this.nowMs) {
        this.#events.shift();
        this.feed(next.input);
      } else {
        this.#perform(this.#registration.handle({ type: 'timeout' }, this.nowMs));
      }
    }
    this.nowMs = untilMs;
  }

  /** Requests since the last call, and when. */
  take(): readonly { readonly request: ClientRequest; readonly atMs: number }[] {
    return this.requests.splice(0);
  }

  /** Messages of the log since the last call, with their level. */
  takeLog(): readonly string[] {
    return this.logs.splice(0).map(({ level, message }) => `${level} ${message}`);
  }

  /** Nothing is on its way. */
  get isQuiet(): boolean {
    return this.#events.length === 0;
  }

  #perform(actions: readonly TrunkAction[]): void {
    for (const action of actions) {
      if (action.type === 'request') this.#receive(action.request);
      else if (action.type === 'log') this.logs.push(action);
      else if (action.type === 'stopped') this.isStopped = true;
      else if (action.type === 'keep-awake') this.awake.push(action.flow.flowId);
      else if (action.type === 'let-sleep')
        this.awake.splice(this.awake.indexOf(action.flow.flowId), 1);
      else if (action.type === 'heard') this.heard.push(`${action.destination} ${action.outcome}`);
      else if (action.type === 'locate') {
        this.#later(10, { type: 'located', host: action.host, located: this.located });
      }
    }
  }

  #receive(request: ClientRequest): void {
    this.requests.push({ request, atMs: this.nowMs });
    const { requestId } = request;
    const answer = this.behave(request);
    if (answer === 'timeout') {
      this.#later(TIMEOUT_MS, { type: 'failed', requestId, why: 'timeout' });
    } else if (answer === 'transport') {
      this.#later(5, { type: 'failed', requestId, why: 'transport' });
    } else this.#later(20, { type: 'answered', requestId, response: answer });
  }

  #later(delayMs: number, input: TrunkInput): void {
    this.#events = [...this.#events, { atMs: this.nowMs + delayMs, input }].sort(
      (one, other) => one.atMs - other.atMs,
    );
  }
}

/** A registrar that knows one account: checks the digest by itself, keeps bindings, and gives what it is asked for. */
export class SimRegistrar {
  readonly bindings = new Map<string, number>();
  algorithm: 'MD5' | 'SHA-256' = 'MD5';
  password = 's3cret';
  minExpiresS = 0;
  maxExpiresS = 86_400;
  nonce = 'nonce-1';
  /** Nonces that are known but too old. */
  readonly oldNonces = new Set<string>();
  /** Counts that came: the same one twice is a replay. */
  readonly #counts = new Set<string>();
  challenges = 0;

  readonly behave = (request: ClientRequest): SipResponse => {
    const trouble = this.#check(request);
    if (trouble !== null) return trouble;
    const asked = Number(headerOf(request, 'Expires'));
    if (asked !== 0 && asked < this.minExpiresS) {
      return reply(423, [['Min-Expires', String(this.minExpiresS)]]);
    }
    const granted = Math.min(asked, this.maxExpiresS);
    for (const contact of headerOf(request, 'Contact').split(', ')) {
      const [, uri = '', seconds = '0'] = /^<([^>]*)>;expires=(\d+)$/u.exec(contact) ?? [];
      if (seconds === '0') this.bindings.delete(uri);
      else this.bindings.set(uri, granted);
    }
    const contacts = [...this.bindings].map(([uri, left]) => `<${uri}>;expires=${left}`);
    return reply(200, contacts.length === 0 ? [] : [['Contact', contacts.join(', ')]]);
  };

  #check(request: ClientRequest): SipResponse | null {
    const line = headerOf(request, 'Authorization');
    const get = (name: string): string =>
      new RegExp(`[ ,]${name}="?([^",]*)`, 'u').exec(line)?.[1] ?? '';
    const stale = this.oldNonces.has(get('nonce'));
    if (line === '' || stale || get('nonce') !== this.nonce)
      return this.#challenge(stale ? 'stale' : 'unknown');
    const hash = (text: string): string =>
      createHash(this.algorithm === 'MD5' ? 'md5' : 'sha256')
        .update(text)
        .digest('hex');
    const key = hash(`alice:sip.example.net:${this.password}`);
    const count = `${get('nonce')} ${get('cnonce')} ${get('nc')}`;
    const ofRequest = hash(`REGISTER:${request.uri}`);
    const wanted = hash(`${key}:${get('nonce')}:${get('nc')}:${get('cnonce')}:auth:${ofRequest}`);
    if (get('response') !== wanted || this.#counts.has(count)) return this.#challenge('unknown');
    this.#counts.add(count);
    return null;
  }

  #challenge(nonceIs: 'stale' | 'unknown'): SipResponse {
    this.challenges += 1;
    const { algorithm, nonce } = this;
    const value = `Digest realm="sip.example.net", nonce="${nonce}", algorithm=${algorithm}, qop="auth"`;
    return reply(401, [['WWW-Authenticate', nonceIs === 'stale' ? `${value}, stale=true` : value]]);
  }
}
