import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { changeVolume, gainDb } from '../../../server/room/volume.ts';

const SCALE = { stepDb: 3, lowest: -4, highest: 3 };

test('moves by one step', () => {
  assert.equal(changeVolume(0, 'louder', SCALE), { step: 1, outcome: 'changed' });
  assert.equal(changeVolume(0, 'quieter', SCALE), { step: -1, outcome: 'changed' });
});

test('reaches both ends of the scale and stays there', () => {
  assert.equal(changeVolume(2, 'louder', SCALE), { step: 3, outcome: 'changed' });
  assert.equal(changeVolume(3, 'louder', SCALE), { step: 3, outcome: 'at-limit' });
  assert.equal(changeVolume(-3, 'quieter', SCALE), { step: -4, outcome: 'changed' });
  assert.equal(changeVolume(-4, 'quieter', SCALE), { step: -4, outcome: 'at-limit' });
});

test('gives a step its decibels', () => {
  assert.is(gainDb(-4, SCALE), -12);
  assert.is(gainDb(3, SCALE), 9);
});

test.run();
