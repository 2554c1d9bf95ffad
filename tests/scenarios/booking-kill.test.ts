import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openDatabase } from '../../db/open-database.ts';
import { createReservationStore } from '../../db/reservation-store.ts';
import { startBooking, type BookingReport } from '../db/booking-child.ts';
import { withTemporaryFile } from '../db/temporary-database.ts';

const ROUNDS = 6;
/** More than a process books before it is killed. */
const ENDLESS = 20_000;

/** What the database holds, in the words in which bookings are confirmed. */
function heldIn(file: string): ReadonlySet<string> {
  const connection = openDatabase({ file });
  assert.is(connection.pragma('integrity_check', { simple: true }), 'ok');
  const all = createReservationStore(connection).endingAfter(0, null);
  connection.close();
  return new Set(all.map(({ number, pin, adminPin }) => `${number} ${pin} ${adminPin}`));
}

/** Two processes, let go in the same moment. */
async function bookAtOnce(
  file: string,
  count: number,
  profiles: 'own' | 'shared',
): Promise<readonly BookingReport[]> {
  const children = [startBooking(file, count, profiles), startBooking(file, count, profiles)];
  await Promise.all(children.map((child) => child.ready));
  for (const child of children) child.begin();
  return Promise.all(children.map((child) => child.ended));
}

test('after kill -9 while booking the database is whole and every confirmed booking is there', () =>
  withTemporaryFile(async (file) => {
    const confirmed: string[] = [];

    for (let round = 0; round < ROUNDS; round += 1) {
      const child = startBooking(file, ENDLESS, 'own');
      child.begin();
      await child.answered(1 + Math.floor(Math.random() * 40));
      await pause(Math.random() * 30);
      child.kill();
      const { lines, signal, complaints } = await child.ended;
      assert.is(signal, 'SIGKILL', complaints);
      assert.not.ok(lines.includes('refused'));
      confirmed.push(...lines);

      const held = heldIn(file);
      assert.equal(
        confirmed.filter((line) => !held.has(line)),
        [],
      );
      // At most one booking a round was kept without having been confirmed.
      assert.ok(held.size - confirmed.length <= round + 1, `${held.size}, ${confirmed.length}`);
    }

    assert.ok(confirmed.length >= ROUNDS);
    assert.is(new Set(confirmed.map((line) => line.slice(0, 5))).size, confirmed.length);
  }));

test('two processes that start and book at once give no number twice and fail at nothing', () =>
  withTemporaryFile(async (file) => {
    const reports = await bookAtOnce(file, 150, 'own');

    for (const { exitCode, complaints } of reports) assert.is(exitCode, 0, complaints);
    const lines = reports.flatMap((report) => report.lines);
    assert.is(lines.length, 300);
    assert.not.ok(lines.includes('refused'));
    assert.is(new Set(lines.map((line) => line.slice(0, 5))).size, 300);
    assert.equal(heldIn(file), new Set(lines));
  }));

test('two processes that book for the same profiles at once are given three places of each', () =>
  withTemporaryFile(async (file) => {
    const reports = await bookAtOnce(file, 200, 'shared');

    const lines = reports.flatMap((report) => report.lines);
    assert.is(lines.length, 400);
    // 50 profiles, asked for four times by each process.
    assert.is(lines.filter((line) => line !== 'refused').length, 50 * 3);
  }));

test.run();
