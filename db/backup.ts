import Database from 'better-sqlite3';
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  openSync,
  rmSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseError, errorCode, toDatabaseError } from './database-error.ts';
import type { Connection } from './open-database.ts';
import { removeAbandonedCopies, unfinishedCopyOf } from './unfinished-copy.ts';

/** More pages than any database has: the copy is one step, so no writer can make it start over. */
const ALL_PAGES = 0x7fffffff;

/**
 * Copies the whole database, as it stands at one moment, while it is in use, to a new file that only its owner can
 * read. The copy is checked before it gets its name, so a file of that name is always a whole backup. Unfinished copies
 * that killed backups to the same name have left are removed.
 *
 * @throws DatabaseError `DB_BACKUP_EXISTS`, `DB_FOLDER_MISSING`, `DB_CANNOT_OPEN`, `DB_FULL`, `DB_CORRUPT`.
 */
export async function backupDatabase(connection: Connection, target: string): Promise<void> {
  const file = resolve(target);
  const unfinished = unfinishedCopyOf(file);
  refuseToOverwrite(file);
  claim(unfinished, file);
  try {
    removeAbandonedCopies(file);
    await connection.backup(unfinished, { progress: () => ALL_PAGES });
    check(unfinished, file);
    giveName(unfinished, file);
  } catch (error) {
    throw plainly(error, file);
  } finally {
    for (const rest of ['', '-wal', '-shm', '-journal']) rmSync(unfinished + rest, { force: true });
  }
}

function refuseToOverwrite(file: string): void {
  if (existsSync(file)) throw exists(file);
  if (!existsSync(dirname(file))) {
    const sentence = `the folder ${dirname(file)} does not exist`;
    throw new DatabaseError('DB_FOLDER_MISSING', sentence, { file });
  }
}

/** Makes the unfinished copy readable by its owner only, before SQLite would with the usual permissions. */
function claim(unfinished: string, file: string): void {
  try {
    closeSync(openSync(unfinished, 'wx', 0o600));
  } catch (error) {
    throw plainly(error, file);
  }
}

function check(unfinished: string, file: string): void {
  // When it is gone, an empty one must not take its place.
  const copy = new Database(unfinished, { fileMustExist: true });
  try {
    // A copy of a database in WAL mode would need its side files: as a rollback-journal database it is one file.
    copy.pragma('journal_mode = DELETE');
    const answer = copy.pragma('integrity_check', { simple: true });
    if (answer === 'ok') return;
    throw new DatabaseError('DB_CORRUPT', `the backup is not whole and was removed: ${file}`, {
      file,
    });
  } finally {
    copy.close();
  }
}

/** Both ways fail when the name was taken meanwhile; the second is for file systems without hard links. */
function giveName(unfinished: string, file: string): void {
  try {
    linkSync(unfinished, file);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw error;
    copyFileSync(unfinished, file, constants.COPYFILE_EXCL);
    chmodSync(file, 0o600);
  }
}

function plainly(error: unknown, file: string): unknown {
  const code = errorCode(error);
  if (code === 'EEXIST') return exists(file);
  if (code === 'ENOSPC') {
    const sentence = `the disk is full, no backup was made: ${file}`;
    return new DatabaseError('DB_FULL', sentence, { file, cause: error });
  }
  if (/^E[A-Z]+$/.test(code)) {
    return new DatabaseError('DB_CANNOT_OPEN', `${file} cannot be written (${code})`, {
      file,
      cause: error,
    });
  }
  return toDatabaseError(error, file);
}

function exists(file: string): DatabaseError {
  return new DatabaseError('DB_BACKUP_EXISTS', `${file} exists already, nothing was written`, {
    file,
  });
}
