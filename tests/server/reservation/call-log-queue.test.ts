import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Facts } from '../../../mixer/protocol/coded-error.ts';
import { queuedCallLog } from '../../../server/reservation/call-log-queue.ts';
import type { CallLogQueue } from '../../../server/reservation/call-log-queue.ts';
import type { CallRecord } from '../../../server/reservation/call-record.ts';
import { SimClock } from '../../support/sim-clock.ts';

interface Rig {
  readonly queue: CallLogQueue;
  readonly clock: SimClock;
  /** Ids of the calls of each lot that was written. */
  readonly lots: string[][];
  readonly errors: Facts[];
}

/** A queue before a store that takes no lot with the call `broken` in it. */
function rigOf(): Rig {
  const clock = new SimClock(0);
  const lots: string[][] = [];
  const errors: Facts[] = [];
  const quiet = (): void => undefined;
  const log = {
    ...{ warn: quiet, info: quiet, debug: quiet, setLevel: quiet, reopen: quiet, close: quiet },
    error: (message: string, facts: Facts = {}) => void errors.push({ message, ...facts }),
    child: () => log,
  };
  const addAll = (records: readonly CallRecord[]): void => {
    const ids = records.map(({ callId }) => callId);
    if (ids.includes('broken')) throw new Error('no such row');
    lots.push(ids);
  };
  const store = {
    addAll,
    add: (record: CallRecord) => addAll([record]),
    list: (limit: number) => lots.flat().slice(0, limit).map(recordOf),
    ofRoom: () => lots.flat().map(recordOf),
  };
  return { queue: queuedCallLog({ store, clock, log }), clock, lots, errors };
}

function recordOf(callId: string): CallRecord {
  return {
    ...{ callId, via: 'phone', guestName: null, seatId: null, trunk: 'local', caller: null },
    ...{ calledNumber: '908', diversions: [], room: null, roomId: null, enteredAtMs: null },
    ...{ role: null, startAtMs: 0, answerAtMs: null, endAtMs: 1, cause: 'normal', codec: null },
    ...{ packetsIn: 0, packetsOut: 0, packetsLost: 0, jitterMs: 0, dtmfMethod: null },
  };
}

test('writes the records of a tenth of a second together', async () => {
  const { queue, clock, lots } = rigOf();

  queue.add(recordOf('a'));
  await clock.advance(60);
  queue.add(recordOf('b'));
  assert.equal(lots, []);
  await clock.advance(40);
  queue.add(recordOf('c'));
  assert.equal(lots, [['a', 'b']]);
  await clock.advance(100);

  assert.equal(lots, [['a', 'b'], ['c']]);
  assert.is(clock.pending, 0);
});

test('writes a hundred records without waiting', async () => {
  const { queue, clock, lots } = rigOf();

  for (let index = 0; index < 250; index += 1) queue.add(recordOf(String(index)));

  assert.equal(
    lots.map((lot) => lot.length),
    [100, 100],
  );
  await clock.advance(100);
  assert.is(lots[2]?.length, 50);
  assert.is(clock.pending, 0);
});

test('whoever reads sees what waited', async () => {
  for (const read of ['list', 'ofRoom'] as const) {
    const { queue, clock } = rigOf();
    queue.add(recordOf('a'));

    const found = read === 'list' ? queue.list(5) : queue.ofRoom('r');

    assert.equal(found, [recordOf('a')], read);
    assert.is(clock.pending, 0, read);
  }
});

test('writes what waits when it is asked to, and nothing when nothing waits', async () => {
  const { queue, lots } = rigOf();
  queue.flush();
  assert.equal(lots, []);

  queue.add(recordOf('a'));
  queue.flush();

  assert.equal(lots, [['a']]);
});

test('a record that cannot be kept is told, and takes no other with it', async () => {
  const { queue, clock, lots, errors } = rigOf();
  for (const callId of ['a', 'broken', 'b']) queue.add(recordOf(callId));

  await clock.advance(100);

  assert.equal(lots, [['a'], ['b']]);
  assert.equal(errors, [
    { message: 'call record not kept', dialogId: 'broken', error: 'Error: no such row' },
  ]);
});

test.run();
