import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openDatabase } from '../../db/open-database.ts';
import { createReservationStore } from '../../db/reservation-store.ts';
import { startBooking } from '../db/booking-child.ts';
import { withTemporaryFile } from '../db/temporary-database.ts';

const ROUNDS = 6;
/** More than a process books before it is killed. */
const ENDLESS = 20_000;

/** What the database holds, in the words in which bookings are confirmed. */
function heldIn(file: string): ReadonlySet<string> {
  const connection = openDatabase({ file, missingFolder: 'refuse' });
  assert.is(connection.pragma('integrity_check', { simple: true }), 'ok');
  const all = createReservationStore(connection).endingAfter(0, null);
  connection.close();
  return new Set(all.map(({ number, pin, adminPin }) => `${number} ${pin} ${adminPin}`));
}

test('after kill -9 while booking the database is whole and every confirmed booking is there', () =>
  withTemporaryFile(async (file) => {
    const confirmed: string[] = [];

    for (let round = 0; round < ROUNDS; round += 1) {
      const child = startBooking(file, ENDLESS, 'each');
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
    const children = [startBooking(file, 150, 'each'), startBooking(file, 150, 'each')];

    const reports = await Promise.all(children.map((child) => child.ended));

    for (const { exitCode, complaints } of reports) assert.is(exitCode, 0, complaints);
    const lines = reports.flatMap((report) => report.lines);
    assert.is(lines.length, 300);
    assert.not.ok(lines.includes('refused'));
    assert.is(new Set(lines.map((line) => line.slice(0, 5))).size, 300);
    assert.equal(heldIn(file), new Set(lines));
  }));

test('two processes that book for one profile at once are given three places together', () =>
  withTemporaryFile(async (file) => {
    const children = [startBooking(file, 20, 'local'), startBooking(file, 20, 'local')];

    const reports = await Promise.all(children.map((child) => child.ended));

    const lines = reports.flatMap((report) => report.lines);
    assert.is(lines.length, 40);
    assert.is(lines.filter((line) => line !== 'refused').length, 3);
  }));

test.run();
