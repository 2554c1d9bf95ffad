import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { at } from '../reservation/sample-reservations.ts';
import { ORGANISER, PlanDesk } from './plan-desk.ts';

const ANNA = 'anna@example.com';
const BERT = 'bert@example.com';
const START = at('2026-03-02T10:00Z');
const END = at('2026-03-02T12:00Z');
const HOUR_MS = 3_600_000;

test('a booking invites every address at once and reminds it 1 hour before the start', () => {
  const desk = new PlanDesk({ now: '2026-03-01T10:00Z' }).book({ emails: [ANNA, BERT] });

  assert.equal(desk.pending, [
    'email invitation anna 10:00',
    'email invitation bert 10:00',
    'email reminder anna 03-02 09:00',
    'email reminder bert 03-02 09:00',
  ]);
  assert.is(desk.waiting('invitation').uselessAtMs, END);
  assert.is(desk.waiting('reminder').uselessAtMs, START + 5 * 60_000);
});

// The start is at 10:00: 6 hours before is 04:00:00.
for (const [now, shortNotice, expected] of [
  ['03:59:59', 'at-start', ['email invitation anna 03:59:59', 'email reminder anna 09:00']],
  ['04:00:00', 'at-start', ['email starting anna 10:00']],
  ['09:50:00', 'at-start', ['email starting anna 10:00']],
  ['03:59:59', 'at-booking', ['email invitation anna 03:59:59', 'email reminder anna 09:00']],
  ['04:00:00', 'at-booking', ['email invitation anna 04:00']],
  ['03:59:59', 'both', ['email invitation anna 03:59:59', 'email reminder anna 09:00']],
  ['04:00:00', 'both', ['email invitation anna 04:00', 'email starting anna 10:00']],
  // Booked for a start that has come already, as the demonstration is.
  ['10:00:00', 'at-start', ['email invitation anna 10:00']],
  ['10:30:00', 'both', ['email invitation anna 10:30']],
] as const) {
  test(`booked at ${now} for 10:00 with shortNotice ${shortNotice}: ${expected.join(', ')}`, () => {
    const desk = new PlanDesk({ now: `2026-03-02T${now}Z`, rules: { shortNotice } });

    desk.book({ emails: [ANNA] });

    assert.equal(desk.pending, expected);
  });
}

test('nobody is reminded of what they are invited to at the same moment', () => {
  const desk = new PlanDesk({ now: '2026-03-02T09:00Z', rules: { shortNoticeMs: 0 } });

  desk.book({ emails: [ANNA] });

  assert.equal(desk.pending, ['email invitation anna 09:00']);
});

for (const [night, start, reminder] of [
  // In Warsaw, 01:00 UTC is when 02:00 becomes 03:00: an hour before 03:30 it is 01:30.
  ['spring', '2026-03-29T01:30Z', '2026-03-29T00:30Z'],
  // And 01:00 UTC is when 03:00 becomes 02:00: an hour before 02:30 it is 02:30.
  ['autumn', '2026-10-25T01:30Z', '2026-10-25T00:30Z'],
  ['leap day', '2028-02-29T00:30Z', '2028-02-28T23:30Z'],
  ["year's end", '2027-01-01T00:30Z', '2026-12-31T23:30Z'],
] as const) {
  test(`reminds one real hour before a start in the night of the ${night}`, () => {
    const startAtMs = at(start);
    const desk = new PlanDesk({ now: new Date(startAtMs - 24 * HOUR_MS).toISOString() });

    desk.book({ emails: [ANNA], startAtMs, endAtMs: startAtMs + HOUR_MS });

    assert.is(desk.waiting('reminder').dueAtMs, at(reminder));
  });
}

test('6 hours are 6 real hours in the night that loses one', () => {
  const startAtMs = at('2026-03-29T04:00Z');
  const span = { startAtMs, endAtMs: startAtMs + HOUR_MS };
  const near = new PlanDesk({ now: '2026-03-28T22:00Z' }).book({ emails: [ANNA], ...span });
  const far = new PlanDesk({ now: '2026-03-28T21:59:59Z' }).book({ emails: [ANNA], ...span });

  assert.equal(near.pending, ['email starting anna 03-29 04:00']);
  assert.is(far.pending.length, 2);
});

test('a new time is told to those who were invited; their reminder goes with the start', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });
  desk.until('2026-03-01T09:00Z');

  desk.change({ startAtMs: START + 2 * HOUR_MS, endAtMs: END + 2 * HOUR_MS });

  assert.equal(desk.pending, ['email update anna 09:00', 'email reminder anna 03-02 11:00']);
  assert.is(desk.waiting('reminder').nextAttemptAtMs, START + HOUR_MS);
});

for (const [what, change] of [
  ['the end', { endAtMs: END + HOUR_MS }],
  ['the PIN', { pin: '91827', adminPin: '5520932' }],
  ['the title', { title: 'Sales, north' }],
  ['the note', { note: 'Bring figures.' }],
  ['the zone', { zone: 'Europe/Kyiv' }],
] as const) {
  test(`${what}: an update goes to everybody who knows of the conference`, () => {
    const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA, BERT] });
    desk.until('2026-03-01T09:00Z');

    desk.change(change);

    assert.equal(
      desk.pending.filter((line) => line.includes('update')),
      ['email update anna 09:00', 'email update bert 09:00'],
    );
  });
}

for (const [what, change] of [
  ['announcements', { announcements: 'off' }],
  ['the ADMIN PIN alone', { adminPin: '5520932' }],
  ['phones', { phones: ['+48501234567'] }],
] as const) {
  test(`${what}: no participant is told`, () => {
    const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });
    desk.until('2026-03-01T09:00Z');

    desk.change(change);

    assert.equal(desk.pending, ['email reminder anna 03-02 09:00']);
  });
}

test('an invitation that waits carries the change: no update follows it', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });

  desk.change({ startAtMs: START + HOUR_MS, endAtMs: END + HOUR_MS, language: 'en' });

  assert.equal(desk.pending, ['email invitation anna 08:00', 'email reminder anna 03-02 10:00']);
  assert.is(desk.waiting('invitation').uselessAtMs, END + HOUR_MS);
  assert.is(desk.waiting('invitation').language, 'en');
});

test('an invitation that is under way does not: the update follows it', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });
  desk.all('invitation', 'sending');

  desk.change({ title: 'Sales, north' });

  assert.equal(desk.pending, ['email update anna 08:00', 'email reminder anna 03-02 09:00']);
});

test('an update that waits carries the next change', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });
  desk.until('2026-03-01T09:00Z').change({ title: 'North' }).change({ title: 'South' });

  assert.equal(desk.pending, ['email update anna 09:00', 'email reminder anna 03-02 09:00']);
});

test('who could not be reached at all is not told of changes', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });
  desk.all('invitation', 'failed', 'smtp-550');

  desk.change({ title: 'North' });

  assert.equal(desk.pending, ['email reminder anna 03-02 09:00']);
});

test('a reminder whose time has passed by the new start is not sent: the update says it', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });
  desk.until('2026-03-02T07:00Z');

  desk.change({ startAtMs: at('2026-03-02T07:30Z') });

  assert.equal(desk.pending, ['email update anna 07:00']);
  assert.equal(desk.takenBack, ['email reminder anna: start-moved']);
});

// The reminder went out at 09:00 for 10:00; at 09:30 the start moves.
for (const [start, expected] of [
  ['2026-03-02T15:30', ['email update anna 09:30']],
  ['2026-03-02T15:31', ['email update anna 09:30', 'email reminder anna 14:31']],
  ['2026-03-04T10:00', ['email update anna 09:30', 'email reminder anna 03-04 09:00']],
] as const) {
  test(`reminded already, moved to ${start}: ${expected.join(', ')}`, () => {
    const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });
    desk.until('2026-03-02T09:30Z');

    desk.change({ startAtMs: at(`${start}Z`), endAtMs: at(`${start}Z`) + HOUR_MS });

    assert.equal(desk.pending, expected);
  });
}

test('who waits for the only message at the start is told as if booked now when the start moves', () => {
  const desk = new PlanDesk({ now: '2026-03-02T08:00Z' }).book({ emails: [ANNA] });

  desk.change({ startAtMs: START + HOUR_MS, endAtMs: END + HOUR_MS });
  const nearer = desk.pending;
  desk.change({ startAtMs: START + 48 * HOUR_MS, endAtMs: END + 48 * HOUR_MS });

  assert.equal(nearer, ['email starting anna 11:00']);
  assert.equal(desk.pending, ['email invitation anna 08:00', 'email reminder anna 03-04 09:00']);
});

test('with both, the message at the start becomes a reminder when the start moves far away', () => {
  const desk = new PlanDesk({ now: '2026-03-02T08:00Z', rules: { shortNotice: 'both' } });
  desk.book({ emails: [ANNA] }).until('2026-03-02T08:10Z');

  desk.change({ startAtMs: START + 48 * HOUR_MS, endAtMs: END + 48 * HOUR_MS });

  assert.equal(desk.pending, ['email update anna 08:10', 'email reminder anna 03-04 09:00']);
  assert.equal(desk.takenBack, ['email starting anna: start-moved']);
});

test('an added address is invited at once, however near the start is', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });
  desk.until('2026-03-01T09:00Z').change({ emails: [ANNA, BERT] });
  const early = desk.pending;
  desk.until('2026-03-02T08:00Z').change({ emails: [ANNA, BERT, 'carl@example.com'] });
  const late = desk.pending;
  desk.until('2026-03-02T10:30Z').change({ emails: [ANNA, 'dora@example.com'] });

  assert.equal(early, [
    'email invitation bert 09:00',
    'email reminder anna 03-02 09:00',
    'email reminder bert 03-02 09:00',
  ]);
  assert.equal(late, [
    'email invitation carl 08:00',
    'email reminder anna 09:00',
    'email reminder bert 09:00',
  ]);
  assert.equal(desk.pending, [
    'email cancellation bert 10:30',
    'email cancellation carl 10:30',
    'email invitation dora 10:30',
  ]);
});

for (const [shortNotice, expected] of [
  ['at-start', ['email invitation bert 05:00', 'email starting anna 10:00']],
  ['at-booking', ['email invitation bert 05:00']],
  [
    'both',
    ['email invitation bert 05:00', 'email starting anna 10:00', 'email starting bert 10:00'],
  ],
] as const) {
  test(`added 5 hours before the start with shortNotice ${shortNotice}: ${expected.join(', ')}`, () => {
    const desk = new PlanDesk({ now: '2026-03-02T04:00Z', rules: { shortNotice } });
    desk.book({ emails: [ANNA] }).until('2026-03-02T05:00Z');

    desk.change({ emails: [ANNA, BERT] });

    assert.equal(desk.pending, expected);
  });
}

test('a removed address gets a cancellation if it was told, and nothing more if it was not', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });
  desk.until('2026-03-01T09:00Z').change({ emails: [ANNA, BERT] });

  desk.change({ emails: [] });

  assert.equal(desk.pending, ['email cancellation anna 09:00']);
  assert.equal(desk.takenBack, [
    'email reminder anna: recipient-removed',
    'email invitation bert: recipient-removed',
    'email reminder bert: recipient-removed',
  ]);
});

test('who may have got the invitation before a crash is told of the cancellation', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });
  desk.all('invitation', 'pending', 'interrupted');

  desk.cancel();

  assert.equal(desk.pending, ['email cancellation anna 08:00']);
});

test('who is removed and added again is invited again', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });
  desk.until('2026-03-01T09:00Z').change({ emails: [] }).until('2026-03-01T09:10Z');

  desk.change({ emails: [ANNA] });

  assert.equal(desk.pending, ['email invitation anna 09:10', 'email reminder anna 03-02 09:00']);
});

test('a cancellation that has not gone out is taken back when its address returns', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });
  desk.until('2026-03-01T09:00Z').change({ emails: [] });

  desk.change({ emails: [ANNA] });

  assert.equal(desk.pending, ['email invitation anna 09:00', 'email reminder anna 03-02 09:00']);
  assert.equal(desk.takenBack.at(-1), 'email cancellation anna: overtaken');
});

test('a deletion tells everybody who was told anything, and takes back the rest', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });
  desk.until('2026-03-01T09:00Z').change({ emails: [ANNA, BERT] });

  desk.cancel();

  assert.equal(desk.pending, ['email cancellation anna 09:00']);
  assert.is(desk.waiting('cancellation').uselessAtMs, END);
  assert.is(desk.takenBack.length, 3);
});

test('a deletion tells nobody twice who was taken off the list before', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA, BERT] });
  desk.until('2026-03-01T09:00Z').change({ emails: [BERT] });
  const waiting = desk.pending.filter((line) => line.includes('anna'));
  desk.cancel();
  const twoWait = desk.pending;
  desk.until('2026-03-01T10:00Z').cancel();

  assert.equal(waiting, ['email cancellation anna 09:00']);
  assert.equal(twoWait, ['email cancellation anna 09:00', 'email cancellation bert 09:00']);
  assert.equal(desk.pending, []);
});

test('the deletion of what is over tells nobody', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z', organiser: ORGANISER });
  desk
    .book({ emails: [ANNA] })
    .until('2026-03-02T12:00Z')
    .cancel();

  assert.equal(desk.pending, []);
});

test('an end that moves before now is still told to those who count on the old one', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });
  desk.until('2026-03-02T11:00Z').change({ endAtMs: at('2026-03-02T10:59Z') });

  assert.equal(desk.pending, ['email update anna 11:00']);
  assert.is(desk.waiting('update').uselessAtMs, END);
});

test('an extension during the conference is told to the organiser alone', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z', organiser: ORGANISER });
  desk.book({ emails: [ANNA, BERT] }).until('2026-03-02T11:50Z');

  const first = desk.extend('2026-03-02T12:15Z').pending;
  const again = desk.extend('2026-03-02T12:30Z').pending;

  assert.equal(first, ['email organiser-changed olga 11:50']);
  assert.equal(again, first);
  assert.is(desk.waiting('organiser-changed').uselessAtMs, at('2026-03-02T12:30Z'));
});

test('what waits goes with the end that an extension gives', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });
  desk
    .until('2026-03-02T11:40Z')
    .change({ emails: [ANNA, BERT] })
    .extend('2026-03-02T13:00Z');

  assert.equal(desk.pending, ['email invitation bert 11:40']);
  assert.is(desk.waiting('invitation').uselessAtMs, at('2026-03-02T13:00Z'));
});

test('addresses of a reservation that was made before there were notices are invited at its first change', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ emails: [ANNA] });
  desk.notices = [];

  desk.change({ title: 'North' });

  assert.equal(desk.pending, ['email invitation anna 08:00', 'email reminder anna 03-02 09:00']);
});

test('the organiser gets a mail of their own in their language at booking, change and deletion', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z', organiser: ORGANISER }).book({});
  const booked = desk.waiting('organiser-booked');
  desk.change({ title: 'North' });
  const carried = desk.pending;
  desk.until('2026-03-01T09:00Z').change({ pin: '91827' });
  const changed = desk.pending;
  desk.until('2026-03-01T10:00Z').change({ announcements: 'off' });
  const quiet = desk.pending;
  desk.cancel();

  assert.is(booked.recipient, ORGANISER.email);
  assert.is(booked.language, 'en');
  assert.equal(carried, ['email organiser-booked olga 08:00']);
  assert.equal(changed, ['email organiser-changed olga 09:00']);
  assert.equal(quiet, []);
  assert.equal(desk.pending, ['email organiser-deleted olga 10:00']);
});

test('without an account there is no organiser to mail', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z', organiser: null }).book({});

  assert.equal(desk.pending, []);
  assert.equal(desk.change({ pin: '91827' }).cancel().pending, []);
});

test.run();
