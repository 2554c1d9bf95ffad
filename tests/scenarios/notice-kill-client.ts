import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { newTokenSchema } from '../../server/panel/api/account-api.ts';
import { sessionSchema } from '../../server/panel/api/session-api.ts';

/** An answer that came in the end. `lost`: how many tries before it broke off. */
export interface PatientAnswer {
  readonly status: number;
  readonly json: unknown;
  readonly lost: number;
}

/** One request. */
export interface PatientRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a request as often as it takes. */
export type Ask = (request: PatientRequest) => Promise<PatientAnswer>;

const TRIES = 1200;
const BETWEEN_TRIES_MS = 100;
const ANSWER_MS = 10_000;

/** The panel's socket is open before there is anybody behind it. */
const NOT_YET = 503;

/**
 * A client of the REST interface at `url` that repeats a request until a server answers it, through any restart; it
 * gives up, and rejects, once `signal` tells it to.
 */
export function patientClient(
  url: string,
  always: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Ask {
  return async ({ method, path, body, headers }) => {
    for (let lost = 0; lost < TRIES; lost += 1) {
      signal?.throwIfAborted();
      try {
        const response = await fetch(`${url}/api/v1${path}`, {
          method,
          headers: { 'content-type': 'application/json', ...always, ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(ANSWER_MS),
        });
        const text = await response.text();
        const { status } = response;
        if (status !== NOT_YET)
          return { status, json: text === '' ? null : JSON.parse(text), lost };
      } catch {
        // Refused or broken off: the server is down, or was killed before the answer was whole.
      }
      await pause(BETWEEN_TRIES_MS);
    }
    throw new Error(`${method} ${path} was not answered in ${TRIES} tries`);
  };
}

/** Makes the first administrator by the link that the server printed; gives the secret of a token of theirs. */
export async function firstToken(url: string, printed: string): Promise<string> {
  const token = /\/setup\/(\S+)/u.exec(printed)?.[1] ?? '';
  const person = {
    name: 'Anna Organizatorka',
    email: 'anna@example.org',
    password: 'Pomarancza-7',
  };
  const response = await fetch(`${url}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, ...person }),
  });
  const { csrfToken } = sessionSchema
    .extend({ csrfToken: z.string() })
    .parse(await response.json());
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  const ask = patientClient(url, { cookie, 'x-csrf-token': csrfToken });
  const made = await ask({
    method: 'POST',
    path: '/account/tokens',
    body: {
      name: 'kill',
      scopes: ['reservations:read', 'reservations:write', 'account:read'],
      expiresInDays: null,
    },
  });
  return newTokenSchema.parse(made.json).secret;
}
