import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { commandLineSentence } from '../../../server/reservation/problem-sentence.ts';
import type { BookingProblem } from '../../../server/reservation/booking-problem.ts';
import { at } from './sample-reservations.ts';

const SENTENCES: readonly (readonly [problem: BookingProblem, sentence: string])[] = [
  [
    { code: 'bad-date', field: 'start', facts: { given: 'x"\u001b[2J' } },
    String.raw`start: expected a date and time such as 2026-12-01T10:00, got "x\"\u001b[2J"`,
  ],
  [
    {
      code: 'date-does-not-exist',
      field: 'end',
      facts: { given: '2026-03-29T02:30', zone: 'Europe/Warsaw' },
    },
    'end: "2026-03-29T02:30" does not exist in Europe/Warsaw, clocks are set forward then',
  ],
  [
    {
      code: 'date-exists-twice',
      field: 'start',
      facts: {
        given: '2026-10-25T02:30',
        zone: 'Europe/Warsaw',
        earlierAtMs: at('2026-10-25T00:30Z'),
        laterAtMs: at('2026-10-25T01:30Z'),
      },
    },
    'start: "2026-10-25T02:30" exists twice in Europe/Warsaw, write 2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00',
  ],
  [
    { code: 'unknown-zone', field: 'zone', facts: { given: 'x'.repeat(100) } },
    `zone: expected a time zone such as Europe/Warsaw, got "${'x'.repeat(80)}…"`,
  ],
  [
    {
      code: 'start-too-soon',
      field: 'start',
      facts: { earliestStartAtMs: at('2026-12-01T09:00Z') },
    },
    'start: the earliest start possible now is 2026-12-01T10:00+01:00',
  ],
  [
    {
      code: 'start-too-late',
      field: 'start',
      facts: { latestStartAtMs: at('2026-12-01T09:00Z') },
    },
    'start: the latest start possible now is 2026-12-01T10:00+01:00',
  ],
  [
    { code: 'end-before-start', field: 'end', facts: { startAtMs: at('2026-12-01T09:00Z') } },
    'end: must be after the start, 2026-12-01T10:00+01:00',
  ],
  [
    {
      code: 'too-long',
      field: 'end',
      facts: { latestEndAtMs: at('2026-12-15T09:00Z'), longestMs: 14 * 86_400_000 },
    },
    'end: a reservation lasts 14 days at most, here until 2026-12-15T10:00+01:00',
  ],
  [
    {
      code: 'too-many-active',
      field: 'profile',
      facts: { active: 3, allowed: 3, placeFreeAtMs: at('2026-12-15T09:00Z') },
    },
    'profile: 3 of 3 reservations stand; a place becomes free at 2026-12-15T10:00+01:00, or at once when one is cancelled',
  ],
  [
    { code: 'bad-email', field: 'emails', facts: { given: 'anna@', index: 0 } },
    'emails: "anna@" is not an e-mail address',
  ],
  [
    { code: 'too-many-emails', field: 'emails', facts: { given: 201, allowed: 200 } },
    'emails: 200 addresses at most, got 201',
  ],
  [
    { code: 'title-too-long', field: 'title', facts: { given: 101, allowed: 100 } },
    'title: 100 characters at most, got 101',
  ],
  [
    { code: 'already-over', field: 'reservation', facts: { endAtMs: at('2026-12-01T09:00Z') } },
    'this reservation has been over since 2026-12-01T10:00+01:00',
  ],
  [{ code: 'not-found', field: 'reservation', facts: {} }, 'there is no such reservation'],
  [
    { code: 'no-number-free', field: 'number', facts: { digits: 5 } },
    'no number of 5 digits is free',
  ],
];

for (const [problem, sentence] of SENTENCES) {
  test(`says ${problem.code} in a sentence`, () => {
    assert.is(commandLineSentence(problem, 'Europe/Warsaw'), sentence);
  });
}

test('shows times in UTC when the zone is the problem', () => {
  const facts = { earliestStartAtMs: at('2026-12-01T09:00Z') };

  assert.is(
    commandLineSentence({ code: 'start-too-soon', field: 'start', facts }, 'Nowhere'),
    'start: the earliest start possible now is 2026-12-01T09:00+00:00',
  );
});

test.run();
