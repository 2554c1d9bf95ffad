import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { backupDatabase } from '../../db/backup.ts';
import { openDatabase, type Connection } from '../../db/open-database.ts';
import { createReservationStore } from '../../db/reservation-store.ts';
import { sampleReservation } from '../server/reservation/sample-reservations.ts';
import { withDatabase } from './temporary-database.ts';

const backupOf = (connection: Connection) => join(dirname(connection.name), 'backup.sqlite');

async function codeOf(promise: Promise<void>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

test('copies the database whole while it is in use, as one private file that can be opened', () =>
  withDatabase(async (connection) => {
    const store = createReservationStore(connection);
    for (let index = 0; index < 500; index += 1) {
      store.insert(sampleReservation({ reservationId: `r${index}`, title: 'x'.repeat(1_000) }));
    }
    const target = backupOf(connection);

    await backupDatabase(connection, target);

    assert.is(statSync(target).mode & 0o777, 0o600);
    assert.equal(
      readdirSync(dirname(target)).filter((name) => name.startsWith('backup')),
      ['backup.sqlite'],
    );
    const copy = openDatabase({ file: target });
    assert.is(createReservationStore(copy).endingAfter(0, null).length, 500);
    copy.close();
    store.insert(sampleReservation({ reservationId: 'still in use' }));
  }));

test('does not overwrite a file', () =>
  withDatabase(async (connection) => {
    const target = backupOf(connection);
    writeFileSync(target, 'precious');

    assert.is(await codeOf(backupDatabase(connection, target)), 'DB_BACKUP_EXISTS');
    assert.is(await codeOf(backupDatabase(connection, connection.name)), 'DB_BACKUP_EXISTS');

    assert.is(readFileSync(target, 'utf8'), 'precious');
  }));

test('of two backups to one name at once, one is made and the other refused', () =>
  withDatabase(async (connection) => {
    const target = backupOf(connection);

    const codes = await Promise.all([
      codeOf(backupDatabase(connection, target)),
      codeOf(backupDatabase(connection, target)),
    ]);

    assert.equal(codes.map(String).sort(), ['DB_BACKUP_EXISTS', 'null']);
    const copy = openDatabase({ file: target });
    assert.is(copy.pragma('integrity_check', { simple: true }), 'ok');
    copy.close();
  }));

/** The id of a process that has ended. */
function endedProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

const COPY = '0123abcd-0123-4567-89ab-0123456789ab.unfinished';

test('removes what killed backups to the same name have left, and nothing else', () =>
  withDatabase(async (connection) => {
    const target = backupOf(connection);
    const pid = endedProcess();
    const old = `${target}.${process.pid}-${COPY}`;
    const abandoned = [`${target}.${pid}-${COPY}`, `${target}.${pid}-${COPY}-journal`, old];
    const others = [
      `${target}.${process.ppid}-${COPY}`,
      `${target}.2.${pid}-${COPY}`,
      `${target}.${pid}-notes.unfinished`,
      `${target}.unfinished`,
    ];
    for (const file of [...abandoned, ...others]) writeFileSync(file, 'half');
    utimesSync(old, 0, 0);

    await backupDatabase(connection, target);

    const left = readdirSync(dirname(target)).filter((name) => name.startsWith('backup'));
    assert.equal(left.sort(), [target, ...others].map((file) => basename(file)).sort());
  }));

test('says that the folder is missing', () =>
  withDatabase(async (connection) => {
    const target = join(dirname(connection.name), 'nowhere', 'backup.sqlite');

    assert.is(await codeOf(backupDatabase(connection, target)), 'DB_FOLDER_MISSING');
  }));

test.run();
