import Database from 'better-sqlite3';
import { CodedError } from '../mixer/protocol/coded-error.ts';

/** Why the database cannot be used. Each code has one plain sentence. */
export type DatabaseErrorCode =
  /** The file belongs to another program. */
  | 'DB_NOT_OURS'
  /** Written by a newer version of this program. */
  | 'DB_NEWER'
  /** Written by an older one, and only to be read. */
  | 'DB_OLDER'
  | 'DB_NOT_A_DATABASE'
  | 'DB_FOLDER_MISSING'
  | 'DB_CANNOT_OPEN'
  | 'DB_READ_ONLY'
  | 'DB_FULL'
  /** Another process kept the file locked for longer than we wait. */
  | 'DB_BUSY'
  | 'DB_CORRUPT'
  /** A backup's target exists already. */
  | 'DB_BACKUP_EXISTS'
  | 'DB_FAILED';

/** A database that cannot be used; the message is fit to be shown to the administrator. Holds no stored data. */
export class DatabaseError extends CodedError {
  constructor(
    code: DatabaseErrorCode,
    message: string,
    about: { readonly file: string; readonly cause?: unknown },
  ) {
    super(code, message, { file: about.file }, about.cause);
  }
}

/** Runs `work`; what SQLite throws becomes a `DatabaseError` about `file`. Other errors pass. */
export function withPlainErrors<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toDatabaseError(error, file);
  }
}

/** A SQLite error as a `DatabaseError`; any other error as it is. */
export function toDatabaseError(error: unknown, file: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const { code, sentence } = explain(error.code);
  return new DatabaseError(code, `${sentence}: ${file} (${error.code})`, { file, cause: error });
}

/** The code that Node or SQLite gave an error (`ENOSPC`, `SQLITE_FULL`), or nothing. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

interface Explanation {
  readonly code: DatabaseErrorCode;
  readonly sentence: string;
}

/** By result code, https://www.sqlite.org/rescode.html; an extended code falls back on its primary one. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  SQLITE_FULL: {
    code: 'DB_FULL',
    sentence: 'the disk that holds the database is full, nothing was saved',
  },
  SQLITE_IOERR_WRITE: {
    code: 'DB_FULL',
    sentence: 'the disk that holds the database takes no more data, nothing was saved',
  },
  // The index of the write-ahead log could not grow.
  SQLITE_IOERR_SHMSIZE: {
    code: 'DB_FULL',
    sentence: 'the disk that holds the database takes no more data, nothing was saved',
  },
  SQLITE_BUSY: {
    code: 'DB_BUSY',
    sentence: 'another process keeps the database locked, nothing was saved',
  },
  SQLITE_NOTADB: {
    code: 'DB_NOT_A_DATABASE',
    sentence: 'database.file names a file that is not a database',
  },
  SQLITE_CORRUPT: {
    code: 'DB_CORRUPT',
    sentence: 'the database is damaged, restore it from a backup',
  },
  SQLITE_READONLY: {
    code: 'DB_READ_ONLY',
    sentence: 'the database cannot be written, check the permissions of database.file',
  },
  SQLITE_PERM: {
    code: 'DB_READ_ONLY',
    sentence: 'the database cannot be used, check the permissions of database.file',
  },
  SQLITE_CANTOPEN: {
    code: 'DB_CANNOT_OPEN',
    sentence: 'the database cannot be opened, check database.file and its permissions',
  },
};

const UNEXPLAINED: Explanation = { code: 'DB_FAILED', sentence: 'the database failed' };

function explain(resultCode: string): Explanation {
  const primaryCode = resultCode.split('_').slice(0, 2).join('_');
  return EXPLANATIONS[resultCode] ?? EXPLANATIONS[primaryCode] ?? UNEXPLAINED;
}
