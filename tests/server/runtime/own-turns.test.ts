import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createOwnTurns } from '../../../server/runtime/own-turns.ts';

test('lets the event loop go round between two who wait', async () => {
  const ownTurn = createOwnTurns();
  const seen: string[] = [];
  const worker = async (name: string): Promise<void> => {
    await ownTurn();
    seen.push(name);
    setImmediate(() => seen.push(`after ${name}`));
  };

  await Promise.all([worker('first'), worker('second'), worker('third')]);

  assert.equal(
    seen.filter((name) => !name.startsWith('after')),
    ['first', 'second', 'third'],
  );
  assert.ok(seen.indexOf('after first') < seen.indexOf('third'));
});

test.run();
