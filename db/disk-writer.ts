import { close, fdatasync, open } from 'node:fs';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { DatabaseError, errorCode } from './database-error.ts';
import type { Connection } from './open-database.ts';

/** Brings to the disk what a connection with `flush-later` has committed, while its own thread goes on. */
export interface DiskWriter {
  /**
   * Comes back when everything committed before the call has reached the disk. Calls while a flush runs share the next.
   * Rejects with a `DatabaseError` when the disk refuses.
   */
  readonly onDisk: () => Promise<void>;
  /** To be called before the connection is closed. */
  stop(): Promise<void>;
}

/** How often the write-ahead log is carried over into the database file, if it has grown. */
const CARRY_EVERY_MS = 1_000;

/** Frames of 4 KiB that the log may hold before it is carried over. */
const CARRY_FROM_FRAMES = 2_000;

const openFile = promisify(open);
const closeFile = promisify(close);
const flushFile = promisify(fdatasync);

/**
 * Starts the writer. The system flushes the write-ahead log on a thread of its own, as SQLite would inside the commit:
 * what was committed is in that file (https://www.sqlite.org/wal.html). Another thread carries it over into the database
 * file, which takes tens of milliseconds. `onFailure` hears of a thread that ended; SQLite then does it by itself.
 */
export function startDiskWriter(
  connection: Connection,
  onFailure: (reason: string) => void,
): DiskWriter {
  const file = connection.name;
  const log = openFile(`${file}-wal`, 'r+');
  // Whoever flushes hears of it.
  log.catch(() => undefined);
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  const changes = connection.prepare<[], number>('SELECT total_changes()').pluck();
  let flushedChanges = -1;
  const carrying = carryOver(connection, onFailure);

  async function flush(before: Promise<void>): Promise<void> {
    await before.catch(() => undefined);
    next = null;
    const made = connection.open ? changes.get() : undefined;
    try {
      await flushFile(await log);
      flushedChanges = made ?? flushedChanges;
    } catch (error) {
      const sentence = `the disk that holds the database does not take what was written: ${file} (${errorCode(error)})`;
      throw new DatabaseError('DB_FAILED', sentence, { file, cause: error });
    }
  }

  async function onDisk(): Promise<void> {
    if (connection.open && changes.get() === flushedChanges) return;
    if (next === null) {
      next = flush(running);
      running = next;
    }
    await next;
  }

  return {
    onDisk,
    async stop() {
      await carrying.stop();
      await onDisk().catch((error: unknown) => onFailure(String(error)));
      await log.then((descriptor) => closeFile(descriptor)).catch(() => undefined);
    },
  };
}

/** Carries the log over from a thread with a connection of its own; the commits here do not any more. */
function carryOver(
  connection: Connection,
  onFailure: (reason: string) => void,
): { stop(): Promise<void> } {
  connection.pragma('wal_autocheckpoint = 0');
  const worker = new Worker(CARRIER, {
    eval: true,
    name: 'database',
    workerData: {
      library: import.meta.resolve('better-sqlite3'),
      file: connection.name,
      everyMs: CARRY_EVERY_MS,
      fromBytes: CARRY_FROM_FRAMES * 4096,
    },
  });
  worker.unref();
  let state: 'running' | 'stopping' = 'running';
  const exited = new Promise<void>((resolve) => {
    worker.once('error', (error) => onFailure(String(error)));
    worker.once('exit', () => {
      if (state === 'running' && connection.open) {
        onFailure('the thread ended');
        connection.pragma('wal_autocheckpoint = 1000');
      }
      resolve();
    });
  });
  return {
    stop() {
      state = 'stopping';
      worker.ref();
      worker.postMessage('stop');
      return exited;
    },
  };
}

/** Plain JavaScript, so that it runs the same from the sources and compiled. Passive: it makes nobody wait. */
const CARRIER = `
const { parentPort, workerData } = require('node:worker_threads');
const { statSync } = require('node:fs');
import(workerData.library).then(({ default: Database }) => {
  const connection = new Database(workerData.file, { fileMustExist: true });
  const timer = setInterval(() => {
    try {
      if (statSync(workerData.file + '-wal').size < workerData.fromBytes) return;
      connection.pragma('wal_checkpoint(PASSIVE)');
    } catch (error) {
      if (!String(error.code).startsWith('SQLITE_BUSY')) throw error;
    }
  }, workerData.everyMs);
  parentPort.once('message', () => {
    clearInterval(timer);
    connection.close();
    parentPort.close();
  });
});
`;
