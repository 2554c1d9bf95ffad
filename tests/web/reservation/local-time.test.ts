import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  instantsOf,
  isZone,
  localOf,
  minutesBetween,
  offsetName,
  plusMinutes,
  sameClock,
  withOffset,
} from '../../../web/reservation/local-time.ts';

const WARSAW = 'Europe/Warsaw';

const iso = (...instants: readonly number[]): readonly string[] =>
  instants.map((atMs) => new Date(atMs).toISOString().slice(0, 16));

test('reads a clock in winter and in summer', () => {
  assert.equal(iso(...instantsOf('2026-01-15T12:00', WARSAW)), ['2026-01-15T11:00']);
  assert.equal(iso(...instantsOf('2026-07-15T12:00', WARSAW)), ['2026-07-15T10:00']);
});

test('a time in the hour that is left out in spring is no instant', () => {
  assert.equal(instantsOf('2027-03-28T02:30', WARSAW), []);
  assert.equal(iso(...instantsOf('2027-03-28T01:59', WARSAW)), ['2027-03-28T00:59']);
  assert.equal(iso(...instantsOf('2027-03-28T03:00', WARSAW)), ['2027-03-28T01:00']);
});

test('a time in the hour that is doubled in autumn is two instants, the earlier first', () => {
  assert.equal(iso(...instantsOf('2026-10-25T02:30', WARSAW)), [
    '2026-10-25T00:30',
    '2026-10-25T01:30',
  ]);
  assert.equal(instantsOf('2026-10-25T01:59', WARSAW).length, 1);
  assert.equal(instantsOf('2026-10-25T03:00', WARSAW).length, 1);
});

test('reads zones at the ends of the earth and with odd offsets', () => {
  assert.equal(iso(...instantsOf('2026-01-01T00:00', 'Pacific/Kiritimati')), ['2025-12-31T10:00']);
  assert.equal(iso(...instantsOf('2026-01-01T00:00', 'Pacific/Pago_Pago')), ['2026-01-01T11:00']);
  assert.equal(iso(...instantsOf('2026-01-01T00:00', 'Asia/Kathmandu')), ['2025-12-31T18:15']);
});

test('what is no date is no instant', () => {
  for (const text of ['', 'tomorrow', '2026-02-29T10:00', '2026-13-01T10:00', '2026-01-01T24:00'])
    assert.equal(instantsOf(text, WARSAW), [], text);
  assert.equal(instantsOf('2028-02-29T10:00', WARSAW).length, 1, 'a leap day is a date');
});

test('shows an instant in a zone, and writes the offset that tells twins apart', () => {
  const [earlier = 0, later = 0] = instantsOf('2026-10-25T02:30', WARSAW);

  assert.is(localOf(earlier, WARSAW), '2026-10-25T02:30');
  assert.is(withOffset(earlier, WARSAW), '2026-10-25T02:30+02:00');
  assert.is(withOffset(later, WARSAW), '2026-10-25T02:30+01:00');
  assert.is(withOffset(later, 'America/St_Johns'), '2026-10-24T23:00-02:30');
  assert.is(localOf(Date.parse('2026-12-31T23:30:45Z'), WARSAW), '2027-01-01T00:30');
});

test('names offsets and compares clocks', () => {
  const winterMs = Date.parse('2026-01-15T12:00:00Z');

  assert.is(offsetName(winterMs, WARSAW), 'UTC+1');
  assert.is(offsetName(winterMs, 'America/St_Johns'), 'UTC−3:30');
  assert.is(offsetName(winterMs, 'Europe/London'), 'UTC');
  assert.is(sameClock(winterMs, WARSAW, 'Europe/Berlin'), true);
  assert.is(sameClock(winterMs, WARSAW, 'Europe/London'), false);
});

test('reckons with clock readings over the end of a year', () => {
  assert.is(plusMinutes('2026-12-31T23:30', 45), '2027-01-01T00:15');
  assert.is(minutesBetween('2026-12-31T23:30', '2027-01-01T00:15'), 45);
  assert.is(minutesBetween('nothing', '2027-01-01T00:15'), null);
});

test('knows zones from what only looks like one', () => {
  assert.is(isZone(WARSAW), true);
  assert.is(isZone('Europe/Atlantis'), false);
  assert.is(localOf(0, 'Europe/Atlantis'), '1970-01-01T00:00');
});

test.run();
