import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Account } from '../../../server/account/account.ts';
import type { AnyRoute, RawRequest } from '../../../server/panel/define-route.ts';
import { ProblemError } from '../../../server/panel/problem-error.ts';
import type { Reply } from '../../../server/panel/route.ts';
import { webhookRoutes } from '../../../server/panel/webhook-routes.ts';
import { WEBHOOK_PROBLEM_WORDS } from '../../../server/panel/webhook-words.ts';
import { sampleReservation } from '../reservation/sample-reservations.ts';
import { draft, OWNER, START_MS, withWebhooks } from '../webhook/sample-webhooks.ts';

function account(accountId: string): Account {
  return {
    accountId,
    email: 'ewa@example.org',
    name: 'Ewa Lis',
    role: 'organiser',
    state: 'active',
    language: 'pl',
    zone: 'Europe/Warsaw',
    monthlyLimitMilli: null,
    createdAtMs: 0,
    lastLoginAtMs: null,
  };
}

interface Asked {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly accountId?: string;
}

/** Calls a route as the panel does; what it answers is checked against its schema. */
async function call(
  routes: readonly AnyRoute[],
  name: string,
  { params = {}, query = {}, body, accountId = OWNER }: Asked = {},
): Promise<{ readonly reply: Reply; readonly json: Record<string, unknown> }> {
  const route = routes.find(({ spec }) => `${spec.method} ${spec.path}` === name);
  if (route === undefined) throw new Error(`no route ${name}`);
  const request: RawRequest = {
    params,
    query,
    body,
    identity: { account: account(accountId), credentialId: 's1', via: 'session' },
    nowMs: START_MS,
    language: 'pl',
    address: '192.0.2.1',
    userAgent: 'test',
    ifMatch: null,
    cookie: () => null,
  };
  const reply = await route.run(request);
  const schema = route.spec.answers[reply.status];
  assert.ok(schema !== undefined, `status ${reply.status} is not documented`);
  schema?.parse(reply.json);
  return { reply, json: Object(reply.json) as Record<string, unknown> };
}

async function refusalOf(work: Promise<unknown>): Promise<ProblemError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

test('tells the secret when a webhook is made, and never again', async () => {
  await withWebhooks({}, async ({ webhooks }) => {
    const routes = webhookRoutes(webhooks);

    const made = await call(routes, 'POST /webhooks', { body: draft() });
    const { webhookId, secret } = made.json;
    assert.is(made.reply.status, 201);
    assert.is(made.reply.location, `/api/v1/webhooks/${String(webhookId)}`);
    assert.match(String(secret), /^[0-9a-f]{64}$/);

    const params = { webhookId: String(webhookId) };
    const list = await call(routes, 'GET /webhooks');
    const changed = await call(routes, 'PUT /webhooks/{webhookId}', { params, body: draft() });
    assert.not.ok(JSON.stringify([list.json, changed.json]).includes(String(secret)));

    const renewed = await call(routes, 'POST /webhooks/{webhookId}/secret', { params });
    assert.is.not(renewed.json['secret'], secret);
  });
});

for (const [name, url, code, pointer] of [
  ['an address of ours', 'https://127.0.0.1/', 'private-address', '/url'],
  ['http', 'http://example.org/', 'insecure-url', '/url'],
  ['no address', 'example', 'bad-url', '/url'],
]) {
  test(`refuses ${name ?? ''} at the field, in both languages`, async () => {
    await withWebhooks({}, async ({ webhooks }) => {
      const body = draft({ url: url ?? '' });

      const refusal = await refusalOf(call(webhookRoutes(webhooks), 'POST /webhooks', { body }));

      assert.is(refusal.status, 400);
      assert.is(refusal.code, 'bad-input');
      assert.equal(
        refusal.problems.map((problem) => [problem.code, problem.pointer]),
        [[code, pointer]],
      );
      assert.ok(WEBHOOK_PROBLEM_WORDS[code ?? '']?.pl);
      assert.ok(WEBHOOK_PROBLEM_WORDS[code ?? '']?.en);
    });
  });
}

test('refuses what the schema does not know', async () => {
  await withWebhooks({}, async ({ webhooks }) => {
    const routes = webhookRoutes(webhooks);
    for (const body of [
      {},
      { ...draft(), events: [] },
      { ...draft(), events: ['room.opened'] },
      { ...draft(), secret: 'mine' },
      { ...draft(), profileId: 'account-2' },
      null,
    ]) {
      assert.is((await refusalOf(call(routes, 'POST /webhooks', { body }))).status, 400);
    }
    assert.equal(webhooks.list(OWNER), []);
  });
});

test('answers 409 to one too many, 403 where webhooks are off', async () => {
  await withWebhooks({ perProfile: 1 }, async ({ webhooks }) => {
    const routes = webhookRoutes(webhooks);
    await call(routes, 'POST /webhooks', { body: draft() });

    const refusal = await refusalOf(call(routes, 'POST /webhooks', { body: draft() }));
    assert.equal([refusal.status, refusal.code], [409, 'too-many-webhooks']);
  });
  await withWebhooks({ enabled: false }, async ({ webhooks }) => {
    const work = call(webhookRoutes(webhooks), 'POST /webhooks', { body: draft() });
    assert.equal((await refusalOf(work)).status, 403);
  });
});

test('shows the delivery log in pages and delivers again', async () => {
  await withWebhooks({}, async ({ webhooks, clock, answer }) => {
    const routes = webhookRoutes(webhooks);
    const made = await call(routes, 'POST /webhooks', { body: draft() });
    const params = { webhookId: String(made.json['webhookId']) };
    const reservation = sampleReservation({ profileId: OWNER });
    answer(200, 500);
    webhooks.start();
    webhooks.recorder.record({ type: 'booked', reservation }, START_MS);
    await clock.advance(1);
    webhooks.recorder.record({ type: 'cancelled', reservation }, START_MS + 1);
    await clock.advance(1);

    const path = 'GET /webhooks/{webhookId}/deliveries';
    const { json } = await call(routes, path, { params, query: { limit: '1' } });
    const [latest] = json['deliveries'] as readonly Record<string, unknown>[];
    const rest = await call(routes, path, {
      params,
      query: { cursor: String(json['nextCursor']) },
    });
    const [first] = rest.json['deliveries'] as readonly Record<string, unknown>[];

    assert.equal(
      [latest?.['event'], latest?.['state'], latest?.['status'], latest?.['reason']],
      ['reservation.deleted', 'pending', 500, 'http-500'],
    );
    assert.is(latest?.['nextAttemptAt'], '2026-03-01T10:00:01.002Z');
    assert.equal(
      [first?.['event'], first?.['state'], first?.['nextAttemptAt']],
      ['reservation.booked', 'delivered', null],
    );
    assert.is(rest.json['nextCursor'], null);

    const again = await call(
      routes,
      'POST /webhooks/{webhookId}/deliveries/{deliveryId}/redeliver',
      { params: { ...params, deliveryId: String(first?.['deliveryId']) } },
    );
    assert.is(again.reply.status, 202);
    assert.is(again.json['state'], 'pending');
    assert.is(again.json['body'], first?.['body']);
  });
});

test("another account's webhook is not found by any route, nor is what is no id", async () => {
  await withWebhooks({}, async ({ webhooks }) => {
    const routes = webhookRoutes(webhooks);
    const made = await call(routes, 'POST /webhooks', { body: draft() });
    const deliveryId = '0'.repeat(32);

    for (const { spec } of routes) {
      if (!spec.path.includes('{webhookId}')) continue;
      const name = `${spec.method} ${spec.path}`;
      const body = draft();
      const params = { webhookId: String(made.json['webhookId']), deliveryId };
      const other = await refusalOf(call(routes, name, { params, body, accountId: 'account-2' }));
      assert.equal([name, other.status, other.code], [name, 404, 'not-found']);
      const odd = { webhookId: "' OR 1", deliveryId };
      assert.is((await refusalOf(call(routes, name, { params: odd, body }))).status, 404);
    }
    assert.is(webhooks.list(OWNER).length, 1);
  });
});

test('removes a webhook', async () => {
  await withWebhooks({}, async ({ webhooks }) => {
    const routes = webhookRoutes(webhooks);
    const made = await call(routes, 'POST /webhooks', { body: draft() });
    const params = { webhookId: String(made.json['webhookId']) };

    const { reply } = await call(routes, 'DELETE /webhooks/{webhookId}', { params });

    assert.is(reply.status, 204);
    assert.equal(webhooks.list(OWNER), []);
  });
});

test('every route asks for the scope of webhooks', async () => {
  await withWebhooks({}, ({ webhooks }) => {
    const accesses = new Set(webhookRoutes(webhooks).map(({ spec }) => spec.access));
    assert.equal([...accesses], ['webhooks:write']);
  });
});

test.run();
