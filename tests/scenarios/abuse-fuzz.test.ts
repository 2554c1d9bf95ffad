import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RouteDescription } from '../../server/panel/define-route.ts';
import type { Random } from '../../server/runtime/random.ts';
import { seededRandom } from '../server/reservation/sample-reservations.ts';
import type { PanelClient } from '../support/panel-client.ts';
import { RIG_PASSWORD, withPanel } from '../support/panel-rig.ts';
import type { PanelRig } from '../support/panel-rig.ts';
import { belongings, filled, nameOf, soundBody, UNKNOWN } from './abuse-world.ts';
import type { PathValues } from './abuse-world.ts';

const SEED = 20_260_303;
/** Requests of every route. */
const ROUNDS = 60;

const ROOT = 'root@example.org';
const EVERY_SCOPE = [
  ...['reservations:read', 'reservations:write', 'history:read', 'contacts:read'],
  ...['contacts:write', 'account:read', 'webhooks:write', 'admin'],
];
/** Values that programs trip over. */
const ODD: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 0.5, 1e308, -1e308, 2 ** 53, 2 ** 31, 1e-320],
  ...[
    '',
    ' ',
    '0',
    'null',
    '\0',
    '\ud800',
    '\u202e',
    'ß'.repeat(300),
    'İ',
    '\r\n',
    '%s%n',
    '../..',
  ],
  ...['2026-03-04T12:00', '2026-02-30T12:00', '2026-03-29T02:30', '9999-12-31T23:59', '-1-1-1'],
  ...['0000-01-01T00:00Z', '2026-03-04T12:00+99:99', '2026-W10-3', 'Europe/Warsaw', 'Etc/GMT+12'],
  ...['guest@example.org', '@', 'a@b', '+48600100200', '600 100 200', '+', '112', '00', 'tel:1'],
  ...['https://hook.example.org/', 'http://[', 'en', 'pl', 'tone', 'at-booking', 'active'],
  ...[[], {}, [[]], [null], { length: 1e9 }, [{}], { toString: 1, valueOf: null }],
];

function pick<Value>(random: Random, values: readonly Value[]): Value | undefined {
  return values[random.integer(values.length)];
}

/** Any JSON, mostly shallow. */
function anything(random: Random, depth = 0): unknown {
  const kind = random.integer(depth > 3 ? 6 : 8);
  if (kind < 6) return pick(random, ODD);
  const length = random.integer(4);
  if (kind === 6) return Array.from({ length }, () => anything(random, depth + 1));
  const names = Array.from({ length }, () => String(pick(random, ['a', '', 'start', 'role', '0'])));
  return Object.fromEntries(names.map((name) => [name, anything(random, depth + 1)]));
}

/** A sound body with some of it replaced, taken away or added; now and then no body of that kind at all. */
function mutated(random: Random, sound: Record<string, unknown>): unknown {
  if (random.integer(12) === 0) return anything(random);
  const body: Record<string, unknown> = { ...sound };
  for (const [field, value] of Object.entries(sound)) {
    const chance = random.integer(5);
    if (chance === 0) body[field] = anything(random);
    else if (chance === 1 && Array.isArray(value)) body[field] = [anything(random)];
    else if (chance === 1 && typeof value === 'object' && value !== null) {
      body[field] = mutated(random, Object.fromEntries(Object.entries(value)));
    } else if (random.integer(12) === 0) Reflect.deleteProperty(body, field);
  }
  const more = ['note', 'emails', 'phones', 'sms', 'zone', 'language', 'smsAgain', 'announcements'];
  if (random.integer(3) === 0) body[String(pick(random, more))] = anything(random);
  return body;
}

/** Now and then a query, a wrong id, an odd header. */
function dressed(
  random: Random,
  spec: RouteDescription,
  ids: PathValues,
): { readonly path: string; readonly headers: Record<string, string> } {
  const values = random.integer(4) === 0 ? UNKNOWN : { ...UNKNOWN, ...ids };
  const query =
    random.integer(3) === 0 ? `?limit=${random.integer(120)}&cursor=${random.hex(8)}` : '';
  const headers: Record<string, string> = {};
  if (spec.ifMatch !== undefined) {
    headers['if-match'] = String(pick(random, ['"1"', '*', '"2"', 'W/"1"', '""', '"x"', '-1']));
  }
  if (random.integer(4) === 0) headers['idempotency-key'] = `k${random.integer(5)}`;
  if (random.integer(6) === 0)
    headers['accept-language'] = String(pick(random, ['pl', 'en', 'x;q=']));
  return { path: `${filled(spec.path, values)}${query}`, headers };
}

/** Sends every route many requests; all secrets that came back. */
async function fuzz(
  rig: PanelRig,
  ids: PathValues,
  people: Readonly<Record<'root' | 'program', PanelClient>>,
) {
  const random = seededRandom(SEED);
  const statuses = new Map<number, number>();
  const secrets = new Set<string>();
  let sent = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const spec of rig.specs) {
      const name = nameOf(spec);
      // What ends the session that asks is tried elsewhere.
      if (name === 'DELETE /session' || name.startsWith('DELETE /account/sessions')) continue;
      const client =
        spec.access === 'session'
          ? people.root
          : spec.access === 'public'
            ? rig.browser()
            : people.program;
      const sound = soundBody(rig, spec);
      const { path, headers } = dressed(random, spec, ids);
      const body = sound === null ? {} : { body: mutated(random, sound) ?? null };
      const answer = await client.api(spec.method, path, { ...body, headers });
      sent += 1;
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const what = `${name} ${path} ${JSON.stringify(body).slice(0, 500)}`;
      assert.ok(answer.status < 500, `${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
      assert.is(answer.headers['x-content-type-options'], 'nosniff', what);
      for (const field of ['pin', 'adminPin', 'secret', 'csrfToken']) {
        if (typeof answer.json[field] === 'string') secrets.add(answer.json[field]);
      }
    }
    await rig.half.run(30_000);
  }
  return { statuses, secrets, sent };
}

test(`some thousand requests of random JSON (seed ${SEED}) bring no fault, and no secret into the log`, () =>
  withPanel(
    async (rig) => {
      const root = await rig.member(ROOT, 'administrator');
      const program = await rig.program(root, EVERY_SCOPE);
      const ids = await belongings(rig, root);

      const { statuses, secrets, sent } = await fuzz(rig, ids, { root, program });

      assert.ok(sent > 3_000, String(sent));
      for (const status of [200, 201, 202, 204, 400, 404, 412, 422, 429]) {
        assert.ok((statuses.get(status) ?? 0) > 0, `${status} of ${JSON.stringify([...statuses])}`);
      }
      const errors = rig.lines.filter(({ level }) => level === 'error');
      assert.equal(errors, []);
      assert.ok(rig.lines.length > sent, 'the log is heard at debug');
      assertNothingPrivate(rig, [
        ...secrets,
        ...root.everyCookie,
        ...[root.csrfToken, program.bearer, RIG_PASSWORD, 'nine green bottles', ids['pin']],
        ...[ids['adminPin'], ids['token'], 'Secret plans', 'Nobody must know', 'Zofia Guest'],
        ...rig.half.post.mails.flatMap(({ to, html }) => [to, ...linkTokens(html)]),
        ...[ROOT, 'zofia.guest', '600700800', '600 700 800', '600100200'],
      ]);
    },
    { settings: { notices: { sms: { provider: 'folder' } } } },
  ));

test('a secret in a path, a query, a header or a body that is refused stays out of the log too', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    const secret = '5ec4e7'.repeat(10);
    for (const path of [
      `/j/${secret}`,
      `/reset/${secret}`,
      `/${secret.slice(0, 10)}/x`.replace('/5ec4e7', '/confirm/5ec4e7'),
      `/api/v1/join/${secret}`,
      `/api/v1/settings?token=${secret}`,
      `/api/v1/nothing/${secret}`,
      `/login?token=${secret}#${secret}`,
    ]) {
      await anna.ask('GET', path);
      await anna.ask('POST', path, {
        raw: `{"password": "${secret}`,
        headers: { 'x-token': secret },
      });
    }
    const bad = { email: 'who.is.it@example.org', password: secret };
    await rig.browser().api('POST', '/session', { body: bad });
    await anna.api('GET', '/reservations', { headers: { authorization: `Bearer ${secret}` } });
    await anna.api('GET', '/reservations', { headers: { cookie: `__Host-konfa=${secret}` } });
    assert.ok(rig.lines.length > 10);
    assertNothingPrivate(rig, [secret, secret.slice(0, 10), 'who.is.it', 'anna@example.org']);
  }));

/** Tokens of links in a mail. */
function linkTokens(html: string): readonly string[] {
  return [...html.matchAll(/\/([0-9a-f]{32,64})"/gu)].map(([, token = '']) => token);
}

function assertNothingPrivate(
  rig: PanelRig,
  secrets: readonly (string | null | undefined)[],
): void {
  const text = rig.lines.map((line) => JSON.stringify(line)).join('\n');
  for (const secret of new Set(secrets)) {
    if (secret === null || secret === undefined || secret.length < 4) continue;
    // A PIN is short: inside an id it is chance.
    const isPin = /^\d{4,8}$/u.test(secret);
    const found = isPin ? new RegExp(`(?<![0-9a-f.])${secret}(?![0-9a-f])`, 'u') : secret;
    const at = typeof found === 'string' ? text.indexOf(found) : text.search(found);
    assert.is(at, -1, `${secret}: ${text.slice(Math.max(0, at - 200), at + 60)}`);
  }
}

test.run();
