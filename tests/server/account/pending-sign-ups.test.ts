import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createPendingSignUps } from '../../../server/account/pending-sign-ups.ts';
import { systemRandom } from '../../../server/runtime/random.ts';

const HOLDS_MS = 1_000;
const create = () => createPendingSignUps(systemRandom, () => HOLDS_MS);

test('only the very address and password are pending, for as long as the link holds', () => {
  const pending = create();
  pending.remember('ala@example.org', 'zażółć', 0);

  assert.is(
    pending.isPending('ala@example.org', 'zażółć'.normalize('NFD'), HOLDS_MS - 1),
    'pending',
  );
  assert.is(pending.isPending('ala@example.org', 'zażółć', HOLDS_MS), 'unknown');
  assert.is(pending.isPending('ala@example.org', 'zazolc', 0), 'unknown');
  assert.is(pending.isPending('ola@example.org', 'zażółć', 0), 'unknown');
});

test('a stranger who signs up with the same address does not take another’s place', () => {
  const pending = create();
  pending.remember('ala@example.org', 'mine', 0);
  const foreign = pending.remember('ala@example.org', 'foreign', 0);

  pending.forget(foreign);

  assert.is(pending.isPending('ala@example.org', 'mine', 0), 'pending');
  assert.is(pending.isPending('ala@example.org', 'foreign', 0), 'unknown');
});

test('what is remembered is of no use to another process', () => {
  assert.is.not(create().remember('a@b.pl', 'x', 0), create().remember('a@b.pl', 'x', 0));
});

test.run();
