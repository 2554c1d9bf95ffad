import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseMoment } from '../../../server/reservation/local-time.ts';
import { at } from './sample-reservations.ts';

const INSTANTS: readonly (readonly [text: string, zone: string, utc: string])[] = [
  ['2026-12-01T10:00Z', 'Europe/Warsaw', '2026-12-01T10:00Z'],
  ['2026-12-01T10:00:59.999Z', 'Europe/Warsaw', '2026-12-01T10:00Z'],
  ['2026-12-01T10:00+01:00', 'UTC', '2026-12-01T09:00Z'],
  ['2026-12-01T10:00-0530', 'UTC', '2026-12-01T15:30Z'],
  ['2026-12-01T10:00+01', 'UTC', '2026-12-01T09:00Z'],
  ['2026-12-01T10:00', 'Europe/Warsaw', '2026-12-01T09:00Z'],
  [' 2026-07-01 10:00 ', 'Europe/Warsaw', '2026-07-01T08:00Z'],
  ['2026-12-01T10:00', 'America/St_Johns', '2026-12-01T13:30Z'],
  ['2028-02-29T00:00', 'UTC', '2028-02-29T00:00Z'],
  // The minutes around the spring change in Poland, 2026-03-29 01:00 UTC.
  ['2026-03-29T01:59', 'Europe/Warsaw', '2026-03-29T00:59Z'],
  ['2026-03-29T03:00', 'Europe/Warsaw', '2026-03-29T01:00Z'],
  // Around the autumn change, 2026-10-25 01:00 UTC.
  ['2026-10-25T01:59', 'Europe/Warsaw', '2026-10-24T23:59Z'],
  ['2026-10-25T03:00', 'Europe/Warsaw', '2026-10-25T02:00Z'],
  ['2026-10-25T02:30+02:00', 'Europe/Warsaw', '2026-10-25T00:30Z'],
];

for (const [text, zone, utc] of INSTANTS) {
  test(`reads ${JSON.stringify(text)} in ${zone} as ${utc}`, () => {
    assert.equal(parseMoment(text, zone), { outcome: 'instant', atMs: at(utc) });
  });
}

for (const text of ['2026-03-29T02:00', '2026-03-29T02:59']) {
  test(`refuses ${text} in Warsaw, which the spring change skips`, () => {
    assert.equal(parseMoment(text, 'Europe/Warsaw'), { outcome: 'does-not-exist' });
  });
}

test('reports both instants of a local time that the autumn change repeats', () => {
  assert.equal(parseMoment('2026-10-25T02:30', 'Europe/Warsaw'), {
    outcome: 'exists-twice',
    earlierAtMs: at('2026-10-25T00:30Z'),
    laterAtMs: at('2026-10-25T01:30Z'),
  });
});

test('knows a change of half an hour (Lord Howe Island)', () => {
  assert.equal(parseMoment('2026-04-05T01:45', 'Australia/Lord_Howe'), {
    outcome: 'exists-twice',
    earlierAtMs: at('2026-04-04T14:45Z'),
    laterAtMs: at('2026-04-04T15:15Z'),
  });
  assert.equal(parseMoment('2026-10-04T02:15', 'Australia/Lord_Howe'), {
    outcome: 'does-not-exist',
  });
});

test('knows a day that a zone skipped whole (Samoa, 2011-12-30)', () => {
  assert.equal(parseMoment('2011-12-30T12:00', 'Pacific/Apia'), { outcome: 'does-not-exist' });
});

const NOT_DATES: readonly string[] = [
  '',
  'tomorrow',
  '2026-12-01',
  '2026-12-01T10',
  '2026-13-01T10:00Z',
  '2026-02-29T10:00Z',
  '2026-12-00T10:00Z',
  '2026-12-01T24:00Z',
  '2026-12-01T10:60Z',
  '2026-12-01T10:00+19:00',
  '2026-12-01T10:00+01:75',
  '2026-12-01T10:00Zulu',
  '1 December 2026 10:00',
  `2026-12-01T10:00:00.${'0'.repeat(1000)}Z`,
];

for (const text of NOT_DATES) {
  test(`does not take ${JSON.stringify(text.slice(0, 40))} for a date`, () => {
    assert.equal(parseMoment(text, 'Europe/Warsaw'), { outcome: 'not-a-date' });
  });
}

test('names an unknown zone, unless the text carries its own offset', () => {
  assert.equal(parseMoment('2026-12-01T10:00', 'Europe/Atlantis'), { outcome: 'unknown-zone' });
  assert.equal(parseMoment('2026-12-01T10:00', ''), { outcome: 'unknown-zone' });
  assert.equal(parseMoment('2026-12-01T10:00Z', 'Europe/Atlantis').outcome, 'instant');
});

test.run();
