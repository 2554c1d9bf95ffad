import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LegTable } from '../../../server/media/leg-table.ts';
import { newPooledLeg, NO_WORKER } from '../../../server/media/pooled-leg.ts';
import type { PooledLeg } from '../../../server/media/pooled-leg.ts';

const media: PooledLeg['media'] = {
  codec: 'PCMA',
  payloadTypeOut: 8,
  payloadTypesIn: [{ payloadType: 8, codec: 'PCMA' }],
  telephoneEventPayloadType: null,
  comfortNoisePayloadType: null,
  ptimeOutMs: 20,
  remote: { host: '192.0.2.1', port: 4000 },
  remoteRtcp: null,
  direction: 'sendrecv',
};

/** A table with one leg on each worker that is given. */
function tableOf(workers: readonly number[]): { table: LegTable; legs: readonly PooledLeg[] } {
  const table = new LegTable();
  const legs = workers.map((worker, index) => {
    const leg = newPooledLeg({ legId: `leg-${index}`, homeRoomId: null, host: '::1', media });
    table.add(leg);
    table.place(leg, worker);
    return leg;
  });
  return { table, legs };
}

test('a leg goes to the worker with the fewest', () => {
  const { table } = tableOf([0, 0, 1, 2, 2]);

  assert.is(table.leastLoaded([0, 1, 2], []), 1);
});

test('of workers with as many, the first is taken', () => {
  assert.is(tableOf([]).table.leastLoaded([1, 2], []), 1);
});

test('a worker that does not run is not taken', () => {
  const { table } = tableOf([0, 0, 2]);

  assert.is(table.leastLoaded([0, 2], []), 2);
  assert.is(table.leastLoaded([], []), null);
});

test('a room weighs as much as eight legs', () => {
  const { table } = tableOf([1, 1, 1, 1, 1, 1, 1]);

  assert.is(table.leastLoaded([0, 1], [0]), 1);
  assert.is(table.leastLoaded([0, 1], []), 0);
});

test('a leg that moves, looks for a port or ends weighs on its worker no longer', () => {
  const { table, legs } = tableOf([0, 0, 0, 1]);
  const [moves, looks, ends] = legs;
  if (moves === undefined || looks === undefined || ends === undefined) throw new Error('no legs');

  table.place(moves, 1);
  table.place(looks, NO_WORKER);
  table.remove(ends);

  assert.is(table.leastLoaded([0, 1], []), 0);
  assert.is(table.size, 3);
});

test('a leg that is gone is neither counted nor taken away twice', () => {
  const { table, legs } = tableOf([0, 1]);
  const [gone] = legs;
  if (gone === undefined) throw new Error('no legs');

  table.remove(gone);
  table.remove(gone);
  table.place(gone, 1);
  table.place(gone, 0);

  assert.is(table.get('leg-0'), undefined);
  assert.is(table.leastLoaded([1, 0], []), 0);
});

test.run();
