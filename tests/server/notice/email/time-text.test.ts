import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  instantText,
  isSameDay,
  periodOf,
  periodText,
  shortText,
} from '../../../../server/notice/email/time-text.ts';
import { HOUR_MS, START_AT_MS } from './sample-facts.ts';

const PL = { language: 'pl', zone: 'Europe/Warsaw' } as const;
const EN = { language: 'en', zone: 'Europe/Warsaw' } as const;

const PERIODS: readonly (readonly [string, string, number, number])[] = [
  [
    'wtorek, 1 grudnia 2026, 10:00–11:00 (czas warszawski, UTC+1)',
    'Tuesday, 1 December 2026, 10:00–11:00 (Warsaw time, UTC+1)',
    START_AT_MS,
    START_AT_MS + HOUR_MS,
  ],
  [
    'wtorek, 1 grudnia 2026, 10:00 – piątek, 11 grudnia 2026, 18:00 (czas warszawski, UTC+1)',
    'Tuesday, 1 December 2026, 10:00 – Friday, 11 December 2026, 18:00 (Warsaw time, UTC+1)',
    START_AT_MS,
    START_AT_MS + 248 * HOUR_MS,
  ],
  [
    'czwartek, 31 grudnia 2026, 23:30 – piątek, 1 stycznia 2027, 00:30 (czas warszawski, UTC+1)',
    'Thursday, 31 December 2026, 23:30 – Friday, 1 January 2027, 00:30 (Warsaw time, UTC+1)',
    Date.UTC(2026, 11, 31, 22, 30),
    Date.UTC(2026, 11, 31, 23, 30),
  ],
  [
    'środa, 1 lipca 2026, 09:05–09:35 (czas warszawski, UTC+2)',
    'Wednesday, 1 July 2026, 09:05–09:35 (Warsaw time, UTC+2)',
    Date.UTC(2026, 6, 1, 7, 5),
    Date.UTC(2026, 6, 1, 7, 35),
  ],
  [
    'niedziela, 25 października 2026, 02:30 (UTC+2) – 02:30 (czas warszawski, UTC+1)',
    'Sunday, 25 October 2026, 02:30 (UTC+2) – 02:30 (Warsaw time, UTC+1)',
    Date.UTC(2026, 9, 25, 0, 30),
    Date.UTC(2026, 9, 25, 1, 30),
  ],
  [
    'niedziela, 29 marca 2026, 01:30 (UTC+1) – 03:30 (czas warszawski, UTC+2)',
    'Sunday, 29 March 2026, 01:30 (UTC+1) – 03:30 (Warsaw time, UTC+2)',
    Date.UTC(2026, 2, 29, 0, 30),
    Date.UTC(2026, 2, 29, 1, 30),
  ],
];

for (const [polish, english, startAtMs, endAtMs] of PERIODS) {
  test(`says ${english}`, () => {
    assert.is(periodText(startAtMs, endAtMs, PL), polish);
    assert.is(periodText(startAtMs, endAtMs, EN), english);
  });
}

test('says all twelve months in the genitive, as Polish dates are', () => {
  const months = Array.from({ length: 12 }, (_, month) =>
    shortText(Date.UTC(2028, month, 29, 12), PL).replace(/^29 | 2028.*$/gu, ''),
  );

  assert.is(
    months.join(' '),
    'stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia',
  );
});

const ZONES: readonly (readonly [string, string, string])[] = [
  ['Europe/London', 'London time, UTC+0', 'strefa czasowa Europe/London, UTC+0'],
  ['America/New_York', 'New York time, UTC−5', 'strefa czasowa America/New_York, UTC−5'],
  ['America/St_Johns', 'St Johns time, UTC−3:30', 'strefa czasowa America/St_Johns, UTC−3:30'],
  ['Asia/Kathmandu', 'Kathmandu time, UTC+5:45', 'strefa czasowa Asia/Kathmandu, UTC+5:45'],
  ['UTC', 'UTC', 'UTC'],
  ['Mars/Olympus', 'UTC', 'UTC'],
];

for (const [zone, english, polish] of ZONES) {
  test(`names the zone ${zone}`, () => {
    const end = START_AT_MS + HOUR_MS;

    assert.is(periodOf(START_AT_MS, end, { language: 'en', zone }).zone, english);
    assert.is(periodOf(START_AT_MS, end, { language: 'pl', zone }).zone, polish);
  });
}

test('tells days apart where the reservation is', () => {
  const [eleven, one] = [Date.UTC(2026, 11, 1, 22), Date.UTC(2026, 11, 2, 0)];

  assert.is(isSameDay(eleven, one, PL), false);
  assert.is(isSameDay(eleven, one, { language: 'pl', zone: 'America/New_York' }), true);
});

test('says one instant with its zone', () => {
  assert.is(instantText(START_AT_MS, PL), 'wtorek, 1 grudnia 2026, 10:00 (czas warszawski, UTC+1)');
});

test.run();
