import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { durationText } from '../../../web/reservation/duration-text.ts';

const CASES: readonly (readonly [number, string, string])[] = [
  [1, '1 minuta', '1 minute'],
  [22, '22 minuty', '22 minutes'],
  [60, '1 godzina', '1 hour'],
  [75, '1 godzina 15 minut', '1 hour 15 minutes'],
  [5 * 60, '5 godzin', '5 hours'],
  [14 * 1440, '14 dni', '14 days'],
  [1440 + 121, '1 dzień 2 godziny 1 minuta', '1 day 2 hours 1 minute'],
  [0, '0 minut', '0 minutes'],
];

for (const [minutes, polish, english] of CASES) {
  test(`says ${minutes} minutes with the right plurals`, () => {
    assert.is(durationText(minutes, 'pl'), polish);
    assert.is(durationText(minutes, 'en'), english);
  });
}

test.run();
