import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createTallies } from '../../../server/account/tally.ts';

const TERMS = { free: 3, forgetMs: 60_000, firstWaitMs: 1_000, longestWaitMs: 8_000 };

test('three tries are free, then the wait doubles up to its limit', () => {
  const tallies = createTallies(TERMS, 10);
  const waits: number[] = [];

  for (let tries = 1; tries <= 8; tries += 1) {
    tallies.count('key', 0);
    waits.push(tallies.waitMs('key', 0));
  }

  assert.equal(waits, [0, 0, 0, 1_000, 2_000, 4_000, 8_000, 8_000]);
  assert.is(tallies.waitMs('other', 0), 0);
});

test('one try is forgotten a minute', () => {
  const tallies = createTallies(TERMS, 10);
  for (let tries = 0; tries < 4; tries += 1) tallies.count('key', 0);

  assert.is(tallies.level('key', 60_000), 3);
  assert.is(tallies.level('key', 90_000), 2.5);
  assert.is(tallies.level('key', 600_000), 0);
});

test('a try that is taken back was never made', () => {
  const tallies = createTallies(TERMS, 10);
  for (let tries = 0; tries < 4; tries += 1) tallies.count('key', 0);

  tallies.takeBack('key', 0);

  assert.is(tallies.waitMs('key', 0), 0);
  assert.is(tallies.level('key', 0), 3);
  tallies.takeBack('new', 0);
  assert.is(tallies.level('new', 0), 0, 'not below nothing');
});

test.run();
