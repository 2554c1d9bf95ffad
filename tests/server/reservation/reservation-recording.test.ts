import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BookingProblem } from '../../../server/reservation/booking-problem.ts';
import { bookingRig, codesOf, granted, type Outcome } from './booking-rig.ts';
import { at, sampleReservation } from './sample-reservations.ts';

const NOW = at('2026-03-01T10:00:30Z');
const DURING = at('2026-03-02T11:00Z');
const SAMPLE = sampleReservation({ phones: ['+48501234567'], smsMoments: ['at-booking'] });
const REQUEST = { profileId: 'p', start: '2026-03-02T11:00', end: '2026-03-02T13:00' };
const NO_FUNDS: BookingProblem = {
  code: 'no-funds',
  field: 'phones',
  facts: { costMilli: 160, availableMilli: 0, currency: 'PLN' },
};

test('a booking is recorded with what was kept', () => {
  const { reservations, recorder } = bookingRig();

  const reservation = granted(reservations.book(REQUEST, NOW));

  assert.equal(recorder.events, [{ type: 'booked', reservation }]);
  assert.is(reservation.version, 1);
});

test('each change is recorded with what stood before and makes one more version', () => {
  const { reservations, recorder } = bookingRig({ first: [SAMPLE] });

  const renamed = granted(reservations.change('r1', { title: 'North' }, NOW));
  const again = granted(reservations.change('r1', { smsAgain: 'send' }, NOW));
  const repinned = granted(reservations.newPins('r1', NOW));
  const extended = granted(reservations.extend('r1', 15, DURING));
  const cancelled = granted(reservations.cancel({ reservationId: 'r1' }, DURING));

  assert.equal(recorder.events, [
    { type: 'changed', reservation: renamed, before: SAMPLE, smsAgain: 'none' },
    { type: 'changed', reservation: again, before: renamed, smsAgain: 'send' },
    { type: 'changed', reservation: repinned, before: again, smsAgain: 'none' },
    { type: 'extended', reservation: extended, before: repinned },
    { type: 'cancelled', reservation: cancelled },
  ]);
  assert.equal(
    [renamed, again, repinned, extended, cancelled].map(({ version }) => version),
    [2, 3, 4, 5, 6],
  );
});

test('a change that changes nothing is neither written nor recorded', () => {
  const { reservations, recorder, store } = bookingRig({ first: [SAMPLE] });
  const same = {
    start: '2026-03-02T11:00',
    end: '2026-03-02T12:00:40Z',
    title: ' Sales ',
    note: '\n',
    emails: ['anna@example.com, ANNA@example.com'],
    phones: ['501 234 567'],
    smsMoments: ['at-booking', 'at-booking'],
    announcements: 'tone',
    language: 'pl',
    zone: 'Europe/Warsaw',
  } as const;

  const outcome = reservations.change('r1', same, DURING);
  const empty = reservations.change('r1', {}, DURING);

  assert.equal(outcome, { outcome: 'changed', reservation: SAMPLE, before: SAMPLE });
  assert.equal(empty, outcome);
  assert.equal(recorder.events, []);
  assert.equal(store.byId('r1'), SAMPLE);
});

test('an address that is written in another case is the address that stands', () => {
  const first = [sampleReservation({ emails: ['Anna@Example.com', 'b@example.com'] })];
  const { reservations } = bookingRig({ first });

  const change = { emails: ['c@example.com', 'anna@example.com', 'b@example.com'] };
  const { emails } = granted(reservations.change('r1', change, NOW));

  assert.equal(emails, ['c@example.com', 'Anna@Example.com', 'b@example.com']);
});

test('asking for an SMS about a change means nothing without numbers', () => {
  const { reservations, recorder } = bookingRig({ first: [sampleReservation()] });

  assert.is(granted(reservations.change('r1', { smsAgain: 'send' }, NOW)).version, 1);
  assert.equal(recorder.events, []);
});

test('what the recorder refuses is undone as a whole and told', () => {
  const { reservations, recorder, store } = bookingRig({ first: [SAMPLE] });
  recorder.refuseWith = [NO_FUNDS];
  const refused = { outcome: 'refused', problems: [NO_FUNDS] };

  const booked = reservations.book(REQUEST, NOW);

  assert.equal(booked, refused);
  assert.equal(reservations.list({ profileId: 'p' }, NOW), []);
  assert.equal(reservations.change('r1', { title: 'North' }, NOW), refused);
  assert.equal(reservations.newPins('r1', NOW), refused);
  assert.equal(reservations.extend('r1', 15, NOW), refused);
  assert.equal(reservations.cancel({ number: '40213' }, NOW), refused);
  assert.equal(store.byId('r1'), SAMPLE);
});

test('a recorder that breaks breaks the booking, which leaves nothing', () => {
  const { reservations, recorder } = bookingRig();
  recorder.record = () => {
    throw new TypeError('a defect');
  };

  assert.throws(() => reservations.book(REQUEST, NOW), /^a defect$/u);
  assert.equal(reservations.list('all', NOW), []);
});

test('nobody hears of the demonstration', () => {
  const { reservations, recorder } = bookingRig();

  const { reservationId } = granted(reservations.demonstration('Konfa', NOW));
  granted(reservations.change(reservationId, { title: 'Try me' }, NOW));
  granted(reservations.cancel({ reservationId }, NOW));

  assert.equal(recorder.events, []);
});

const BY_VERSION: readonly (readonly [
  name: string,
  act: (rig: ReturnType<typeof bookingRig>, ifVersion: number) => Outcome,
])[] = [
  [
    'an edit',
    ({ reservations }, ifVersion) =>
      reservations.change({ reservationId: 'r1', ifVersion }, { title: 'North' }, NOW),
  ],
  [
    'new PINs',
    ({ reservations }, ifVersion) => reservations.newPins({ reservationId: 'r1', ifVersion }, NOW),
  ],
  [
    'a deletion',
    ({ reservations }, ifVersion) => reservations.cancel({ reservationId: 'r1', ifVersion }, NOW),
  ],
];

for (const [name, act] of BY_VERSION) {
  test(`${name} of another version than the present one is refused and changes nothing`, () => {
    const rig = bookingRig({ first: [sampleReservation({ version: 4 })] });

    assert.equal(act(rig, 3), {
      outcome: 'refused',
      problems: [{ code: 'version-differs', field: 'reservation', facts: { version: 4 } }],
    });
    assert.equal(rig.recorder.events, []);
    assert.is(rig.store.byId('r1')?.version, 4);
    assert.is(granted(act(rig, 4)).version, 5);
  });
}

test('two tabs: the second to save is told, not obeyed', () => {
  const { reservations } = bookingRig({ first: [sampleReservation()] });
  const seen = { reservationId: 'r1', ifVersion: 1 };

  granted(reservations.change(seen, { title: 'First tab' }, NOW));
  const second = reservations.change(seen, { title: 'Second tab' }, NOW);

  assert.equal(codesOf(second), ['version-differs']);
  assert.is(reservations.byId('r1')?.title, 'First tab');
});

test('an end moved before now is kept as given: the reservation is over at once', () => {
  const { reservations } = bookingRig({ first: [sampleReservation()] });

  const reservation = granted(reservations.change('r1', { end: '2026-03-02T10:30Z' }, DURING));

  assert.is(reservation.endAtMs, at('2026-03-02T10:30Z'));
  assert.equal(codesOf(reservations.change('r1', { title: 'x' }, DURING)), ['already-over']);
  assert.is(reservations.list('all', at('2026-03-02T11:29Z')).length, 1);
  assert.is(reservations.list('all', at('2026-03-02T11:30Z')).length, 0);
});

test('what stands is not checked again: lists longer than a setting lowered since, a past start', () => {
  const emails = ['a@b.pl', 'c@d.pl', 'e@f.pl'];
  const { reservations } = bookingRig({
    first: [sampleReservation({ emails, phones: ['+48501234567', '+48501234568'] })],
    rules: { recipients: 1, longestMs: 3_600_000 },
  });

  assert.equal(codesOf(reservations.change('r1', { title: 'North', emails }, DURING)), []);
  assert.equal(codesOf(reservations.change('r1', { emails: [...emails, 'g@h.pl'] }, DURING)), [
    'too-many-emails',
  ]);
});

test('an SMS before the start stays chosen when the start comes near, and is refused when new', () => {
  const reminded = sampleReservation({ phones: ['+48501234567'], smsMoments: ['before-start'] });
  const near = at('2026-03-02T09:30Z');
  const change = (first: typeof reminded, phones: readonly string[]) =>
    codesOf(
      bookingRig({ first: [first] }).reservations.change(
        'r1',
        { phones, smsMoments: ['before-start'] },
        near,
      ),
    );

  assert.equal(change(reminded, ['501234567', '501234568']), []);
  assert.equal(change(sampleReservation(), ['501234567']), ['sms-start-too-near']);
  assert.equal(change(sampleReservation(), []), []);
});

test('keeps phones as E.164, moments in order, a note in lines, and a language', () => {
  const { reservations } = bookingRig();

  const reservation = granted(
    reservations.book(
      {
        ...REQUEST,
        phones: ['501 234 567; 0048501234567'],
        smsMoments: ['before-start', 'at-booking'],
        note: ' Bring\u0007 tea\r\nand\tcake\r\n',
        language: 'en',
      },
      NOW,
    ),
  );

  const { phones, smsMoments, note, language } = reservation;
  assert.equal(
    { phones, smsMoments, note, language },
    {
      phones: ['+48501234567'],
      smsMoments: ['at-booking', 'before-start'],
      note: 'Bring tea\nand cake',
      language: 'en',
    },
  );
});

test('is found by its owner only', () => {
  const { reservations } = bookingRig();
  const reservation = granted(reservations.book(REQUEST, NOW));
  const { reservationId } = reservation;

  assert.equal(reservations.ofProfile(reservationId, 'p'), reservation);
  assert.is(reservations.ofProfile(reservationId, 'q'), null);
  assert.is(reservations.ofProfile('r9', 'p'), null);
});

test.run();
