import Database from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createReservationStore } from '../../db/reservation-store.ts';
import { createRetentionStore } from '../../db/retention-store.ts';
import { readPerson } from '../../server/retention/person.ts';
import { sampleReservation } from '../server/reservation/sample-reservations.ts';
import { errorOf, withDatabase } from './temporary-database.ts';

for (const [who, statement] of [
  ['reads', 'SELECT count(*) FROM reservation'],
  ['writes', `UPDATE reservation SET title = 'x'`],
] as const) {
  test(`says that traces may be left while another process ${who}, and removes them later`, () =>
    withDatabase((connection) => {
      const file = connection.name;
      createReservationStore(connection).insert(sampleReservation({ note: 'TRACE' }));
      const retention = createRetentionStore(connection);
      connection.prepare('DELETE FROM reservation').run();
      const other = new Database(file);
      other.exec('BEGIN');
      other.exec(statement);

      const error = errorOf(() => retention.shred());
      other.exec('ROLLBACK');
      other.close();
      retention.shred();

      assert.is(error?.code, 'DB_BUSY');
      assert.match(error?.message ?? '', /^the data was erased, but .* run the command again/u);
      for (const name of [file, `${file}-wal`]) {
        assert.not.match(readFileSync(name).toString('latin1'), /TRACE/u, name);
      }
    }));
}

test('finds and erases an address of any letters in any case', () =>
  withDatabase((connection) => {
    const reservations = createReservationStore(connection);
    reservations.insert(sampleReservation({ emails: ['jan@ŻÓŁW.example.pl'], note: 'ŻÓŁW' }));
    const retention = createRetentionStore(connection);
    const person = readPerson('JAN@żółw.example.pl', '48');
    assert.ok(person);

    const found = retention.find(person);
    retention.erase(person);

    assert.equal(Object.keys(found), ['reservationsInvitedTo']);
    assert.equal(reservations.byId('r1')?.emails, []);
    assert.is(reservations.byId('r1')?.note, 'ŻÓŁW');
  }));

test.run();
