import Database from 'better-sqlite3';
import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseError, errorCode, withPlainErrors } from './database-error.ts';
import { APPLICATION_ID, migrate, SCHEMA_VERSION, schemaVersion } from './migrations.ts';

/** An open database of ours, at today's schema. */
export type Connection = Database.Database;

/** Which file, in a folder that is there. */
export interface OpenDatabaseOptions {
  readonly file: string;
  /** How long to wait for another process's transaction. Default 5,000. */
  readonly busyTimeoutMs?: number;
  /**
   * `wait` (default): a commit returns when it is on the disk. `flush-later`: it returns at once and survives the end of
   * the process, but a power cut only once `onDisk` has come back (`disk-writer.ts`); call `startDiskWriter` then.
   */
  readonly commits?: 'wait' | 'flush-later';
}

/**
 * Opens the database, makes it when there is none, and brings its schema up to date. A file that is not ours is not
 * written to. A new file can be read by its owner only, since it holds PINs.
 *
 * @throws DatabaseError with a plain sentence whenever it cannot be used.
 */
export function openDatabase(options: OpenDatabaseOptions): Connection {
  const file = resolve(options.file);
  refuseMissingFolder(file);
  return withPlainErrors(file, () => {
    createPrivately(file);
    const connection = new Database(file, { timeout: options.busyTimeoutMs ?? 5_000 });
    try {
      refuseForeign(connection, file);
      connection.pragma('journal_mode = WAL');
      // What was promised to a person outlives a power cut: every commit reaches the disk, now or by `onDisk`.
      connection.pragma(`synchronous = ${options.commits === 'flush-later' ? 'NORMAL' : 'FULL'}`);
      connection.pragma('foreign_keys = ON');
      migrate(connection);
    } catch (error) {
      connection.close();
      throw error;
    }
    return connection;
  });
}

/**
 * Opens a database to look at it: nothing is made, nothing is brought up to date, and nothing can be written. Commands that
 * only tell use it while the server runs.
 *
 * @throws DatabaseError when it is not there, not ours, or of another version of this program.
 */
export function openToRead(path: string): Connection {
  const file = resolve(path);
  return withPlainErrors(file, () => {
    const connection = new Database(file, { readonly: true, fileMustExist: true });
    try {
      refuseForeign(connection, file);
      const version = schemaVersion(connection);
      if (version < SCHEMA_VERSION) {
        const sentence = `database.file: ${file} was written by an older version of this program; the server brings it up to date when it starts`;
        throw new DatabaseError('DB_OLDER', sentence, { file });
      }
    } catch (error) {
      connection.close();
      throw error;
    }
    return connection;
  });
}

/** Changes whenever another connection, also of another process, has changed the database. Costs microseconds. */
export function dataVersion(connection: Connection): number {
  return Number(connection.pragma('data_version', { simple: true }));
}

function refuseMissingFolder(file: string): void {
  const folder = dirname(file);
  if (existsSync(folder)) return;
  const sentence = `database.file: the folder ${folder} does not exist`;
  throw new DatabaseError('DB_FOLDER_MISSING', sentence, { file });
}

/** Makes the empty file before SQLite would with the process's usual permissions; its side files take them over. */
function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    const sentence = `database.file: ${file} cannot be made (${errorCode(error)})`;
    const code = errorCode(error) === 'ENOSPC' ? 'DB_FULL' : 'DB_CANNOT_OPEN';
    throw new DatabaseError(code, sentence, { file, cause: error });
  }
}

function refuseForeign(connection: Connection, file: string): void {
  const applicationId = Number(connection.pragma('application_id', { simple: true }));
  const tables = connection.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck().get();
  const isEmpty = applicationId === 0 && schemaVersion(connection) === 0 && tables === 0;
  if (applicationId !== APPLICATION_ID && !isEmpty) {
    const sentence = `database.file: ${file} belongs to another program`;
    throw new DatabaseError('DB_NOT_OURS', sentence, { file });
  }
  const version = schemaVersion(connection);
  if (version > SCHEMA_VERSION) {
    const sentence = `database.file: ${file} was written by a newer version of this program (schema ${version}, here ${SCHEMA_VERSION})`;
    throw new DatabaseError('DB_NEWER', sentence, { file });
  }
}
