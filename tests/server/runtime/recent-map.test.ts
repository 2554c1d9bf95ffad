import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RecentMap } from '../../../server/runtime/recent-map.ts';

test('keeps at least as many as its capacity, and at most twice as many', () => {
  const recent = new RecentMap<number>(3);

  for (let index = 0; index < 100; index += 1) {
    recent.set(`key${index}`, index);
    assert.ok(recent.size <= 6, `${recent.size} entries`);
  }

  assert.is(recent.get('key99'), 99);
  assert.is(recent.get('key97'), 97);
  assert.is(recent.get('key0'), undefined);
});

test('keeps what is read now and then, however many others are written', () => {
  const recent = new RecentMap<string>(3);
  recent.set('kept', 'it');

  for (let index = 0; index < 100; index += 1) {
    recent.set(`other${index}`, '');
    assert.is(recent.get('kept'), 'it', `after ${index}`);
  }
});

test('forgets what is deleted in both generations, and all that is cleared', () => {
  const recent = new RecentMap<number>(1);
  recent.set('a', 1);
  recent.set('b', 2);
  recent.get('a');

  recent.delete('a');

  assert.is(recent.get('a'), undefined);
  assert.is(recent.get('b'), 2);
  recent.clear();
  assert.is(recent.size, 0);
});

test.run();
