import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { at } from '../reservation/sample-reservations.ts';
import { PlanDesk } from './plan-desk.ts';

const ONE = '+48501';
const TWO = '+48502';
const START = at('2026-03-02T10:00Z');
const END = at('2026-03-02T12:00Z');
const HOUR_MS = 3_600_000;
const BOTH = ['at-booking', 'before-start'] as const;

for (const [smsMoments, expected] of [
  [[], []],
  [['at-booking'], ['sms invitation +48501 08:00']],
  [['before-start'], ['sms reminder +48501 03-02 09:00']],
  [BOTH, ['sms invitation +48501 08:00', 'sms reminder +48501 03-02 09:00']],
] as const) {
  test(`each tick is on its own: ${smsMoments.join(' and ') || 'none'}`, () => {
    const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ phones: [ONE], smsMoments });

    assert.equal(desk.pending, expected);
  });
}

// The start is at 10:00. The 6 hours of e-mails do not matter.
for (const [now, expected] of [
  ['04:00:00', ['sms invitation +48501 04:00', 'sms reminder +48501 09:00']],
  ['08:59:59', ['sms invitation +48501 08:59:59', 'sms reminder +48501 09:00']],
  ['09:00:00', ['sms invitation +48501 09:00']],
  ['09:30:00', ['sms invitation +48501 09:30']],
] as const) {
  test(`booked at ${now} for 10:00: ${expected.join(', ')}`, () => {
    const desk = new PlanDesk({ now: `2026-03-02T${now}Z` });

    desk.book({ phones: [ONE], smsMoments: BOTH });

    assert.equal(desk.pending, expected);
  });
}

test('an invitation is of no use from the start on, a reminder 5 minutes later', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' });
  desk.book({ phones: [ONE], smsMoments: BOTH });

  assert.is(desk.waiting('invitation').uselessAtMs, START);
  assert.is(desk.waiting('reminder').uselessAtMs, START + 5 * 60_000);
});

test('a phone that is added after the start is told until the end', () => {
  const desk = new PlanDesk({ now: '2026-03-02T11:00Z' });
  desk.book({ phones: [], smsMoments: BOTH }).change({ phones: [ONE] });

  assert.equal(desk.pending, ['sms invitation +48501 11:00']);
  assert.is(desk.waiting('invitation').uselessAtMs, END);
});

test('a new time costs nothing unless it is asked for; the reminder that waits goes with the start', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' });
  desk.book({ phones: [ONE, TWO], smsMoments: BOTH }).until('2026-03-01T09:00Z');
  const later = { startAtMs: START + HOUR_MS, endAtMs: END + HOUR_MS };

  desk.change(later);
  const unasked = desk.pending;
  desk.change({ endAtMs: END + 2 * HOUR_MS }, 'send');

  assert.equal(unasked, ['sms reminder +48501 03-02 10:00', 'sms reminder +48502 03-02 10:00']);
  assert.equal(desk.pending, [
    'sms update +48501 09:00',
    'sms update +48502 09:00',
    'sms reminder +48501 03-02 10:00',
    'sms reminder +48502 03-02 10:00',
  ]);
});

test('asked for twice while it waits is asked for once', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' });
  desk.book({ phones: [ONE], smsMoments: ['at-booking'] });

  desk.change({ endAtMs: END + HOUR_MS }, 'send').change({ endAtMs: END }, 'send');

  assert.equal(desk.pending, ['sms invitation +48501 08:00']);
});

test('asking for SMS about a change tells those without ticks too', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ phones: [ONE] });

  desk.change({ endAtMs: END + HOUR_MS, phones: [ONE, TWO] }, 'send');

  assert.equal(desk.pending, ['sms update +48501 08:00', 'sms invitation +48502 08:00']);
});

test('a reminder whose time has passed by the new start is taken back, and comes again with a later one', () => {
  const desk = new PlanDesk({ now: '2026-03-02T07:00Z' });
  desk.book({ phones: [ONE], smsMoments: ['before-start'] });

  desk.change({ startAtMs: at('2026-03-02T08:00Z') });
  const near = desk.pending;
  desk.change({ startAtMs: at('2026-03-02T11:00Z') });

  assert.equal(near, []);
  assert.equal(desk.takenBack, ['sms reminder +48501: start-moved']);
  assert.equal(desk.pending, ['sms reminder +48501 10:00']);
});

for (const [smsAgain, expected] of [
  ['none', []],
  ['send', ['sms update +48501 09:30', 'sms reminder +48501 03-04 09:00']],
] as const) {
  test(`reminded already and moved by two days, SMS again: ${smsAgain}`, () => {
    const desk = new PlanDesk({ now: '2026-03-01T08:00Z' });
    desk.book({ phones: [ONE], smsMoments: ['before-start'] }).until('2026-03-02T09:30Z');

    desk.change({ startAtMs: START + 48 * HOUR_MS, endAtMs: END + 48 * HOUR_MS }, smsAgain);

    assert.equal(desk.pending, expected);
  });
}

test('a tick that is set later holds from then on, one that is taken out takes back what waits', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' }).book({ phones: [ONE] });

  desk.change({ smsMoments: BOTH });
  const set = desk.pending;
  desk.change({ smsMoments: [] });
  const takenOut = desk.pending;
  desk.change({ smsMoments: ['at-booking'] });

  assert.equal(set, ['sms invitation +48501 08:00', 'sms reminder +48501 03-02 09:00']);
  assert.equal(takenOut, []);
  assert.equal(desk.pending, ['sms invitation +48501 08:00']);
});

test('a tick that is set again does not tell again who was told', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' });
  desk.book({ phones: [ONE], smsMoments: ['at-booking'] }).until('2026-03-01T09:00Z');

  desk.change({ smsMoments: [] }).change({ smsMoments: ['at-booking'] });

  assert.equal(desk.pending, []);
});

test('removed phones and deletions take back what waits; no SMS tells of them', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' });
  desk.book({ phones: [ONE, TWO], smsMoments: BOTH }).until('2026-03-01T09:00Z');

  desk.change({ phones: [TWO] });
  const removed = desk.pending;
  desk.cancel();

  assert.equal(removed, ['sms reminder +48502 03-02 09:00']);
  assert.equal(desk.pending, []);
  assert.equal(desk.takenBack, [
    'sms reminder +48501: recipient-removed',
    'sms reminder +48502: deleted',
  ]);
});

test('an SMS that nobody can tell of counts as told: it is not sent again', () => {
  const desk = new PlanDesk({ now: '2026-03-01T08:00Z' });
  desk.book({ phones: [ONE], smsMoments: ['at-booking'] }).all('invitation', 'unknown');

  desk.change({ smsMoments: BOTH });

  assert.equal(desk.pending, ['sms reminder +48501 03-02 09:00']);
});

test.run();
