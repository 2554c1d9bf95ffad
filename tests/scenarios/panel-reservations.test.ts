import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BOOKING, inPanel } from '../server/panel/panel-world.ts';

test('books, shows, lists and deletes a reservation', () =>
  inPanel(async ({ ask, changed }) => {
    const booked = await ask('POST', '/api/v1/reservations', {
      body: { ...BOOKING, emails: ['Jan@example.com'], phones: ['501 234 567'], note: 'Dial in.' },
    });

    assert.is(booked.status, 201, booked.text);
    const { reservationId } = booked.json;
    assert.is(booked.headers['location'], `/api/v1/reservations/${String(reservationId)}`);
    assert.is(booked.json['startAt'], '2026-03-02T10:00:00.000Z');
    assert.is(booked.json['freesAt'], '2026-03-02T12:00:00.000Z');
    assert.is(booked.json['state'], 'planned');
    assert.equal(booked.json['phones'], ['+48501234567']);
    assert.equal(changed, [reservationId]);

    const path = `/api/v1/reservations/${String(reservationId)}`;
    const shown = await ask('GET', path);
    assert.is(shown.status, 200);
    assert.equal(shown.json, booked.json);
    assert.is(shown.headers['etag'], booked.headers['etag']);
    const list = await ask('GET', '/api/v1/reservations');
    assert.equal(list.json, {
      reservations: [booked.json],
      places: { used: 1, allowed: 3 },
    });

    assert.is((await ask('DELETE', path)).status, 204);
    assert.is((await ask('GET', path)).json['state'], 'deleted');
    assert.is((await ask('DELETE', path)).status, 404);
    assert.equal((await ask('GET', '/api/v1/reservations')).json['reservations'], []);
  }));

test("answers 404 for another profile's reservation in every route, as for an unknown one", () =>
  inPanel(async ({ ask }) => {
    const booked = await ask('POST', '/api/v1/reservations', { body: BOOKING });
    const id = String(booked.json['reservationId']);
    const unknown = 'f'.repeat(32);
    const tries: readonly (readonly [string, string, unknown?])[] = [
      ['GET', ''],
      ['PATCH', '', { title: 'Mine' }],
      ['DELETE', ''],
      ['POST', '/pins'],
      ['GET', '/invitation'],
      ['GET', '/calendar.ics'],
      ['GET', '/notices'],
      ['POST', '/notices/n1/resend'],
      ['GET', '/attendance'],
      ['GET', '/attendance.csv'],
    ];

    for (const [method, part, body] of tries) {
      const headers = { 'if-match': '*' };
      const as = 'eve';
      const foreign = await ask(method, `/api/v1/reservations/${id}${part}`, { as, headers, body });
      const none = await ask(method, `/api/v1/reservations/${unknown}${part}`, {
        ...{ as, headers, body },
      });
      assert.is(foreign.status, 404, `${method} ${part}`);
      assert.equal(foreign.json, none.json, `${method} ${part}`);
    }

    const check = await ask('POST', '/api/v1/reservations/check', {
      as: 'eve',
      body: { reservationId: id, draft: {} },
    });
    assert.is(check.status, 404);
    assert.is((await ask('GET', `/api/v1/reservations/${id}`)).json['title'], 'Sales');
  }));

test('answers a change of an older version with 412, and one without If-Match with 428', () =>
  inPanel(async ({ ask }) => {
    const booked = await ask('POST', '/api/v1/reservations', { body: BOOKING });
    const path = `/api/v1/reservations/${String(booked.json['reservationId'])}`;
    const seen = { 'if-match': String(booked.headers['etag']) };

    const first = await ask('PATCH', path, { headers: seen, body: { title: 'First' } });
    const second = await ask('PATCH', path, { headers: seen, body: { title: 'Second' } });
    const without = await ask('PATCH', path, { body: { title: 'Third' } });

    assert.is(first.status, 200);
    assert.is(first.json['version'], 2);
    assert.is(second.status, 412);
    assert.is(second.json['code'], 'version-differs');
    assert.is(without.status, 428);
    assert.is(without.json['code'], 'version-missing');
    assert.is((await ask('GET', path)).json['title'], 'First');
    for (const ifMatch of ['"2"', 'W/"2"', '*', String(first.headers['etag'])]) {
      const again = await ask('PATCH', path, {
        headers: { 'if-match': ifMatch },
        body: { title: 'First' },
      });
      assert.is(again.status, 200, ifMatch);
    }
    for (const ifMatch of ['"1"', '2x', '"abc"', '"-2"', '"2", "3"', '""']) {
      const headers = { 'if-match': ifMatch };
      assert.is((await ask('DELETE', path, { headers })).status, 412, ifMatch);
      assert.is((await ask('POST', `${path}/pins`, { headers })).status, 412, ifMatch);
    }
  }));

test('gives new PINs and keeps the number', () =>
  inPanel(async ({ ask }) => {
    const { json: before } = await ask('POST', '/api/v1/reservations', { body: BOOKING });

    const path = `/api/v1/reservations/${String(before['reservationId'])}/pins`;
    const { status, json: after } = await ask('POST', path);

    assert.is(status, 200);
    assert.is(after['number'], before['number']);
    assert.is.not(after['pin'], before['pin']);
    assert.is.not(after['adminPin'], before['adminPin']);
  }));

test('answers GET with If-None-Match of the present state with 304', () =>
  inPanel(async ({ ask }) => {
    const booked = await ask('POST', '/api/v1/reservations', { body: BOOKING });
    const path = `/api/v1/reservations/${String(booked.json['reservationId'])}`;
    const headers = { 'if-none-match': String(booked.headers['etag']) };

    assert.is((await ask('GET', path, { headers })).status, 304);
    await ask('PATCH', path, { headers: { 'if-match': '*' }, body: { title: 'New' } });
    assert.is((await ask('GET', path, { headers })).status, 200);
  }));

test('names every problem of a booking at its field, in the language that is asked for', () =>
  inPanel(async ({ ask }) => {
    const body = {
      start: '2026-03-01T11:09',
      end: '2026-03-16T11:00',
      emails: ['a@example.com, nobody', 'b@example.com', 'x@'],
      phones: ['22 350 09 08'],
    };

    const polish = await ask('POST', '/api/v1/reservations', { body });
    const english = await ask('POST', '/api/v1/reservations', {
      ...{ body, headers: { 'accept-language': 'en' } },
    });

    assert.is(polish.status, 422);
    assert.is(polish.headers['content-type'], 'application/problem+json; charset=utf-8');
    assert.is(polish.headers['content-language'], 'pl');
    assert.is(polish.json['code'], 'booking-refused');
    const problems = polish.json['problems'] as readonly Record<string, unknown>[];
    assert.equal(
      problems.map(({ code, pointer }) => [code, pointer]),
      [
        ['start-too-soon', '/start'],
        ['too-long', '/end'],
        ['bad-email', '/emails/0'],
        ['bad-email', '/emails/2'],
        ['landline', '/phones/0'],
      ],
    );
    assert.equal(problems[0]?.['facts'], { earliestStartAt: '2026-03-01T10:10:00.000Z' });
    assert.is(english.headers['content-language'], 'en');
    const [first] = english.json['problems'] as readonly Record<string, unknown>[];
    assert.match(String(first?.['detail']), /^The earliest start/u);
    assert.equal((await ask('GET', '/api/v1/reservations')).json['reservations'], []);
  }));

test('takes a start in exactly ten minutes, and asks which of two equal local times is meant', () =>
  inPanel(async ({ ask, clock }) => {
    const soon = { start: '2026-03-01T11:10', end: '2026-03-01T11:11' };
    assert.is((await ask('POST', '/api/v1/reservations', { body: soon })).status, 201);
    clock.stepWallclock(Date.parse('2026-10-20T10:00Z') - clock.wallclockMs());

    const body = { start: '2026-10-25T02:30', end: '2026-10-25T12:00' };
    const twice = await ask('POST', '/api/v1/reservations', { body });

    const [problem = {}] = twice.json['problems'] as readonly Record<string, unknown>[];
    assert.is(problem['code'], 'date-exists-twice');
    assert.is(problem['pointer'], '/start');
    const facts = problem['facts'] as Record<string, string>;
    assert.is(facts['earlierAt'], '2026-10-25T00:30:00.000Z');
    assert.is(facts['laterAt'], '2026-10-25T01:30:00.000Z');
    const chosen = { ...body, start: String(facts['laterAt']) };
    assert.is((await ask('POST', '/api/v1/reservations', { body: chosen })).status, 201);
  }));

test('tells a fourth booking when a place becomes free', () =>
  inPanel(async ({ ask }) => {
    for (let booking = 0; booking < 3; booking += 1) {
      assert.is((await ask('POST', '/api/v1/reservations', { body: BOOKING })).status, 201);
    }

    const fourth = await ask('POST', '/api/v1/reservations', { body: BOOKING });

    const [problem = {}] = fourth.json['problems'] as readonly Record<string, unknown>[];
    assert.is(problem['code'], 'too-many-active');
    assert.is(problem['pointer'], '');
    assert.equal(problem['facts'], {
      ...{ active: 3, allowed: 3, placeFreeAt: '2026-03-02T12:00:00.000Z' },
    });
  }));

test('checks a draft as it is typed, and keeps nothing', () =>
  inPanel(async ({ ask }) => {
    const empty = await ask('POST', '/api/v1/reservations/check', { body: { draft: {} } });
    const good = await ask('POST', '/api/v1/reservations/check', { body: { draft: BOOKING } });
    const bad = await ask('POST', '/api/v1/reservations/check', {
      body: { draft: { ...BOOKING, emails: ['nobody'] } },
    });

    assert.is(empty.status, 200, empty.text);
    assert.is(empty.json['earliestStartAt'], '2026-03-01T10:10:00.000Z');
    assert.is(empty.json['startAt'], null);
    assert.equal(good.json['problems'], []);
    assert.is(good.json['endAt'], '2026-03-02T11:00:00.000Z');
    assert.is(good.json['latestEndAt'], '2026-03-16T10:00:00.000Z');
    assert.equal(good.json['emailsAt'], ['2026-03-01T10:00:00.000Z', '2026-03-02T09:00:00.000Z']);
    const [problem = {}] = bad.json['problems'] as readonly Record<string, unknown>[];
    assert.is(problem['pointer'], '/emails/0');
    assert.equal((await ask('GET', '/api/v1/reservations')).json['reservations'], []);
  }));

test('shows participants what they need and no ADMIN PIN', () =>
  inPanel(async ({ ask }) => {
    const { json: booked } = await ask('POST', '/api/v1/reservations', { body: BOOKING });
    const token = String(booked['joinUrl']).split('/').at(-1) ?? '';

    const page = await ask('GET', `/api/v1/join/${token}`, { as: null });

    assert.is(page.status, 200);
    assert.is(page.json['pin'], booked['pin']);
    assert.is(page.json['organiser'], 'anna');
    assert.not.ok(page.text.includes(String(booked['adminPin'])));
    assert.not.ok(page.text.includes(String(booked['reservationId'])));
    const [access] = page.json['accessNumbers'] as readonly Record<string, string>[];
    assert.ok(access?.['telUri']?.endsWith(`${String(booked['pin'])}%23`));
    assert.is((await ask('GET', `/api/v1/join/${token}/calendar.ics`, { as: null })).status, 200);
    assert.is((await ask('GET', '/api/v1/join/guess', { as: null })).status, 404);
  }));

test.run();
