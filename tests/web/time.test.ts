import { test } from 'uvu';
import * as assert from 'uvu/assert';

import {
  date,
  dateTime,
  localInput,
  range,
  relative,
  shortMoment,
  time,
  zoneName,
  zonePlace,
  zonesDiffer,
} from '../../web/time.ts';

const WARSAW = { language: 'pl', zone: 'Europe/Warsaw' } as const;
const WARSAW_EN = { language: 'en', zone: 'Europe/Warsaw' } as const;

test('says day, time and zone in Polish', () => {
  assert.is(dateTime('2026-11-24T15:36:00Z', WARSAW), 'wt., 24 listopada 2026, 16:36 CET');
});

test('says day, time and zone in English', () => {
  assert.is(dateTime('2026-11-24T15:36:00Z', WARSAW_EN), 'Tue, 24 November 2026, 16:36 CET');
});

test('tells the two hours after 2 o’clock apart on the night the clocks go back', () => {
  const first = dateTime('2026-10-25T00:30:00Z', WARSAW);
  const second = dateTime('2026-10-25T01:30:00Z', WARSAW);

  assert.match(first, /02:30 CEST$/u);
  assert.match(second, /02:30 CET$/u);
});

test('goes from 1:59 to 3:00 on the night the clocks go forward', () => {
  assert.is(time('2026-03-29T00:59:00Z', WARSAW), '01:59');
  assert.is(time('2026-03-29T01:00:00Z', WARSAW), '03:00');
});

test('writes what inputs for date and time take, in the zone', () => {
  assert.is(localInput('2026-03-29T01:00:00Z', 'Europe/Warsaw'), '2026-03-29T03:00');
  assert.is(localInput('2026-12-31T23:30:00Z', 'Europe/Warsaw'), '2027-01-01T00:30');
  assert.is(localInput('2028-02-29T12:00:00Z', 'Asia/Kathmandu'), '2028-02-29T17:45');
});

test('writes midnight as 00:00, not 24:00', () => {
  assert.is(localInput('2026-11-23T23:00:00Z', 'Europe/Warsaw'), '2026-11-24T00:00');
  assert.is(time('2026-11-23T23:00:00Z', WARSAW), '00:00');
});

test('says the day of the end only when it is another', () => {
  const sameDay = range('2026-11-24T15:00:00Z', '2026-11-24T16:00:00Z', WARSAW);
  const nextDay = range('2026-11-24T15:00:00Z', '2026-11-25T16:00:00Z', WARSAW);

  assert.is(sameDay, 'wt., 24 listopada 2026, 16:00 – 17:00 CET');
  assert.is(nextDay, 'wt., 24 listopada 2026, 16:00 – śr., 25 listopada 2026, 17:00 CET');
});

test('says both zone names when the clocks change in between', () => {
  assert.is(
    range('2026-10-24T22:30:00Z', '2026-10-25T02:00:00Z', WARSAW),
    'niedz., 25 października 2026, 00:30 CEST – 03:00 CET',
  );
});

test('knows that zones differ by what their clocks show then, not by their names', () => {
  const inSummer = '2026-07-01T12:00:00Z';

  assert.not(zonesDiffer(inSummer, 'Europe/Warsaw', 'Europe/Berlin'));
  assert.ok(zonesDiffer(inSummer, 'Europe/Warsaw', 'Europe/London'));
  // Arizona keeps its clocks as they are all year.
  assert.ok(zonesDiffer(inSummer, 'America/Phoenix', 'America/Denver'));
  assert.not(zonesDiffer('2026-12-01T12:00:00Z', 'America/Phoenix', 'America/Denver'));
});

test('names the zone as it is called at that time of the year', () => {
  assert.is(zoneName('2026-07-01T12:00:00Z', WARSAW), 'CEST');
  assert.is(zoneName('2026-12-01T12:00:00Z', WARSAW), 'CET');
  assert.is(zonePlace('America/Argentina/Buenos_Aires'), 'Buenos Aires');
});

test('says how far away an instant is, in whole units', () => {
  const nowMs = Date.parse('2026-11-24T12:00:00Z');

  assert.is(relative(nowMs + 30_000, nowMs, 'en'), 'now');
  assert.is(relative(nowMs + 119_000, nowMs, 'en'), 'in 1 minute');
  assert.is(relative(nowMs + 5 * 3_600_000, nowMs, 'pl'), 'za 5 godzin');
  assert.is(relative(nowMs - 22 * 3_600_000, nowMs, 'pl'), '22 godziny temu');
  assert.is(relative(nowMs - 48 * 3_600_000, nowMs, 'en'), '2 days ago');
});

test('says the time alone for today, and the day with it for other days', () => {
  const nowMs = Date.parse('2026-11-24T12:00:00Z');

  assert.is(shortMoment('2026-11-24T15:36:00Z', nowMs, WARSAW), '16:36');
  assert.is(shortMoment('2026-11-24T23:30:00Z', nowMs, WARSAW), 'śr., 25 listopada 2026, 00:30');
});

test('says leap days and the turn of the year', () => {
  assert.is(date('2028-02-29T12:00:00Z', WARSAW_EN), 'Tue, 29 February 2028');
  assert.is(date('2026-12-31T23:00:00Z', WARSAW_EN), 'Fri, 1 January 2027');
});

test.run();
