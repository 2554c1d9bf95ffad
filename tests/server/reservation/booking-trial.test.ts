import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bookingRig } from './booking-rig.ts';
import { at, sampleReservation } from './sample-reservations.ts';

const NOW = at('2026-03-01T10:00:30Z');
const LIMITS = {
  earliestStartAtMs: at('2026-03-01T10:11Z'),
  latestStartAtMs: at('2026-03-31T10:00Z'),
};

test('an empty draft has no problems yet, and tells what can be chosen', () => {
  const { reservations } = bookingRig();

  assert.equal(reservations.check({ profileId: 'p' }, null, NOW), {
    ...LIMITS,
    problems: [],
    zone: 'Europe/Warsaw',
    latestEndAtMs: null,
    startAtMs: null,
    endAtMs: null,
    emails: [],
    phones: [],
    smsMoments: [],
  });
});

test('tells what was understood of a half good draft, and every problem', () => {
  const { reservations, recorder } = bookingRig();

  const preview = reservations.check(
    {
      profileId: 'p',
      start: '2026-03-02T11:00',
      end: 'later',
      emails: ['a@b.pl x'],
      phones: ['501234567', '22 350 09 08'],
      smsMoments: ['at-booking'],
    },
    null,
    NOW,
  );

  assert.equal(preview, {
    ...LIMITS,
    problems: [
      { code: 'bad-date', field: 'end', facts: { given: 'later' } },
      { code: 'bad-email', field: 'emails', facts: { given: 'x', index: 0 } },
      { code: 'landline', field: 'phones', facts: { given: '22 350 09 08', index: 1 } },
    ],
    zone: 'Europe/Warsaw',
    latestEndAtMs: at('2026-03-16T10:00Z'),
    startAtMs: at('2026-03-02T10:00Z'),
    endAtMs: null,
    emails: ['a@b.pl'],
    phones: ['+48501234567'],
    smsMoments: ['at-booking'],
  });
  assert.equal(recorder.events, []);
});

test('an end without a start is read, and compared with nothing', () => {
  const { reservations } = bookingRig();

  const preview = reservations.check({ profileId: 'p', end: '2020-01-01T00:00Z' }, null, NOW);

  assert.equal(preview.problems, []);
  assert.is(preview.endAtMs, at('2020-01-01T00:00Z'));
});

test('a start that is refused gives no latest end', () => {
  const { reservations } = bookingRig();

  const preview = reservations.check({ profileId: 'p', start: '2026-03-01T10:05Z' }, null, NOW);

  assert.equal(
    preview.problems.map(({ code }) => code),
    ['start-too-soon'],
  );
  assert.is(preview.startAtMs, at('2026-03-01T10:05Z'));
  assert.is(preview.latestEndAtMs, null);
});

test('a new one needs a place, a changed one has its own', () => {
  const first = ['r1', 'r2', 'r3'].map((reservationId) => sampleReservation({ reservationId }));
  const { reservations } = bookingRig({ first });
  const codes = (standing: (typeof first)[number] | null) =>
    reservations.check({ profileId: 'local' }, standing, NOW).problems.map(({ code }) => code);

  assert.equal(codes(null), ['too-many-active']);
  assert.equal(codes(first[0] ?? null), []);
});

test('a change is tried against what stands, and nothing is written', () => {
  const standing = sampleReservation({ zone: 'UTC' });
  const { reservations, store } = bookingRig({ first: [standing] });
  const during = at('2026-03-02T11:00Z');

  const preview = reservations.check({ profileId: 'local', title: 'North' }, standing, during);

  assert.equal(preview.problems, []);
  assert.is(preview.startAtMs, standing.startAtMs);
  assert.is(preview.latestEndAtMs, standing.startAtMs + 14 * 86_400_000);
  assert.is(preview.zone, 'UTC');
  assert.equal(preview.emails, standing.emails);
  assert.equal(store.byId('r1'), standing);
});

test('a change of what is over or deleted is told as such', () => {
  const over = sampleReservation();
  const deleted = sampleReservation({ deletedAtMs: NOW });
  const { reservations } = bookingRig();
  const codes = (standing: typeof over, nowMs: number) =>
    reservations.check({ profileId: 'local' }, standing, nowMs).problems.map(({ code }) => code);

  assert.equal(codes(over, over.endAtMs), ['already-over']);
  assert.equal(codes(over, over.endAtMs - 1), []);
  assert.equal(codes(deleted, NOW), ['not-found']);
});

test.run();
