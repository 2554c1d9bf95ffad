import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BookingProblem } from '../../../server/reservation/booking-problem.ts';
import {
  commandLineSentence,
  problemSentence,
} from '../../../server/reservation/problem-sentence.ts';
import { at } from './sample-reservations.ts';

interface Said {
  readonly problem: BookingProblem;
  readonly commandLine: string;
  readonly en: string;
  readonly pl: string;
}

const NINE = at('2026-12-01T09:00Z');

const SENTENCES: readonly Said[] = [
  {
    problem: { code: 'bad-date', field: 'start', facts: { given: 'x"\u001b[2J' } },
    commandLine: String.raw`start: expected a date and time such as 2026-12-01T10:00, got "x\"\u001b[2J"`,
    en: 'Expected a date and time such as 2026-12-01T10:00, got “x" [2J”.',
    pl: '„x" [2J” nie jest datą i godziną, taką jak 2026-12-01T10:00.',
  },
  {
    problem: {
      code: 'date-does-not-exist',
      field: 'end',
      facts: { given: '2026-03-29T02:30', zone: 'Europe/Warsaw' },
    },
    commandLine:
      'end: "2026-03-29T02:30" does not exist in Europe/Warsaw, clocks are set forward then',
    en: '“2026-03-29T02:30” does not exist in Europe/Warsaw, clocks are set forward then.',
    pl: 'Czas „2026-03-29T02:30” nie istnieje w strefie Europe/Warsaw: zegary są wtedy przestawiane do przodu.',
  },
  {
    problem: {
      code: 'date-exists-twice',
      field: 'start',
      facts: {
        given: '2026-10-25T02:30',
        zone: 'Europe/Warsaw',
        earlierAtMs: at('2026-10-25T00:30Z'),
        laterAtMs: at('2026-10-25T01:30Z'),
      },
    },
    commandLine:
      'start: "2026-10-25T02:30" exists twice in Europe/Warsaw, write 2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00',
    en: '“2026-10-25T02:30” exists twice in Europe/Warsaw, write 25 October 2026, 02:30 (UTC+2) or 25 October 2026, 02:30 (UTC+1).',
    pl: 'Czas „2026-10-25T02:30” zdarza się w strefie Europe/Warsaw dwa razy: wybierz 25 października 2026, 02:30 (UTC+2) albo 25 października 2026, 02:30 (UTC+1).',
  },
  {
    problem: { code: 'unknown-zone', field: 'zone', facts: { given: 'x'.repeat(100) } },
    commandLine: `zone: expected a time zone such as Europe/Warsaw, got "${'x'.repeat(80)}…"`,
    en: `Expected a time zone such as Europe/Warsaw, got “${'x'.repeat(80)}…”.`,
    pl: `„${'x'.repeat(80)}…” nie jest strefą czasową, taką jak Europe/Warsaw.`,
  },
  {
    problem: { code: 'start-too-soon', field: 'start', facts: { earliestStartAtMs: NINE } },
    commandLine: 'start: the earliest start possible now is 2026-12-01T10:00+01:00',
    en: 'The earliest start possible now is 1 December 2026, 10:00 (Europe/Warsaw).',
    pl: 'Najwcześniejszy możliwy teraz początek to 1 grudnia 2026, 10:00 (Europe/Warsaw).',
  },
  {
    problem: { code: 'start-too-late', field: 'start', facts: { latestStartAtMs: NINE } },
    commandLine: 'start: the latest start possible now is 2026-12-01T10:00+01:00',
    en: 'The latest start possible now is 1 December 2026, 10:00 (Europe/Warsaw).',
    pl: 'Najpóźniejszy możliwy teraz początek to 1 grudnia 2026, 10:00 (Europe/Warsaw).',
  },
  {
    problem: { code: 'end-before-start', field: 'end', facts: { startAtMs: NINE } },
    commandLine: 'end: the end must be after the start, 2026-12-01T10:00+01:00',
    en: 'The end must be after the start, 1 December 2026, 10:00 (Europe/Warsaw).',
    pl: 'Koniec musi być później niż początek, 1 grudnia 2026, 10:00 (Europe/Warsaw).',
  },
  {
    problem: {
      code: 'too-long',
      field: 'end',
      facts: { latestEndAtMs: NINE, longestMs: 14 * 86_400_000 },
    },
    commandLine: 'end: a reservation lasts 14 days at most, here until 2026-12-01T10:00+01:00',
    en: 'A reservation lasts 14 days at most, here until 1 December 2026, 10:00 (Europe/Warsaw).',
    pl: 'Rezerwacja może trwać najwyżej 14 dni, tutaj do 1 grudnia 2026, 10:00 (Europe/Warsaw).',
  },
  {
    problem: {
      code: 'too-many-active',
      field: 'profile',
      facts: { active: 3, allowed: 3, placeFreeAtMs: NINE },
    },
    commandLine:
      'profile: 3 of 3 reservations stand; a place becomes free at 2026-12-01T10:00+01:00, or at once when one is cancelled',
    en: '3 of 3 reservations stand; a place becomes free at 1 December 2026, 10:00 (Europe/Warsaw), or at once when one is cancelled.',
    pl: 'Zajęte miejsca: 3 z 3; najbliższe zwolni się 1 grudnia 2026, 10:00 (Europe/Warsaw) albo od razu, gdy usuniesz jedną z rezerwacji.',
  },
  {
    problem: { code: 'bad-email', field: 'emails', facts: { given: 'anna@', index: 0 } },
    commandLine: 'emails: "anna@" is not an e-mail address',
    en: '“anna@” is not an e-mail address.',
    pl: '„anna@” nie jest adresem e-mail.',
  },
  {
    problem: { code: 'too-many-emails', field: 'emails', facts: { given: 201, allowed: 200 } },
    commandLine: 'emails: 200 addresses at most, got 201',
    en: '200 addresses at most, got 201.',
    pl: 'Adresów e-mail może być najwyżej 200, a podano 201.',
  },
  {
    problem: { code: 'bad-phone', field: 'phones', facts: { given: '12', index: 0 } },
    commandLine: 'phones: "12" is not a telephone number',
    en: '“12” is not a telephone number.',
    pl: '„12” nie jest numerem telefonu.',
  },
  {
    problem: { code: 'landline', field: 'phones', facts: { given: '22 350 09 08', index: 1 } },
    commandLine: 'phones: "22 350 09 08" is not a mobile number, no SMS can reach it',
    en: '“22 350 09 08” is not a mobile number, no SMS can reach it.',
    pl: '„22 350 09 08” nie jest numerem komórkowym, SMS tam nie dotrze.',
  },
  {
    problem: { code: 'too-many-phones', field: 'phones', facts: { given: 2, allowed: 1 } },
    commandLine: 'phones: 1 number at most, got 2',
    en: '1 number at most, got 2.',
    pl: 'Numerów telefonów może być najwyżej 1, a podano 2.',
  },
  {
    problem: {
      code: 'sms-start-too-near',
      field: 'sms',
      facts: { startAtMs: NINE, reminderMs: 3_600_000 },
    },
    commandLine:
      'sms: it is too late for an SMS before the start, which goes out 60 minutes before it',
    en: 'It is too late for an SMS before the start, which goes out 60 minutes before it.',
    pl: 'Jest za późno na SMS przed początkiem, bo wychodzi on 60 min wcześniej.',
  },
  {
    problem: { code: 'sms-not-offered', field: 'sms', facts: {} },
    commandLine: 'sms: this server sends no SMS',
    en: 'This server sends no SMS.',
    pl: 'Ten serwer nie wysyła SMS-ów.',
  },
  {
    problem: {
      code: 'no-funds',
      field: 'phones',
      facts: { costMilli: 1_234_560, availableMilli: 125, currency: 'PLN' },
    },
    commandLine: 'phones: the SMS would cost PLN 1,234.56, and PLN 0.125 can still be spent',
    en: 'The SMS would cost PLN 1,234.56, and PLN 0.125 can still be spent.',
    pl: 'SMS-y kosztowałyby 1234,56 zł, a do wydania zostało 0,125 zł.',
  },
  {
    problem: {
      code: 'no-price',
      field: 'phones',
      facts: { given: '+380501234567', prefix: '+380' },
    },
    commandLine: 'phones: no SMS are sent to numbers that begin with +380, such as "+380501234567"',
    en: 'No SMS are sent to numbers that begin with +380, such as “+380501234567”.',
    pl: 'Nie wysyłamy SMS-ów na numery zaczynające się od +380, takie jak „+380501234567”.',
  },
  {
    problem: { code: 'title-too-long', field: 'title', facts: { given: 101, allowed: 100 } },
    commandLine: 'title: 100 characters at most, got 101',
    en: '100 characters at most, got 101.',
    pl: 'Tytuł może mieć najwyżej 100 znaków, a ma 101.',
  },
  {
    problem: { code: 'note-too-long', field: 'note', facts: { given: 2001, allowed: 2000 } },
    commandLine: 'note: 2000 characters at most, got 2001',
    en: '2000 characters at most, got 2001.',
    pl: 'Notatka może mieć najwyżej 2000 znaków, a ma 2001.',
  },
  {
    problem: { code: 'already-over', field: 'reservation', facts: { endAtMs: NINE } },
    commandLine: 'this reservation has been over since 2026-12-01T10:00+01:00',
    en: 'This reservation has been over since 1 December 2026, 10:00 (Europe/Warsaw).',
    pl: 'Ta rezerwacja skończyła się 1 grudnia 2026, 10:00 (Europe/Warsaw).',
  },
  {
    problem: { code: 'not-found', field: 'reservation', facts: {} },
    commandLine: 'there is no such reservation',
    en: 'There is no such reservation.',
    pl: 'Nie ma takiej rezerwacji.',
  },
  {
    problem: { code: 'version-differs', field: 'reservation', facts: { version: 4 } },
    commandLine: 'this reservation was changed meanwhile, load it again',
    en: 'This reservation was changed meanwhile, load it again.',
    pl: 'Ta rezerwacja została w międzyczasie zmieniona, wczytaj ją ponownie.',
  },
  {
    problem: { code: 'no-number-free', field: 'number', facts: { digits: 5 } },
    commandLine: 'no number of 5 digits is free',
    en: 'No number of 5 digits is free.',
    pl: 'Nie ma wolnego numeru o 5 cyfrach.',
  },
];

/** `Intl` puts non-breaking blanks into sums. */
function plain(sentence: string): string {
  return sentence.replace(/\u00a0/gu, ' ');
}

for (const { problem, commandLine, en, pl } of SENTENCES) {
  test(`says ${problem.code} on the command line, in English and in Polish`, () => {
    assert.is(plain(commandLineSentence(problem, 'Europe/Warsaw')), commandLine);
    assert.is(plain(problemSentence(problem, 'Europe/Warsaw', 'en')), en);
    assert.is(plain(problemSentence(problem, 'Europe/Warsaw', 'pl')), pl);
  });
}

test('shows times in UTC when the zone is the problem', () => {
  const facts = { earliestStartAtMs: NINE };
  const problem = { code: 'start-too-soon', field: 'start', facts } as const;

  assert.is(
    commandLineSentence(problem, 'Nowhere'),
    'start: the earliest start possible now is 2026-12-01T09:00+00:00',
  );
  assert.is(
    problemSentence(problem, 'Nowhere', 'pl'),
    'Najwcześniejszy możliwy teraz początek to 1 grudnia 2026, 09:00 (UTC).',
  );
});

test('counts one day and one character rightly', () => {
  const day = { latestEndAtMs: NINE, longestMs: 86_400_000 };
  const tooLong = { code: 'too-long', field: 'end', facts: day } as const;
  const title = (allowed: number) =>
    ({ code: 'title-too-long', field: 'title', facts: { given: 200, allowed } }) as const;

  assert.match(problemSentence(tooLong, 'UTC', 'en'), / 1 day at most/u);
  assert.match(problemSentence(tooLong, 'UTC', 'pl'), / 1 dzień,/u);
  assert.match(problemSentence(title(1), 'UTC', 'pl'), / 1 znak,/u);
  assert.match(problemSentence(title(22), 'UTC', 'pl'), / 22 znaki,/u);
  assert.match(problemSentence(title(112), 'UTC', 'pl'), / 112 znaków,/u);
});

test.run();
