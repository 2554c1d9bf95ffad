import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Connection } from '../../db/open-database.ts';

/** Runs `work` with the path of a file, not there yet, in a folder that is removed afterwards. */
export async function withTemporaryFile(
  work: (file: string) => void | Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'konfa-db-'));
  try {
    await work(join(folder, 'konfa.sqlite'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs `work` with a new database on disk. */
export async function withDatabase(
  work: (connection: Connection) => void | Promise<void>,
): Promise<void> {
  await withTemporaryFile(async (file) => {
    const connection = openDatabase({ file, busyTimeoutMs: 0 });
    try {
      await work(connection);
    } finally {
      connection.close();
    }
  });
}

/** The code of the error that `work` throws, and its message; null when it throws none. */
export function errorOf(work: () => unknown): { code: unknown; message: string } | null {
  try {
    work();
    return null;
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    return { code, message: error instanceof Error ? error.message : String(error) };
  }
}
