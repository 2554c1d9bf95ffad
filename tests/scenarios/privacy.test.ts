import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection } from '../../db/open-database.ts';
import type { CallRecord } from '../../server/reservation/call-record.ts';
import { OrganisingRig } from '../support/organising-rig.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const EMAIL = 'Zofia.Gosc@Example.org';
const PHONE = '+48501234567';

function call(differences: Partial<CallRecord>): CallRecord {
  return {
    callId: 'c1',
    via: 'phone',
    guestName: null,
    seatId: null,
    trunk: 'carrier',
    caller: '501234567',
    calledNumber: '223500908',
    diversions: [],
    room: '12345',
    roomId: 'room',
    enteredAtMs: 1,
    role: 'participant',
    startAtMs: 1,
    answerAtMs: 1,
    endAtMs: 2,
    cause: 'hung-up',
    codec: 'PCMA',
    packetsIn: 1,
    packetsOut: 1,
    packetsLost: 0,
    jitterMs: 0,
    dtmfMethod: null,
    ...differences,
  };
}

/** Everything of every table, in lower case. */
function wholeDatabase(connection: Connection): string {
  const tables = connection
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
    .pluck()
    .all();
  assert.ok(tables.length > 12);
  return tables
    .map((table) => JSON.stringify(connection.prepare(`SELECT * FROM "${table}"`).all()))
    .join('\n')
    .toLowerCase();
}

/** Somebody's data everywhere it can be. */
async function fill(rig: OrganisingRig): Promise<string> {
  const { reservations, contacts, callLog, webhooks, keptAnswers, ledger } = rig.organising;
  const profileId = await rig.account('organiser@example.org');
  webhooks.create(
    profileId,
    {
      url: 'https://127.0.0.1/hook',
      events: ['reservation.booked', 'notice.sent'],
      state: 'on',
    },
    rig.nowMs,
  );
  const outcome = reservations.book(
    {
      profileId,
      start: rig.nowMs + 10 * HOUR_MS,
      end: rig.nowMs + 11 * HOUR_MS,
      title: `Talk with ${EMAIL}`,
      note: 'Call 501234567 when late.',
      emails: [EMAIL, 'other@example.org'],
      phones: ['501 234 567', '601 234 567'],
      smsMoments: ['at-booking', 'before-start'],
    },
    rig.nowMs,
  );
  assert.is(outcome.outcome, 'booked', JSON.stringify(outcome));
  contacts.add(profileId, { name: 'Zofia', email: EMAIL, phone: PHONE, groupIds: [] });
  contacts.add(profileId, { name: 'Other', email: 'other@example.org', phone: null, groupIds: [] });
  callLog.add(call({}));
  callLog.add(call({ callId: 'c2', caller: '0048501234567' }));
  callLog.add(call({ callId: 'c3', caller: '601234567' }));
  keptAnswers.keep({
    profileId,
    route: 'POST /reservations',
    key: 'k',
    bodyHash: 'h',
    status: 201,
    answer: JSON.stringify({ json: { emails: [EMAIL], phones: [PHONE] } }),
    createdAtMs: rig.nowMs,
  });
  ledger.add({
    entryId: 'e',
    profileId,
    atMs: rig.nowMs,
    amountMilli: 1000,
    reason: 'top-up',
    noticeId: null,
    note: `paid by ${EMAIL}`,
  });
  rig.organising.wake();
  await rig.run(20_000);
  return profileId;
}

test('exports everything that is held about an address or a number, and nothing of others', async () => {
  const rig = new OrganisingRig();
  await fill(rig);

  const byEmail = rig.organising.retention.export(` ${EMAIL.toLowerCase()} `);
  const byPhone = rig.organising.retention.export('0048 501-234-567');
  const nobody = rig.organising.retention.export('nobody@example.org');

  assert.equal(Object.keys(byEmail ?? {}).sort(), [
    'contacts',
    'joinLinks',
    'keptAnswers',
    'ledger',
    'notices',
    'reservationsInvitedTo',
    'webhookDeliveries',
  ]);
  assert.equal(Object.keys(byPhone ?? {}).sort(), [
    'calls',
    'contacts',
    'keptAnswers',
    'notices',
    'reservationsInvitedTo',
    'webhookDeliveries',
  ]);
  assert.is(byPhone?.['calls']?.length, 2);
  assert.not.match(JSON.stringify(byEmail?.['notices']).toLowerCase(), /other@|601234567/u);
  assert.equal(nobody, {});
  assert.is(rig.organising.retention.export('neither'), null);
  await rig.close();
});

test('exports all that an account has, without secrets', async () => {
  const rig = new OrganisingRig();
  const profileId = await fill(rig);
  const { accounts, contacts, retention } = rig.organising;
  const token = { name: 'Calendar', scopes: ['account:read'], lifeMs: null } as const;
  const made = accounts.addToken(profileId, token, rig.nowMs);
  contacts.addGroup(profileId, 'Board');

  const held = retention.export('organiser@example.org') ?? {};

  assert.equal(Object.keys(held).sort(), [
    'account',
    'apiTokens',
    'contactGroups',
    'contactsKept',
    'keptAnswers',
    'ledger',
    'notices',
    'reservationsOrganised',
    'sessions',
    'webhookDeliveries',
    'webhooks',
  ]);
  assert.is(held['contactsKept']?.length, 2);
  const text = JSON.stringify(held);
  assert.not.ok(text.includes(made.secret));
  assert.not.match(text, /hash|secret/u);
  await rig.close();
});

test('whom a call was meant for before is found and erased, and others of the same call stay', async () => {
  const rig = new OrganisingRig();
  const { callLog, retention } = rig.organising;
  const mine = { number: '501234567', reason: 'no-answer' };
  const other = { number: '601234567', reason: 'user-busy' };
  callLog.add(call({ callId: 'd1', caller: '701234567', diversions: [other, mine] }));
  callLog.add(call({ callId: 'd2', caller: '701234567', diversions: [other] }));

  const found = retention.export(PHONE)?.['callsDiverted'] ?? [];
  const counts = retention.erase(PHONE, rig.nowMs);

  assert.is(found.length, 1);
  assert.match(JSON.stringify(found), /501234567/u);
  assert.not.match(JSON.stringify(found), /601234567|701234567/u);
  assert.is(counts?.['diversions'], 1);
  const kept = callLog.ofRoom('room').map(({ diversions }) => diversions);
  assert.equal(kept, [[other, { number: '', reason: 'no-answer' }], [other]]);
  assert.is(retention.export(PHONE)?.['callsDiverted'], undefined);
  for (const file of [rig.file, `${rig.file}-wal`]) {
    assert.not.match(readFileSync(file).toString('latin1'), /501234567/u, file);
  }
  await rig.close();
});

test('a name that a guest gave goes when it is the address', async () => {
  const rig = new OrganisingRig();
  const { callLog, retention } = rig.organising;
  const guest = { via: 'browser', trunk: '', caller: null } as const;
  callLog.add(call({ ...guest, callId: 'g1', guestName: `Zofia ${EMAIL}` }));
  callLog.add(call({ ...guest, callId: 'g2', guestName: 'Other' }));
  assert.is(retention.export(EMAIL)?.['calls']?.length, 1);

  retention.erase(EMAIL, rig.nowMs);

  assert.equal(
    callLog.ofRoom('room').map(({ guestName }) => guestName),
    ['Zofia […]', 'Other'],
  );
  await rig.close();
});

test('after erasure neither table nor file holds the address or the number, and others are untouched', async () => {
  const rig = new OrganisingRig();
  await fill(rig);
  const { retention, contacts } = rig.organising;

  retention.erase(EMAIL, rig.nowMs);
  retention.erase(PHONE, rig.nowMs);

  const held = wholeDatabase(rig.database);
  assert.not.match(held, /zofia\.gosc@/u);
  assert.not.match(held, /501234567/u);
  assert.match(held, /other@example\.org/u);
  assert.match(held, /\+48601234567/u);
  for (const file of [rig.file, `${rig.file}-wal`]) {
    const bytes = readFileSync(file).toString('latin1').toLowerCase();
    assert.not.match(bytes, /zofia\.gosc@|501234567/u, file);
  }
  const [profileId = ''] = contactsOwner(rig.database);
  assert.equal(
    contacts.list(profileId).contacts.map(({ name }) => name),
    ['Other'],
  );
  await rig.close();
});

test('a notice to an erased person is never sent, and what its SMS would have cost is given back', async () => {
  const rig = new OrganisingRig();
  const profileId = await fill(rig);
  const sent = rig.post.texts.length;
  const spent = rig.organising.notices.funds(profileId, rig.nowMs).spentThisMonthMilli;

  rig.organising.retention.erase(PHONE, rig.nowMs);
  await rig.run(DAY_MS);

  assert.is(sent, 2);
  assert.equal(
    rig.post.texts.slice(sent).map(({ to }) => to),
    ['+48601234567'],
  );
  assert.is(spent, 4 * 160);
  assert.is(rig.organising.notices.funds(profileId, rig.nowMs).spentThisMonthMilli, 3 * 160);
  await rig.close();
});

test('an account that is erased tells its guests, and then leaves nothing behind', async () => {
  const rig = new OrganisingRig();
  await rig.account('boss@example.org', 'administrator');
  const profileId = await fill(rig);

  rig.organising.retention.erase('organiser@example.org', rig.nowMs);
  rig.organising.wake();
  await rig.run(60_000);
  await rig.organising.retention.purge(rig.nowMs, noPause);

  const cancelled = rig.post.mails.filter(({ calendar }) => calendar?.method === 'CANCEL');
  assert.equal(cancelled.map(({ to }) => to.toLowerCase()).sort(), [
    'other@example.org',
    EMAIL.toLowerCase(),
  ]);
  const held = wholeDatabase(rig.database);
  assert.not.match(held, /organiser@example\.org/u);
  assert.not.match(held, new RegExp(profileId, 'u'));
  await rig.close();
});

test('removes at night what is older than the settings say, and keeps what is not', async () => {
  const rig = new OrganisingRig({
    retention: { reservationDays: 90, callLogDays: 10, noticeDays: 20 },
  });
  await fill(rig);
  const count = (table: string): unknown =>
    rig.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  await rig.run(11 * HOUR_MS);
  const notices = count('notice');

  rig.clock.stepWallclock(19 * DAY_MS);
  rig.organising.callLog.add(call({ callId: 'new', endAtMs: rig.nowMs }));
  await rig.organising.retention.purge(rig.nowMs, noPause);
  const young = [count('reservation'), count('notice'), count('call_record')];
  rig.clock.stepWallclock(2 * DAY_MS);
  await rig.organising.retention.purge(rig.nowMs, noPause);
  const older = [count('reservation'), count('notice')];
  rig.clock.stepWallclock(70 * DAY_MS);
  await rig.organising.retention.purge(rig.nowMs, noPause);

  assert.ok(Number(notices) > 4);
  assert.equal(young, [1, notices, 1]);
  assert.equal(older, [1, 0]);
  assert.equal([count('reservation'), count('notice')], [0, 0]);
  await rig.close();
});

test('who was told of a standing conference is remembered, however long ago that was', async () => {
  const rig = new OrganisingRig({ retention: { noticeDays: 20 } });
  const { reservations, retention } = rig.organising;
  const profileId = await rig.account('organiser@example.org');
  const start = rig.nowMs + 30 * DAY_MS;
  const outcome = reservations.book(
    { profileId, start, end: start + HOUR_MS, emails: ['guest@example.org'] },
    rig.nowMs,
  );
  assert.is(outcome.outcome, 'booked');
  rig.organising.wake();
  await rig.run(60_000);

  rig.clock.stepWallclock(25 * DAY_MS);
  await retention.purge(rig.nowMs, noPause);
  const [standing] = reservations.list({ profileId }, rig.nowMs);
  reservations.cancel({ reservationId: standing?.reservationId ?? '' }, rig.nowMs);
  rig.organising.wake();
  await rig.run(60_000);

  const guests = rig.post.mails.filter(({ to }) => to === 'guest@example.org');
  assert.equal(
    guests.map(({ calendar }) => calendar?.method),
    ['REQUEST', 'CANCEL'],
  );
  await rig.close();
});

test('the number of an account that is gone rests as long as any other', async () => {
  const rig = new OrganisingRig();
  await rig.account('boss@example.org', 'administrator');
  await fill(rig);
  const { reservations, retention } = rig.organising;
  const number = reservations.list('all', rig.nowMs)[0]?.number ?? '';
  const goneAtMs = rig.nowMs;
  retention.erase('organiser@example.org', goneAtMs);
  rig.organising.wake();
  await rig.run(60_000);

  await retention.purge(rig.nowMs, noPause);
  const inRest = reservations.isNumberTaken(number, goneAtMs + 90 * DAY_MS - 1);
  rig.clock.stepWallclock(90 * DAY_MS);
  await retention.purge(rig.nowMs, noPause);

  assert.equal(reservations.list('all', goneAtMs), []);
  assert.is(inRest, true);
  assert.is(reservations.isNumberTaken(number, goneAtMs + 90 * DAY_MS), false);
  assert.is(rig.database.prepare('SELECT count(*) FROM resting_number').pluck().get(), 0);
  await rig.close();
});

test('removes at night in slices, and lets others have their turn between them', async () => {
  const rig = new OrganisingRig();
  for (let index = 0; index < 450; index += 1) {
    rig.organising.callLog.add(call({ callId: `old ${index}` }));
  }
  let pauses = 0;

  const { calls } = await rig.organising.retention.purge(rig.nowMs, async () => {
    pauses += 1;
  });

  assert.is(calls, 450);
  assert.ok(pauses >= 4, String(pauses));
  await rig.close();
});

async function noPause(): Promise<void> {
  // Nobody else is here.
}

function contactsOwner(connection: Connection): readonly string[] {
  return connection.prepare<[], string>('SELECT DISTINCT profile_id FROM contact').pluck().all();
}

test.run();
