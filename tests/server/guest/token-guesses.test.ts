import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { createTokenGuesses } from '../../../server/guest/token-guesses.ts';

const MINUTE_MS = 60_000;

test('the 20th wrong token in ten minutes is the last one looked at for ten more', () => {
  const guesses = createTokenGuesses();
  for (let guess = 0; guess < 19; guess += 1) guesses.wrong('a', guess * 1_000);

  assert.is(guesses.waitMs('a', 19_000), 0);
  guesses.wrong('a', 19_000);

  assert.is(guesses.waitMs('a', 19_000), 10 * MINUTE_MS);
  assert.is(guesses.waitMs('b', 19_000), 0);
  assert.is(guesses.waitMs('a', 19_000 + 10 * MINUTE_MS), 0);
});

test('who guesses slower than that is never refused', () => {
  const guesses = createTokenGuesses();

  for (let guess = 0; guess < 200; guess += 1) {
    guesses.wrong('a', guess * 31_600);
    assert.is(guesses.waitMs('a', guess * 31_600), 0, String(guess));
  }
});

test('many places are forgotten, the one counted longest ago first', () => {
  const limits = { limit: 2, windowMs: 1_000, refuseMs: 1_000, remembered: 3 };
  const guesses = createTokenGuesses(limits);
  for (const place of ['a', 'a', 'b', 'b', 'c', 'c']) guesses.wrong(place, 0);

  guesses.wrong('d', 1);

  assert.is(guesses.waitMs('a', 1), 0);
  assert.is(guesses.waitMs('b', 1), 999);
  assert.is(guesses.waitMs('c', 1), 999);
});

test.run();
