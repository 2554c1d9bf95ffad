import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Notice } from '../../server/notice/notice.ts';
import type { CallRecord } from '../../server/reservation/call-record.ts';
import { BOOKING, inPanel } from '../server/panel/panel-world.ts';
import { at } from '../server/reservation/sample-reservations.ts';

const RESERVATIONS = '/api/v1/reservations';

function visit(roomId: string, differences: Partial<CallRecord> = {}): CallRecord {
  return {
    callId: `c-${differences.caller ?? ''}`,
    via: 'phone',
    guestName: null,
    seatId: null,
    trunk: 'halonet',
    caller: '+48501234567',
    calledNumber: '223500908',
    diversions: [],
    room: '40213',
    roomId,
    enteredAtMs: at('2026-03-02T10:01:00Z'),
    role: 'participant',
    startAtMs: at('2026-03-02T10:00:30Z'),
    answerAtMs: at('2026-03-02T10:00:31Z'),
    endAtMs: at('2026-03-02T10:30:30Z'),
    cause: 'normal',
    codec: 'PCMA',
    packetsIn: 1,
    packetsOut: 1,
    packetsLost: 0,
    jitterMs: 0,
    dtmfMethod: null,
    ...differences,
  };
}

function notice(reservationId: string, differences: Partial<Notice> = {}): Notice {
  return {
    noticeId: 'n1',
    reservationId,
    profileId: 'anna',
    channel: 'email',
    kind: 'invitation',
    recipient: 'jan.kowalski@example.com',
    language: 'pl',
    payload: null,
    createdAtMs: at('2026-03-01T10:00Z'),
    dueAtMs: at('2026-03-01T10:00Z'),
    uselessAtMs: at('2026-03-02T11:00Z'),
    state: 'failed',
    attempts: 2,
    nextAttemptAtMs: at('2026-03-01T10:00Z'),
    stateAtMs: at('2026-03-01T10:05Z'),
    reason: 'smtp-550',
    providerId: null,
    segments: null,
    costMilli: null,
    ...differences,
  };
}

test('pages through the history, the latest first, each with its visits', () =>
  inPanel(async ({ ask, calls }) => {
    const ids: string[] = [];
    for (let booking = 0; booking < 5; booking += 1) {
      const { json } = await ask('POST', RESERVATIONS, { body: BOOKING });
      const id = String(json['reservationId']);
      ids.push(id);
      await ask('DELETE', `${RESERVATIONS}/${id}`);
    }
    calls.push(visit(ids[0] ?? ''), visit(ids[0] ?? '', { enteredAtMs: null }));

    const seen: unknown[] = [];
    let cursor: string | null = '';
    for (let page = 0; page < 4 && cursor !== null; page += 1) {
      const next = cursor === '' ? '' : `&cursor=${cursor}`;
      const { status, json } = await ask('GET', `/api/v1/history?limit=2${next}`);
      assert.is(status, 200);
      seen.push(...(json['reservations'] as unknown[]));
      cursor = json['nextCursor'] as string | null;
    }

    const rows = seen as readonly Record<string, unknown>[];
    assert.equal(rows.map((row) => row['reservationId']).sort(), [...ids].sort());
    assert.is(cursor, null);
    const [visited = {}] = rows.filter((row) => row['reservationId'] === ids[0]);
    assert.is(visited['visits'], 1);
    assert.is(visited['visitMinutes'], 30);
    const bad = await ask('GET', '/api/v1/history?cursor=abc');
    assert.is(bad.status, 400);
    assert.is((bad.json['problems'] as Record<string, unknown>[])[0]?.['pointer'], '/cursor');
    assert.equal((await ask('GET', '/api/v1/history', { as: 'eve' })).json['reservations'], []);
  }));

test('shows who was there with numbers masked, and as a table that no spreadsheet runs', () =>
  inPanel(async ({ ask, calls }) => {
    const { json } = await ask('POST', RESERVATIONS, {
      body: { ...BOOKING, title: 'Zażółć "x"\r\nSet-Cookie: a=b; ../../etc' },
    });
    const id = String(json['reservationId']);
    calls.push(visit(id), visit(id, { caller: null, role: 'moderator' }));
    calls.push(visit(id, { caller: '=cmd|calc' }), visit('other', { caller: '+48999888777' }));

    const data = await ask('GET', `${RESERVATIONS}/${id}/attendance`);
    const table = await ask('GET', `${RESERVATIONS}/${id}/attendance.csv`, {
      headers: { 'accept-language': 'en' },
    });

    const [first] = data.json['visits'] as unknown[];
    assert.equal(first, {
      name: '+48******567',
      how: 'phone',
      role: 'participant',
      joinedAt: '2026-03-02T10:01:00.000Z',
      leftAt: '2026-03-02T10:30:30.000Z',
    });
    assert.is(table.headers['content-type'], 'text/csv; charset=utf-8');
    assert.is(table.headers['set-cookie'], undefined);
    const disposition = String(table.headers['content-disposition']);
    assert.match(disposition, /^attachment; filename="[\w .()-]+"; filename\*=UTF-8''[\w%.~!-]+$/u);
    const lines = table.text.split('\r\n');
    assert.is(lines[0], '\uFEFFUczestnik,Sposób,Rola,Wejście,Wyjście,Minuty');
    assert.is(
      lines[1],
      "'+48******567,telefon,uczestnik,2026-03-02 11:01:00+01:00,2026-03-02 11:30:30+01:00,30",
    );
    assert.match(lines[2] ?? '', /^numer ukryty,telefon,moderator,/u);
    assert.not.match(lines[3] ?? '', /^[=+\-@]/u);
    assert.not.ok(table.text.includes('234'));
    assert.is(lines.length, 5);
  }));

test('shows guests by browser by the name they gave, no formula among them', () =>
  inPanel(async ({ ask, calls }) => {
    const { json } = await ask('POST', RESERVATIONS, { body: BOOKING });
    const id = String(json['reservationId']);
    for (const guestName of ['Zofia Gość', '=1+1']) {
      calls.push(visit(id, { via: 'browser', guestName, trunk: '', caller: null }));
    }

    const data = await ask('GET', `${RESERVATIONS}/${id}/attendance`);
    const table = await ask('GET', `${RESERVATIONS}/${id}/attendance.csv`);

    const visits = data.json['visits'] as readonly Record<string, unknown>[];
    assert.equal(
      visits.map(({ name, how }) => [name, how]),
      [
        ['Zofia Gość', 'browser'],
        ['=1+1', 'browser'],
      ],
    );
    const lines = table.text.split('\r\n');
    assert.match(lines[1] ?? '', /^Zofia Gość,przeglądarka,uczestnik,/u);
    assert.not.match(lines[2] ?? '', /^"?=/u);
  }));

test('calls of one seat that follow each other are one visit', () =>
  inPanel(async ({ ask, calls }) => {
    const { json } = await ask('POST', RESERVATIONS, { body: BOOKING });
    const id = String(json['reservationId']);
    const call = (seatId: string | null, entered: string, ended: string): number =>
      calls.push(
        visit(id, {
          ...{ via: 'browser', guestName: 'Zofia', seatId, trunk: '', caller: null },
          enteredAtMs: at(`2026-03-02T${entered}Z`),
          endAtMs: at(`2026-03-02T${ended}Z`),
        }),
      );
    call('seat-1', '10:00:00', '10:10:02');
    call('seat-1', '10:10:00', '10:20:00');
    call('seat-2', '10:15:00', '10:20:00');
    call('seat-1', '10:21:00', '10:30:00');
    call('seat-1', '10:31:01', '10:40:00');

    const data = await ask('GET', `${RESERVATIONS}/${id}/attendance`);

    const visits = data.json['visits'] as readonly Record<string, unknown>[];
    assert.equal(
      visits.map(({ joinedAt, leftAt }) => `${String(joinedAt)} ${String(leftAt)}`),
      [
        '2026-03-02T10:00:00.000Z 2026-03-02T10:30:00.000Z',
        '2026-03-02T10:15:00.000Z 2026-03-02T10:20:00.000Z',
        '2026-03-02T10:31:01.000Z 2026-03-02T10:40:00.000Z',
      ],
    );
  }));

test('names the calendar file after the conference and nothing else', () =>
  inPanel(async ({ ask }) => {
    const { json } = await ask('POST', RESERVATIONS, { body: { ...BOOKING, title: 'Łódź; a"b' } });

    const path = `${RESERVATIONS}/${String(json['reservationId'])}/calendar.ics`;
    const { headers, text } = await ask('GET', path);

    assert.is(
      headers['content-disposition'],
      `attachment; filename="Lodz_ a_b ${String(json['number'])}.ics"; filename*=UTF-8''%C5%81%C3%B3d%C5%BA%3B%20a%22b%20${String(json['number'])}.ics`,
    );
    assert.match(String(headers['content-type']), /^text\/calendar/u);
    assert.match(text, /^BEGIN:VCALENDAR/u);
  }));

test('shows notices, and sends one again that may be', () =>
  inPanel(async ({ ask, notices }) => {
    const { json } = await ask('POST', RESERVATIONS, { body: BOOKING });
    const id = String(json['reservationId']);
    notices.push(notice(id), notice(id, { noticeId: 'n2', state: 'sent' }));

    const list = await ask('GET', `${RESERVATIONS}/${id}/notices`);
    const again = await ask('POST', `${RESERVATIONS}/${id}/notices/n1/resend`);
    const sent = await ask('POST', `${RESERVATIONS}/${id}/notices/n2/resend`);
    const none = await ask('POST', `${RESERVATIONS}/${id}/notices/n3/resend`);

    const rows = list.json['notices'] as readonly Record<string, unknown>[];
    assert.equal(
      rows.map((row) => [row['noticeId'], row['mayResend']]),
      [
        ['n1', true],
        ['n2', false],
      ],
    );
    assert.is(again.status, 202);
    assert.is(again.json['state'], 'pending');
    assert.is(sent.status, 409);
    assert.is(sent.json['code'], 'not-resendable');
    assert.is(none.status, 404);
  }));

test('tells an administrator how the server is, with recipients masked', () =>
  inPanel(async ({ ask, notices, clock }) => {
    notices.push(notice('r1'), notice('r1', { channel: 'sms', recipient: '+48501234567' }));
    const startMs = clock.monotonicMs();

    const { status, json, text } = await ask('GET', '/api/v1/admin/health', { as: 'root' });

    assert.is(status, 200);
    assert.is(json['rooms'], 1);
    assert.is(json['people'], 3);
    assert.is(json['uptimeSeconds'], Math.floor((clock.monotonicMs() - startMs) / 1000));
    assert.equal(
      (json['failedNotices'] as readonly Record<string, unknown>[]).map((row) => row['recipient']),
      ['j***@example.com', '+48******567'],
    );
    assert.not.ok(text.includes('kowalski'));
  }));

test('tells everybody the rules and prices', () =>
  inPanel(async ({ ask }) => {
    const { status, json } = await ask('GET', '/api/v1/settings', { as: null });

    assert.is(status, 200);
    assert.equal(json['rules'], {
      earliestStartMinutes: 10,
      latestStartDays: 30,
      longestDays: 14,
      activePerProfile: 3,
      keptAfterEndMinutes: 60,
      earlyEntryMinutes: 5,
      maxParticipants: 30,
      reminderMinutes: 60,
      shortNoticeMinutes: 360,
      recipients: 200,
    });
    const sms = json['sms'] as Record<string, unknown>;
    assert.equal(sms['prices'], [{ prefix: '+48', perSegmentMilli: 160 }]);
  }));

test.run();
