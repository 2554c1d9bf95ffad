import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { DeadlineQueue } from '../../../server/sip/deadline-queue.ts';
import { seededRandom } from './sip-lab.ts';

test('gives out owners whose deadline has come, the soonest first', () => {
  const queue = new DeadlineQueue<string>();
  queue.set('late', 30);
  queue.set('soon', 10);
  queue.set('middle', 20);

  assert.is(queue.nextMs, 10);
  assert.is(queue.takeDue(9), undefined);
  assert.is(queue.takeDue(25), 'soon');
  assert.is(queue.takeDue(25), 'middle');
  assert.is(queue.takeDue(25), undefined);
  assert.is(queue.nextMs, 30);
});

test('moves an owner to its new deadline, and forgets one that waits for nothing', () => {
  const queue = new DeadlineQueue<string>();
  queue.set('a', 10);
  queue.set('b', 20);

  queue.set('a', 30);
  assert.is(queue.nextMs, 20);
  queue.set('b', NEVER);
  assert.is(queue.nextMs, 30);
  queue.set('a', NEVER);

  assert.is(queue.nextMs, NEVER);
  assert.is(queue.size, 0);
});

test('agrees with a plain search after any row of changes', () => {
  const random = seededRandom(3);
  const queue = new DeadlineQueue<number>();
  const plain = new Map<number, number>();

  for (let i = 0; i < 20_000; i += 1) {
    const owner = random.integer(60);
    const kind = random.integer(10);
    if (kind < 7) {
      const atMs = random.integer(1000);
      queue.set(owner, atMs);
      plain.set(owner, atMs);
    } else if (kind < 8) {
      queue.set(owner, NEVER);
      plain.delete(owner);
    } else {
      const nowMs = random.integer(500);
      const due = queue.takeDue(nowMs);
      const soonestMs = Math.min(NEVER, ...plain.values());
      if (due === undefined) {
        assert.ok(soonestMs > nowMs);
      } else {
        assert.is(plain.get(due), soonestMs);
        plain.delete(due);
      }
    }
    assert.is(queue.nextMs, Math.min(NEVER, ...plain.values()));
    assert.is(queue.size, plain.size);
  }
});

test.run();
