import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { header, parseSip, responseTo, uriOf } from './sip-text.ts';
import type { SipText } from './sip-text.ts';

/** A REGISTER as a registrar saw it; one that is sent again counts once. */
export interface SeenRegister {
  readonly user: string;
  readonly uri: string;
  readonly contact: string;
  readonly expires: string;
  readonly callId: string;
  readonly credentials: 'none' | 'right' | 'wrong';
}

/** A registrar on a real UDP socket, with digest (MD5, qop=auth). OPTIONS are answered 200. */
export interface TestRegistrar {
  readonly port: number;
  /** Every REGISTER so far. */
  readonly seen: readonly SeenRegister[];
  /** Keep-alives (CRLF CRLF) so far. */
  readonly keepAlives: number;
  /** Contacts that are bound now, for each user. */
  bindings(user: string): readonly string[];
  /** Waits until something holds. @throws after 20 s. */
  until(holds: (registrar: TestRegistrar) => boolean): Promise<void>;
  close(): void;
}

const REALM = 'registrar.test';
const NONCE = 'n0nce';
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 20;

/** Opens one at an address of 127.0.0.0/8, and `port` or a free one. `passwords` — of each user. */
export async function openTestRegistrar(
  host: string,
  passwords: Readonly<Record<string, string>>,
  port = 0,
): Promise<TestRegistrar> {
  const socket = createSocket('udp4');
  const seen: SeenRegister[] = [];
  const bound = new Map<string, Set<string>>();
  const answers = new Map<string, string>();
  let keepAlives = 0;

  function register(request: SipText): string {
    const user = /^<?sip:([^@]*)@/u.exec(header(request, 'to'))?.[1] ?? '';
    const credentials = credentialsOf(request, passwords[user] ?? '');
    const contact = uriOf(header(request, 'contact'));
    const [expires, callId] = [header(request, 'expires'), header(request, 'call-id')];
    const uri = request.startLine.split(' ')[1] ?? '';
    seen.push({ user, uri, contact, expires, callId, credentials });
    if (credentials !== 'right') {
      const challenge = `WWW-Authenticate: Digest realm="${REALM}", nonce="${NONCE}", qop="auth", algorithm=MD5`;
      return withLine(responseTo(request, '401 Unauthorized', 'reg'), challenge);
    }
    const contacts = bound.get(user) ?? new Set<string>();
    bound.set(user, contacts);
    for (const each of header(request, 'contact').split(', ')) {
      if (each.endsWith(';expires=0')) contacts.delete(uriOf(each));
      else contacts.add(uriOf(each));
    }
    const lines = [...contacts].map((each) => `Contact: <${each}>;expires=${expires}`);
    return withLine(responseTo(request, '200 OK', 'reg'), ...lines);
  }

  socket.on('message', (bytes, from) => {
    const text = bytes.toString('utf8');
    if (text === '\r\n\r\n') {
      keepAlives += 1;
      return;
    }
    const request = parseSip(text);
    const key = `${header(request, 'via')} ${header(request, 'cseq')}`;
    if (request.method !== 'REGISTER' && request.method !== 'OPTIONS') return;
    const answer =
      answers.get(key) ??
      (request.method === 'REGISTER' ? register(request) : responseTo(request, '200 OK', 'reg'));
    answers.set(key, answer);
    socket.send(answer, from.port, from.address);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject).bind(port, host, resolve);
  });
  const registrar: TestRegistrar = {
    port: socket.address().port,
    seen,
    get keepAlives() {
      return keepAlives;
    },
    bindings: (user) => [...(bound.get(user) ?? [])],
    async until(holds) {
      for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_EVERY_MS) {
        if (holds(registrar)) return;
        await new Promise((resolve) => {
          setTimeout(resolve, LOOK_EVERY_MS);
        });
      }
      throw new Error(`it never held: ${holds.toString()}: ${JSON.stringify(seen.slice(-6))}`);
    },
    close: () => socket.close(),
  };
  return registrar;
}

function withLine(response: string, ...lines: readonly string[]): string {
  return response.replace('\r\nContent-Length', `\r\n${[...lines, 'Content-Length'].join('\r\n')}`);
}

function credentialsOf(request: SipText, password: string): SeenRegister['credentials'] {
  const line = header(request, 'authorization');
  if (line === '') return 'none';
  const get = (name: string): string =>
    new RegExp(`[ ,]${name}="?([^",]*)`, 'u').exec(line)?.[1] ?? '';
  const key = md5(`${get('username')}:${REALM}:${password}`);
  const made = md5(`REGISTER:${get('uri')}`);
  const wanted = md5(`${key}:${NONCE}:${get('nc')}:${get('cnonce')}:auth:${made}`);
  return get('response') === wanted ? 'right' : 'wrong';
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
