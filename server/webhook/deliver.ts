import { lookup } from 'node:dns/promises';
import { request as requestPlain } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP } from 'node:net';

import type { Config } from '../config/config.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Post, PostOutcome, PostRequest } from './post.ts';
import { isAllowedAddress } from './public-address.ts';

/** Addresses of a host name. Rejects when there are none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** What posting needs. `resolve` is for tests; default: as the machine resolves names. */
export interface DeliverOptions {
  readonly settings: Pick<Config['webhooks'], 'allowInsecure' | 'allowNetworks' | 'timeoutSeconds'>;
  readonly clock: Clock;
  readonly resolve?: Resolve;
}

/** Most that is read of an answer's body. */
const LONGEST_ANSWER_BYTES = 1024;

/**
 * Posts to addresses that webhooks may reach, and to no others: the name is looked up once, its addresses are judged,
 * and the connection goes to those that passed, so an answer that differs the next time changes nothing. Redirects are
 * not followed, as they would lead elsewhere.
 */
export function createPost(options: DeliverOptions): Post {
  const { settings, clock, resolve = resolveBySystem } = options;

  return (request) =>
    new Promise((settle) => {
      let connection: ClientRequest | null = null;
      let state: 'open' | 'settled' = 'open';
      const cancelTimeout = clock.schedule(
        clock.monotonicMs() + settings.timeoutSeconds * 1000,
        () => finish({ outcome: 'no-answer', reason: 'timeout' }),
      );
      function finish(outcome: PostOutcome): void {
        state = 'settled';
        cancelTimeout();
        settle(outcome);
        connection?.destroy();
      }
      addressesFor(request.url, settings, resolve).then(
        (addresses) => {
          if (typeof addresses === 'string') {
            finish({ outcome: 'refused', reason: addresses });
          } else if (state === 'open') {
            connection = begin(request, addresses, finish);
          }
        },
        (error: unknown) => finish({ outcome: 'no-answer', reason: codeOf(error, 'no-address') }),
      );
    });
}

/** Addresses that may be connected to, or why there are none. */
async function addressesFor(
  text: string,
  settings: DeliverOptions['settings'],
  resolve: Resolve,
): Promise<readonly string[] | string> {
  if (!URL.canParse(text)) return 'bad-url';
  const { protocol, hostname } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'bad-url';
  if (protocol === 'http:' && !settings.allowInsecure) return 'insecure-url';
  const host = hostname.replace(/^\[|\]$/gu, '');
  const addresses = isIP(host) === 0 ? await resolve(host) : [host];
  const allowed = addresses.filter((address) => isAllowedAddress(address, settings.allowNetworks));
  return allowed.length === 0 ? 'private-address' : allowed;
}

function begin(
  request: PostRequest,
  addresses: readonly string[],
  finish: (outcome: PostOutcome) => void,
): ClientRequest | null {
  const url = new URL(request.url);
  const open = url.protocol === 'https:' ? requestSecure : requestPlain;
  try {
    const connection = open(url, {
      method: 'POST',
      headers: { ...request.headers, connection: 'close' },
      agent: false,
      lookup: lookupAmong(addresses),
    });
    connection.on('error', (error) => {
      finish({ outcome: 'no-answer', reason: codeOf(error, 'no-connection') });
    });
    connection.on('response', (response) => read(response, finish));
    connection.end(request.body);
    return connection;
  } catch (error) {
    finish({ outcome: 'no-answer', reason: codeOf(error, 'no-connection') });
    return null;
  }
}

/** Answers the socket's question for addresses with those that were judged. */
function lookupAmong(addresses: readonly string[]): NonNullable<RequestOptions['lookup']> {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, { all }, callback) => {
    const [first] = found;
    if (all === true) callback(null, found);
    else if (first !== undefined) callback(null, first.address, first.family);
  };
}

/** The status counts; a little of the body is read so that the receiver sees its answer taken. */
function read(response: IncomingMessage, finish: (outcome: PostOutcome) => void): void {
  const outcome: PostOutcome = { outcome: 'answered', status: response.statusCode ?? 0 };
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > LONGEST_ANSWER_BYTES) finish(outcome);
  });
  response.on('close', () => finish(outcome));
}

async function resolveBySystem(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}

function codeOf(error: unknown, otherwise: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : otherwise;
}
