import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RouteDescription } from '../../server/panel/define-route.ts';
import type { PanelAnswer, PanelClient } from '../support/panel-client.ts';
import { withPanel } from '../support/panel-rig.ts';
import type { PanelRig } from '../support/panel-rig.ts';
import { belongings, filled, nameOf, soundBody, UNKNOWN } from './abuse-world.ts';
import type { PathValues } from './abuse-world.ts';

/** Names of things inside that somebody might hope to set. */
const HOPES: Readonly<Record<string, unknown>> = {
  role: 'administrator',
  state: 'active',
  accountId: 'x',
  profileId: 'x',
  reservationId: 'x',
  balanceMilli: 1_000_000,
  monthlyLimitMilli: 1_000_000,
  pin: '11111',
  adminPin: '1111111',
  number: '10000',
  token: 'x',
  version: 99,
  createdAt: '2020-01-01T00:00:00Z',
  deletedAtMs: 1,
  passwordHash: 'x',
  secret: 'x',
  constructor: { prototype: { isAdministrator: true } },
  toString: 'x',
  hasOwnProperty: 'x',
  __defineGetter__: 'x',
};

/** Routes with a body, each with a body that it takes and a place that exists. */
async function withBodies(
  work: (
    rig: PanelRig,
    each: {
      readonly spec: RouteDescription;
      readonly sound: Record<string, unknown>;
      readonly post: (
        raw: string | Buffer,
        headers?: Readonly<Record<string, string>>,
      ) => Promise<PanelAnswer>;
    },
  ) => Promise<void>,
): Promise<void> {
  await withPanel(async (rig) => {
    const root = await rig.member('root@example.org', 'administrator');
    const ids = await belongings(rig, root);
    const before = await stateOf(rig, root, ids);
    for (const spec of rig.specs) {
      const sound = soundBody(rig, spec);
      if (sound === null) continue;
      const ifMatch = spec.ifMatch === 'required' ? { 'if-match': '"1"' } : {};
      // Without a login where none is needed: a login there would end this one.
      const client = spec.access === 'public' ? rig.browser() : root;
      const post = (
        raw: string | Buffer,
        headers: Readonly<Record<string, string>> = {},
      ): Promise<PanelAnswer> =>
        client.api(spec.method, filled(spec.path, ids), {
          raw,
          headers: {
            'content-type': 'application/json',
            'content-length': String(Buffer.byteLength(raw)),
            ...ifMatch,
            ...headers,
          },
        });
      await work(rig, { spec, sound, post });
    }
    assert.is(await stateOf(rig, root, ids), before, 'something was changed');
    assert.equal(
      rig.lines.filter(({ level }) => level === 'error'),
      [],
    );
  });
}

/** Everything that a refused request must leave as it is. */
async function stateOf(rig: PanelRig, root: PanelClient, ids: PathValues): Promise<string> {
  const paths = [
    ...['/reservations', '/contacts', '/webhooks', '/account', '/account/tokens', '/history'],
    ...['/admin/accounts', `/webhooks/${ids['webhookId'] ?? ''}/deliveries`],
  ];
  const texts: string[] = [String(rig.half.post.mails.length)];
  for (const path of paths) texts.push((await root.api('GET', path)).text);
  return texts.join('\n');
}

// eslint-disable-next-line @typescript-eslint/max-params -- An answer, what it must be, and what was asked.
function assertRefused(answer: PanelAnswer, status: number, code: string, name: string): void {
  assert.is(answer.status, status, `${name}: ${answer.text.slice(0, 300)}`);
  assert.is(answer.json['code'], code, name);
}

test('mass assignment: no body takes a field that its route does not name', () =>
  withBodies(async (_, { spec, sound, post }) => {
    const shape = spec.body;
    for (const [field, value] of Object.entries(HOPES)) {
      if (Object.hasOwn(sound, field)) continue;
      if (knows(shape, field)) continue;
      const name = `${nameOf(spec)} with ${field}`;
      const answer = await post(JSON.stringify({ ...sound, [field]: value }));

      assertRefused(answer, 400, 'bad-input', name);
      const [problem] = answer.json['problems'] as readonly Record<string, unknown>[];
      assert.is(problem?.['code'], 'unknown-field', name);
      assert.is(problem?.['pointer'], `/${field}`, name);
    }
  }));

test('mass assignment: no field inside a draft either', () =>
  withPanel(async (rig) => {
    const anna = await rig.member('anna@example.org');
    for (const field of ['pin', 'number', 'profileId', 'joinUrl', 'deletedAt']) {
      const body = { draft: { title: 'x', [field]: 'x' } };
      const answer = await anna.api('POST', '/reservations/check', { body });
      assertRefused(answer, 400, 'bad-input', field);
    }
  }));

test('__proto__ as a key changes no object, here or elsewhere', () =>
  withBodies(async (_, { spec, sound, post }) => {
    const inside = JSON.stringify(sound).slice(1, -1);
    for (const key of ['"__proto__"', String.raw`"\u005f_proto__"`]) {
      const answer = await post(`{${key}:{"role":"administrator","polluted":true},${inside}}`);

      assert.ok(answer.status >= 400 && answer.status < 500, `${nameOf(spec)}: ${answer.text}`);
      assert.is(answer.json['code'], 'bad-input', nameOf(spec));
      assert.is(Reflect.get({}, 'polluted'), undefined);
    }
  }));

test('what is no JSON object is refused: lists, null, text, numbers, halves, nothing', () =>
  withBodies(async (_, { spec, sound, post }) => {
    const name = nameOf(spec);
    for (const raw of ['[]', '[{}]', JSON.stringify([sound])]) {
      assertRefused(await post(raw), 400, 'bad-input', `${name} of ${raw.slice(0, 20)}`);
    }
    for (const raw of ['null', '"x"', '7', 'true', '{', '{"a":', "{'a':1}", 'NaN', '\0', '{}{}']) {
      assertRefused(await post(raw), 400, 'bad-json', `${name} of ${raw}`);
    }
    // Nothing at all counts as an empty object: a change of nothing.
    if (spec.method !== 'PATCH') assertRefused(await post(''), 400, 'bad-input', name);
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    assertRefused(await post(deep), 400, 'bad-input', `${name} of deep lists`);
    const deepObject = `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`;
    assertRefused(await post(deepObject), 400, 'bad-input', `${name} of deep objects`);
    const [field = ''] = Object.keys(sound);
    const deepField = JSON.stringify({ ...sound, [field]: null }).replace(':null', `:${deep}`);
    assertRefused(await post(deepField), 400, 'bad-input', `${name} of a deep field`);
  }));

test('a body longer than its route takes is refused, announced or not', () =>
  withBodies(async (_, { spec, post }) => {
    const limit = spec.bodyBytes ?? 65_536;
    const fits = ' '.repeat(limit - 2);
    const atLimit = await post(`{}${fits}`);
    assert.is.not(atLimit.status, 413, nameOf(spec));
    for (const bytes of [limit + 1, 3_000_000]) {
      const raw = Buffer.alloc(bytes, ' ');
      assertRefused(await post(raw), 413, 'body-too-large', `${nameOf(spec)} of ${bytes}`);
    }
  }));

test('a body is JSON and nothing else: what a form of another site can send is refused', () =>
  withBodies(async (_, { spec, sound, post }) => {
    const raw = JSON.stringify(sound);
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/html',
      'application/xml',
      'application/jsonx',
      'text/plain; application/json',
      'x',
    ]) {
      const answer = await post(raw, { 'content-type': type });
      assertRefused(answer, 415, 'unsupported-media-type', `${nameOf(spec)} as ${type}`);
    }
    const zipped = await post(raw, { 'content-encoding': 'gzip' });
    assertRefused(zipped, 415, 'unsupported-media-type', `${nameOf(spec)} compressed`);
    const charset = await post(raw, { 'content-type': 'application/json; charset=utf-7' });
    assertRefused(charset, 415, 'unsupported-media-type', `${nameOf(spec)} in UTF-7`);
  }));

test('every text field bears NUL, half surrogates, marks and 100 kB: it is taken or refused, never a fault', () =>
  withPanel(async (rig) => {
    const root = await rig.member('root@example.org', 'administrator');
    const ids = await belongings(rig, root);
    const nasty = [
      '\0',
      'a\0b',
      '\ud83d',
      '\udc00x',
      '\u202e\u2066\ufeff',
      '\r\nBcc: x@evil.example',
      '%00%0d%0a',
      'x'.repeat(100_000),
      '😀'.repeat(20_000),
      "'; DROP TABLE account; --",
      '${7*7}{{7*7}}',
      '__proto__',
    ];
    let sent = 0;
    for (const spec of rig.specs) {
      const sound = soundBody(rig, spec);
      if (sound === null) continue;
      const client = spec.access === 'public' ? rig.browser() : root;
      for (const [field, value] of Object.entries(sound)) {
        for (const text of nasty) {
          const put = Array.isArray(value) ? [text] : text;
          const headers = spec.ifMatch === 'required' ? { 'if-match': '*' } : {};
          const answer = await client.api(spec.method, filled(spec.path, ids), {
            body: { ...sound, [field]: put },
            headers,
          });
          sent += 1;
          const name = `${nameOf(spec)} /${field} ${JSON.stringify(text.slice(0, 20))}`;
          assert.ok(answer.status < 500, `${name}: ${answer.text.slice(0, 200)}`);
        }
      }
    }
    await rig.half.run(120_000);
    assert.ok(sent > 500, String(sent));
    assert.equal(
      rig.lines.filter(({ level }) => level === 'error'),
      [],
    );
  }));

test('paths and queries bear anything too', () =>
  withPanel(async (rig) => {
    const root = await rig.member('root@example.org', 'administrator');
    const odd = [
      ...['%00', '%', '%zz', '%ff', '%E0%A4%A', '%F0%9F%98', '..', '%2e%2e%2f', '%2F', '%5c', ';'],
      ...['a'.repeat(7_000), '__proto__', 'constructor', '%0d%0aSet-Cookie:x=1', "'--", '*', '-1'],
    ];
    const queries = [
      ...['limit=1e9', 'limit=-1', 'limit=', 'limit=1&limit=2', 'limit=NaN', 'limit[]=1'],
      ...['cursor=%00', 'cursor=%ff', 'cursor=x', 'cursor=__proto__', '__proto__=1', 'text=%25'],
      ...[`cursor=${'e30'.repeat(60)}`, '&&==&', 'a=%', 'text=%00', `text=${'%'.repeat(100)}`],
      ...[
        '__proto__[a]=1',
        'constructor=1',
        `cursor=${'a'.repeat(7_000)}`,
        'cursor=W10',
        'cursor=bnVsbA',
      ],
    ];
    for (const spec of rig.specs.filter(({ method }) => method === 'GET')) {
      for (const piece of spec.path.includes('{') ? odd : []) {
        const path = spec.path.replace(/\{\w+\}/u, piece).replace(/\{\w+\}/gu, 'x');
        const answer = await root.api('GET', path);
        assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status}`);
        assert.match(String(answer.headers['content-type']), /^application\/problem\+json/u);
        assert.equal(answer.cookies, []);
      }
      for (const query of queries) {
        const path = `${filled(spec.path, UNKNOWN)}?${query}`;
        const answer = await root.api('GET', path);
        assert.ok(answer.status < 500, `${path}: ${answer.text}`);
      }
    }
    for (const header of [
      'cookie',
      'authorization',
      'if-match',
      'if-none-match',
      'accept-language',
      'user-agent',
      'origin',
      'host',
      'idempotency-key',
      'x-csrf-token',
      'accept',
      'accept-encoding',
      'range',
      'x-forwarded-for',
      'forwarded',
    ]) {
      for (const value of [
        '',
        '\u00ff\u00fe',
        '__proto__',
        'a'.repeat(7_000),
        ',;=,',
        '"',
        '*',
        '%00',
        '-1',
        'W/"',
      ]) {
        const headers = { [header]: value };
        const get = await root.api('GET', '/reservations', { headers });
        const body = { draft: {} };
        const post = await root.api('POST', '/reservations/check', { headers, body });
        for (const answer of [get, post]) {
          assert.ok(answer.status < 500, `${header}: ${value.slice(0, 20)}: ${answer.text}`);
        }
      }
    }
    assert.equal(
      rig.lines.filter(({ level }) => level === 'error'),
      [],
    );
  }));

/** Whether a route's schema has this field. */
function knows(schema: unknown, field: string): boolean {
  const shape: unknown =
    typeof schema === 'object' && schema !== null ? Reflect.get(schema, 'shape') : null;
  return typeof shape === 'object' && shape !== null && Object.hasOwn(shape, field);
}

test.run();
