import Database from 'better-sqlite3';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startDiskWriter } from '../../db/disk-writer.ts';
import { openDatabase } from '../../db/open-database.ts';
import { createReservationStore } from '../../db/reservation-store.ts';
import { sampleReservation } from '../server/reservation/sample-reservations.ts';
import { withTemporaryFile } from './temporary-database.ts';

test('leaves flushing to the writer, and comes back when there is nothing more to flush', async () => {
  await withTemporaryFile(async (file) => {
    const failures: string[] = [];
    const connection = openDatabase({ file, commits: 'flush-later' });
    const writer = startDiskWriter(connection, (reason) => failures.push(reason));

    assert.is(connection.pragma('synchronous', { simple: true }), 1);
    createReservationStore(connection).insert(sampleReservation());
    await Promise.all([writer.onDisk(), writer.onDisk()]);
    await writer.onDisk();

    connection.close();
    await writer.stop();
    const again = new Database(file, { readonly: true });
    assert.is(again.prepare('SELECT count(*) FROM reservation').pluck().get(), 1);
    again.close();
    assert.equal(failures, []);
  });
});

test.run();
