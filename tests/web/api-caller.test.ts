import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { createApi, type Api, type FetchInit } from '../../web/api-caller.ts';
import { ApiProblem, Offline } from '../../web/api-problem.ts';

interface Scene {
  readonly api: Api;
  readonly requests: { readonly url: string; readonly init: FetchInit }[];
  readonly told: string[];
}

/** An interface whose server gives these answers, one after the other. */
function scene(...answers: readonly (Response | Error)[]): Scene {
  const left = [...answers];
  const requests: Scene['requests'] = [];
  const told: string[] = [];
  let csrfToken = 'first-token';
  const api = createApi({
    fetch: async (url, init) => {
      requests.push({ url, init });
      const answer = left.shift() ?? new Error('no answer is left');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    language: () => 'pl',
    csrfToken: () => csrfToken,
    renewCsrfToken: async () => {
      told.push('renewed');
      csrfToken = 'second-token';
      return 'renewed';
    },
    reached: () => told.push('reached'),
    lost: () => told.push('lost'),
    loggedOut: (path) => told.push(`logged out at ${path}`),
  });
  return { api, requests, told };
}

function json(body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}

function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  const body = { type: 't', title: 'Nie.', status, code, problems: [] };
  const head = { 'Content-Type': 'application/problem+json', ...headers };
  return new Response(JSON.stringify(body), { status, headers: head });
}

async function refusedWith(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => assert.unreachable('it must be refused'),
    (error: unknown) => error,
  );
}

test('reads data and entity tag', async () => {
  const { api, requests } = scene(json({ a: 1 }, { ETag: '"7"' }));

  const answer = await api.get<{ a: number }>('/reservations/x');

  assert.equal(answer, { data: { a: 1 }, etag: '"7"' });
  assert.is(requests[0]?.url, '/api/v1/reservations/x');
  assert.is(new Headers(requests[0]?.init.headers).get('Accept-Language'), 'pl');
});

test('sends the CSRF token with changes and with nothing else', async () => {
  const { api, requests } = scene(json({}), json({}));

  await api.get('/account');
  await api.send('PATCH', '/account', { name: 'A' });

  const sent = requests.map(({ init }) => new Headers(init.headers).get('X-CSRF-Token'));
  assert.equal(sent, [null, 'first-token']);
  assert.is(requests[1]?.init.body, '{"name":"A"}');
});

test('sends If-Match and Idempotency-Key as they are asked for', async () => {
  const { api, requests } = scene(json({}));

  await api.send('PATCH', '/x', {}, { ifMatch: '"7"', idempotencyKey: 'k' });

  const headers = new Headers(requests[0]?.init.headers);
  assert.is(headers.get('If-Match'), '"7"');
  assert.is(headers.get('Idempotency-Key'), 'k');
});

test('has no data where the answer has no body', async () => {
  const { api } = scene(new Response(null, { status: 204 }));

  const { data } = await api.send('DELETE', '/account/tokens/t');

  assert.is(data, undefined);
});

test('throws a refusal with its code and the time to wait', async () => {
  const { api, told } = scene(problem(429, 'too-many-tries', { 'Retry-After': '30' }));

  const error = await refusedWith(api.send('POST', '/session', {}));

  assert.instance(error, ApiProblem);
  if (!(error instanceof ApiProblem)) return;
  assert.is(error.code, 'too-many-tries');
  assert.is(error.title, 'Nie.');
  assert.is(error.retryAfterSeconds, 30);
  assert.equal(told, ['reached']);
});

test('throws a refusal for an error page that is no problem document', async () => {
  const { api } = scene(new Response('<h1>No</h1>', { status: 413 }));

  const error = await refusedWith(api.get('/x'));

  assert.ok(error instanceof ApiProblem && error.status === 413 && error.code === 'unknown');
});

test('tells a network failure as a lost connection', async () => {
  const { api, told } = scene(new TypeError('Failed to fetch'));

  const error = await refusedWith(api.get('/x'));

  assert.instance(error, Offline);
  assert.equal(told, ['lost']);
});

test('takes a gateway without its server for a lost connection, a busy server not', async () => {
  const { api, told } = scene(new Response('away', { status: 502 }), problem(503, 'busy'));

  assert.instance(await refusedWith(api.get('/x')), Offline);
  assert.instance(await refusedWith(api.get('/x')), ApiProblem);

  assert.equal(told, ['lost', 'reached']);
});

test('tells where a request found nobody logged in', async () => {
  const { api, told } = scene(problem(401, 'not-logged-in'));

  await refusedWith(api.get('/reservations'));

  assert.equal(told, ['reached', 'logged out at /reservations']);
});

test('tries once more with a new token when the session of this tab is out of date', async () => {
  const { api, requests, told } = scene(problem(403, 'csrf'), json({ done: 'yes' }));

  const { data } = await api.send('POST', '/reservations', {});

  assert.equal(data, { done: 'yes' });
  assert.equal(told, ['reached', 'renewed', 'reached']);
  const sent = requests.map(({ init }) => new Headers(init.headers).get('X-CSRF-Token'));
  assert.equal(sent, ['first-token', 'second-token']);
});

test('does not try for ever when the token stays wrong', async () => {
  const { api, requests } = scene(problem(403, 'csrf'), problem(403, 'csrf'));

  const error = await refusedWith(api.send('POST', '/reservations', {}));

  assert.ok(error instanceof ApiProblem && error.code === 'csrf');
  assert.is(requests.length, 2);
});

test('does not call an aborted request a lost connection', async () => {
  const { api, told } = scene(new DOMException('aborted', 'AbortError'));

  await refusedWith(api.get('/x', { signal: AbortSignal.abort() }));

  assert.equal(told, []);
});

test.run();
