import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { atMoment } from '../../../web/reservation/at-moment.ts';

const NOW_MS = Date.parse('2026-11-22T12:00:00Z');
const ZONE = 'Europe/Warsaw';

test('today it says the time, on another day the date', () => {
  const today = '2026-11-22T15:36:00Z';
  const later = '2026-11-25T15:36:00Z';

  assert.is(atMoment(today, NOW_MS, { language: 'pl', zone: ZONE }), 'o 16:36');
  assert.is(atMoment(today, NOW_MS, { language: 'en', zone: ZONE }), 'at 16:36');
  assert.match(atMoment(later, NOW_MS, { language: 'pl', zone: ZONE }), /^śr\., 25 listopada/u);
  assert.match(atMoment(later, NOW_MS, { language: 'en', zone: ZONE }), /^on Wed.* 25 November/u);
});

test('what is today is decided in the zone that is shown', () => {
  const afterMidnight = '2026-11-22T23:30:00Z';

  assert.is(atMoment(afterMidnight, NOW_MS, { language: 'en', zone: 'UTC' }), 'at 23:30');
  assert.match(atMoment(afterMidnight, NOW_MS, { language: 'en', zone: ZONE }), /23 November/u);
});

test.run();
