import Database from 'better-sqlite3';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCallLogStore } from '../../db/call-log-store.ts';
import { toDatabaseError, withPlainErrors } from '../../db/database-error.ts';
import { migrate, SCHEMA_VERSION, schemaVersion } from '../../db/migrations.ts';
import { dataVersion, openDatabase, openToRead } from '../../db/open-database.ts';
import { createJoinLinkStore } from '../../db/join-link-store.ts';
import { createReservationStore } from '../../db/reservation-store.ts';
import { at, sampleReservation } from '../server/reservation/sample-reservations.ts';
import { errorOf, withDatabase, withTemporaryFile } from './temporary-database.ts';

const open = (file: string) => openDatabase({ file });

test('makes a database that only its owner can read, durable and in WAL mode', () =>
  withTemporaryFile((file) => {
    const connection = open(file);
    createReservationStore(connection).insert(sampleReservation());

    assert.is(connection.pragma('journal_mode', { simple: true }), 'wal');
    assert.is(connection.pragma('synchronous', { simple: true }), 2);
    assert.is(connection.pragma('foreign_keys', { simple: true }), 1);
    assert.is(schemaVersion(connection), SCHEMA_VERSION);
    for (const side of ['', '-wal', '-shm']) {
      assert.is(statSync(file + side).mode & 0o777, 0o600, `konfa.sqlite${side}`);
    }
    connection.close();
  }));

test('refuses a file in a folder that is missing, and makes neither', () =>
  withTemporaryFile((file) => {
    const deeper = join(dirname(file), 'data', 'konfa.sqlite');

    const refused = errorOf(() => open(deeper));

    assert.is(refused?.code, 'DB_FOLDER_MISSING');
    assert.match(refused?.message ?? '', /^database\.file: the folder \S+ does not exist$/);
    assert.not.ok(existsSync(dirname(deeper)));
  }));

test('refuses the database of another program and leaves it as it is', () =>
  withTemporaryFile((file) => {
    const foreign = new Database(file);
    foreign.exec('CREATE TABLE customer (name TEXT)');
    foreign.close();
    const before = readFileSync(file);

    const refused = errorOf(() => open(file));

    assert.is(refused?.code, 'DB_NOT_OURS');
    assert.match(refused?.message ?? '', /^database\.file: .* belongs to another program$/);
    assert.equal(readFileSync(file), before);
  }));

test('refuses an empty database that carries another program’s mark', () =>
  withTemporaryFile((file) => {
    const foreign = new Database(file);
    foreign.pragma('application_id = 42');
    foreign.close();

    assert.is(errorOf(() => open(file))?.code, 'DB_NOT_OURS');
  }));

test('refuses a database that a newer version wrote', () =>
  withTemporaryFile((file) => {
    const newer = open(file);
    newer.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    newer.close();

    assert.is(errorOf(() => open(file))?.code, 'DB_NEWER');
  }));

test('refuses a file that is not a database and leaves it as it is', () =>
  withTemporaryFile((file) => {
    const text = 'These are my notes, and not a database.\n'.repeat(100);
    writeFileSync(file, text);

    const refused = errorOf(() => open(file));

    assert.is(refused?.code, 'DB_NOT_A_DATABASE');
    assert.match(refused?.message ?? '', /^database\.file names a file that is not a database: /);
    assert.is(readFileSync(file, 'utf8'), text);
  }));

test('refuses a folder in place of a file', () =>
  withTemporaryFile((file) => {
    mkdirSync(file);

    assert.is(errorOf(() => open(file))?.code, 'DB_CANNOT_OPEN');
  }));

test('takes an empty file for a new database', () =>
  withTemporaryFile((file) => {
    writeFileSync(file, '');

    open(file).close();

    assert.ok(statSync(file).size > 0);
  }));

/** How the first schema took the sample reservation. */
const OLD_INSERT = `INSERT INTO reservation (reservation_id, profile_id, number, pin, admin_pin, title, start_at_ms,
    end_at_ms, zone, announcements, emails, created_at_ms, deleted_at_ms)
  VALUES (@reservationId, 'local', '40213', '70214', '5520931', 'Sales', ${at('2026-03-02T10:00Z')},
    ${at('2026-03-02T12:00Z')}, 'Europe/Warsaw', 'tone', '["anna@example.com"]', ${at('2026-03-01T10:00Z')}, NULL)`;

test('brings an older schema up to date and keeps what it holds', () =>
  withTemporaryFile((file) => {
    const older = new Database(file);
    migrate(older, 1);
    for (const reservationId of ['r1', 'r2']) older.prepare(OLD_INSERT).run({ reservationId });
    assert.is(schemaVersion(older), 1);
    assert.throws(() => createCallLogStore(older), /no such table/);
    older.close();

    const connection = open(file);

    assert.is(schemaVersion(connection), SCHEMA_VERSION);
    const store = createReservationStore(connection);
    const first = store.byId('r1');
    assert.equal(first, sampleReservation());
    assert.equal(store.byId('r2'), sampleReservation({ reservationId: 'r2' }));
    assert.is(createJoinLinkStore(connection).ofReservation('r1').length, 1);
    assert.equal(createCallLogStore(connection).list(10), []);
    connection.close();
  }));

test('a step that fails leaves the version before it', () =>
  withTemporaryFile((file) => {
    const older = new Database(file);
    migrate(older, 1);
    older.exec('CREATE TABLE call_record (in_the_way TEXT)');

    assert.throws(() => migrate(older), /already exists/);
    assert.is(schemaVersion(older), 1);
    older.close();
  }));

test('the data version changes with what others write, not with what we write', () =>
  withDatabase((connection) => {
    const other = open(connection.name);
    const before = dataVersion(connection);

    createReservationStore(connection).insert(sampleReservation());
    assert.is(dataVersion(connection), before);
    createReservationStore(other).insert(sampleReservation({ reservationId: 'r2' }));
    assert.is.not(dataVersion(connection), before);
    other.close();
  }));

const RESULT_CODES: readonly (readonly [resultCode: string, code: string])[] = [
  ['SQLITE_FULL', 'DB_FULL'],
  ['SQLITE_IOERR_WRITE', 'DB_FULL'],
  ['SQLITE_IOERR_SHMSIZE', 'DB_FULL'],
  ['SQLITE_IOERR_READ', 'DB_FAILED'],
  ['SQLITE_BUSY', 'DB_BUSY'],
  ['SQLITE_BUSY_SNAPSHOT', 'DB_BUSY'],
  ['SQLITE_NOTADB', 'DB_NOT_A_DATABASE'],
  ['SQLITE_CORRUPT_INDEX', 'DB_CORRUPT'],
  ['SQLITE_READONLY', 'DB_READ_ONLY'],
  ['SQLITE_READONLY_DIRECTORY', 'DB_READ_ONLY'],
  ['SQLITE_PERM', 'DB_READ_ONLY'],
  ['SQLITE_CANTOPEN_ISDIR', 'DB_CANNOT_OPEN'],
  ['SQLITE_CONSTRAINT_CHECK', 'DB_FAILED'],
];

for (const [resultCode, code] of RESULT_CODES) {
  test(`${resultCode} is told as ${code}`, () => {
    const told = toDatabaseError(new Database.SqliteError('text of SQLite', resultCode), '/x/k.db');

    assert.ok(told instanceof Error && 'code' in told);
    assert.is(told.code, code);
    assert.match(told.message, `: /x/k.db (${resultCode})`);
  });
}

test('an error that is not SQLite’s stays what it is', () => {
  const defect = new TypeError('a defect');

  assert.is(toDatabaseError(defect, 'k.db'), defect);
});

test('opens a database to read while another process writes, and writes nothing itself', () =>
  withTemporaryFile((file) => {
    const server = openDatabase({ file });
    server.exec('CREATE TABLE seen (word TEXT) STRICT');
    const reader = openToRead(file);
    server.exec(`INSERT INTO seen VALUES ('fresh')`);

    const words = reader.prepare<[], string>('SELECT word FROM seen').pluck().all();
    const error = errorOf(() =>
      withPlainErrors(file, () => reader.exec(`INSERT INTO seen VALUES ('mine')`)),
    );
    reader.close();
    server.close();

    assert.equal(words, ['fresh']);
    assert.is(error?.code, 'DB_READ_ONLY');
  }));

test('opens no database to read that is missing, foreign, older or newer, and changes none', () =>
  withTemporaryFile((file) => {
    const codeOf = () => errorOf(() => openToRead(file))?.code;
    const missing = codeOf();
    writeFileSync(file, 'something else altogether');
    const foreign = codeOf();
    rmSync(file);
    const older = new Database(file);
    migrate(older, SCHEMA_VERSION - 1);
    older.close();
    const olderCode = codeOf();
    const kept = new Database(file);
    const version = schemaVersion(kept);
    kept.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    kept.close();

    assert.is(missing, 'DB_CANNOT_OPEN');
    assert.is(foreign, 'DB_NOT_A_DATABASE');
    assert.is(olderCode, 'DB_OLDER');
    assert.is(version, SCHEMA_VERSION - 1);
    assert.is(codeOf(), 'DB_NEWER');
  }));

test.run();
