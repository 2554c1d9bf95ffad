import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { createConnection, type Connection } from '../../web/connection.ts';

interface Scene {
  readonly connection: Connection;
  /** Pauses that were asked for, in ms. */
  readonly pauses: number[];
  readonly states: string[];
  /** Lets the last planned work be done, and what follows from it. */
  readonly pass: () => Promise<void>;
  readonly probes: () => number;
}

/** A watch whose probes end as given: `true` reaches the server. */
function scene(...outcomes: readonly boolean[]): Scene {
  const left = [...outcomes];
  const pauses: number[] = [];
  const planned: (() => void)[] = [];
  const states: string[] = [];
  let probes = 0;
  const connection = createConnection({
    probe: async () => {
      probes += 1;
      if (left.shift() !== true) throw new Error('away');
    },
    after: (delayMs, work) => {
      pauses.push(delayMs);
      planned.push(work);
    },
  });
  connection.subscribe(() => states.push(connection.state));
  const pass = async (): Promise<void> => {
    planned.pop()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { connection, pauses, states, pass, probes: () => probes };
}

test('probes with growing pauses of at most half a minute while the connection is lost', async () => {
  const { connection, pauses, pass } = scene();

  connection.lost();
  for (let turn = 0; turn < 8; turn += 1) await pass();

  assert.equal(pauses, [1000, 2000, 4000, 8000, 15_000, 30_000, 30_000, 30_000, 30_000]);
  assert.is(connection.state, 'lost');
});

test('says for a moment that the connection is back, and counts its returns', async () => {
  const { connection, states, pass } = scene(false, true);

  connection.lost();
  await pass();
  await pass();
  const returned = connection.returns;
  await pass();

  assert.is(returned, 1);
  assert.equal(states, ['lost', 'back', 'good']);
});

test('starts with short pauses again after a return', async () => {
  const { connection, pauses, pass } = scene(false, true);

  connection.lost();
  await pass();
  await pass();
  connection.lost();

  assert.is(pauses.at(-1), 1000);
});

test('does not probe twice for several failed requests', async () => {
  const { connection, pauses, pass, probes } = scene();

  connection.lost();
  connection.lost();
  connection.lost();
  await pass();

  assert.is(probes(), 1);
  assert.is(pauses.length, 2);
});

test('takes any answered request for the return', () => {
  const { connection } = scene();

  connection.lost();
  connection.reached();

  assert.is(connection.state, 'back');
});

test('tries at once when somebody asks for it', async () => {
  const { connection, probes } = scene(true);

  connection.lost();
  connection.retry();
  await new Promise((resolve) => setImmediate(resolve));

  assert.is(probes(), 1);
  assert.is(connection.state, 'back');
});

test('leaves a connection alone that is good', () => {
  const { connection, states, probes } = scene();

  connection.reached();
  connection.retry();

  assert.is(probes(), 0);
  assert.equal(states, []);
});

test.run();
