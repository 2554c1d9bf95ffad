import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LoadWatch } from '../../mixer/load-watch.ts';

/** So many turns of one tick each that leave so much time. */
function turns(watch: LoadWatch, count: number, spareMs: number): readonly string[] {
  return Array.from({ length: count }, () => watch.turn(1, spareMs));
}

test('tells every five ticks how much of their time was used, when it is more than half', () => {
  const watch = new LoadWatch();

  assert.equal(turns(watch, 15, 4), [
    ...['calm', 'calm', 'calm', 'calm', 'calm'],
    ...['calm', 'calm', 'calm', 'calm', 'strained'],
    ...['calm', 'calm', 'calm', 'calm', 'strained'],
  ]);

  assert.is(Math.round(watch.usedPercent), 80);
});

test('takes the better one of two windows, and makes nothing of full ones with a calm one between', () => {
  const watch = new LoadWatch();

  assert.not.ok(turns(watch, 5, 1).includes('strained'), 'a collection of garbage fills one');
  assert.not.ok(turns(watch, 5, 15).includes('strained'));
  assert.not.ok(turns(watch, 5, 1).includes('strained'));
  assert.ok(turns(watch, 5, 6).includes('strained'));
  assert.is(Math.round(watch.usedPercent), 70);
  assert.ok(turns(watch, 5, 2).includes('strained'));

  assert.is(Math.round(watch.usedPercent), 70);
});

test('tells nothing of a mixer that has half of its time left', () => {
  const watch = new LoadWatch();

  assert.equal(new Set(turns(watch, 500, 10)), new Set(['calm']));

  assert.is(watch.usedPercent, 50);
});

test('takes ticks that were late or left out for used up', () => {
  const watch = new LoadWatch();

  turns(watch, 5, 0);

  assert.is(watch.turn(4, -3), 'calm');
  assert.is(watch.turn(3, 7), 'strained');

  assert.is(watch.usedPercent, 100 * (1 - 7 / 140));
});

test('begins anew after a rest', () => {
  const watch = new LoadWatch();
  turns(watch, 9, 1);

  watch.rest();

  assert.not.ok(turns(watch, 9, 1).includes('strained'));
  assert.is(watch.turn(1, 1), 'strained');
});

test('does not count the same time twice when it is woken too early', () => {
  const watch = new LoadWatch();

  for (let turn = 0; turn < 10; turn += 1) {
    assert.is(watch.turn(0, 0.4), 'calm');
    watch.turn(1, 2);
  }

  assert.is(watch.usedPercent, 90);
});

test.run();
