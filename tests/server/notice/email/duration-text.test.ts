import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { durationText } from '../../../../server/notice/email/duration-text.ts';

const CASES: readonly (readonly [number, string, string])[] = [
  [-5, '1 minutę', '1 minute'],
  [1, '1 minutę', '1 minute'],
  [2, '2 minuty', '2 minutes'],
  [12, '12 minut', '12 minutes'],
  [22, '22 minuty', '22 minutes'],
  [60, '60 minut', '60 minutes'],
  [119.4, '119 minut', '119 minutes'],
  [120, '2 godziny', '2 hours'],
  [1440, '24 godziny', '24 hours'],
  [1500, '25 godzin', '25 hours'],
  [7 * 1440, '7 dni', '7 days'],
];

for (const [minutes, polish, english] of CASES) {
  test(`says ${english} for ${minutes} minutes`, () => {
    assert.is(durationText(minutes * 60_000, 'pl'), polish);
    assert.is(durationText(minutes * 60_000, 'en'), english);
  });
}

test.run();
