import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DurationMs } from '../mixer/protocol/units.ts';
import { errorCode } from './database-error.ts';

/** Older than any backup that is still being made, whoever has its process id by now. */
const ABANDONED_AFTER_MS: DurationMs = 3_600_000;

/** What follows the target's name: process id, a name of its own, and what SQLite puts beside a file. */
const ENDING = /^\.(?<pid>\d+)-[\da-f-]{36}\.unfinished(?:-wal|-shm|-journal)?$/;

/**
 * A new name for the unfinished copy of a backup to `file`. Two backups to one name at once must not write into each
 * other, and whose it is can be told from the name.
 */
export function unfinishedCopyOf(file: string): string {
  return `${file}.${process.pid}-${randomUUID()}.unfinished`;
}

/** Removes what backups to `file` have left that were killed midway. */
export function removeAbandonedCopies(file: string): void {
  for (const name of readdirSync(dirname(file))) {
    if (!name.startsWith(basename(file))) continue;
    const pid = ENDING.exec(name.slice(basename(file).length))?.groups?.['pid'];
    const copy = join(dirname(file), name);
    if (pid !== undefined && isAbandoned(copy, Number(pid))) remove(copy);
  }
}

function isAbandoned(copy: string, pid: number): boolean {
  const writtenAtMs = statSync(copy, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
  return Date.now() - writtenAtMs > ABANDONED_AFTER_MS || !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Any other answer comes from a process that is there and another user's.
    return errorCode(error) !== 'ESRCH';
  }
}

function remove(copy: string): void {
  try {
    rmSync(copy, { force: true });
  } catch (error) {
    // Another user's, in a folder such as /tmp: it is not ours to remove, and no reason to make no backup.
    if (!['EPERM', 'EACCES'].includes(errorCode(error))) throw error;
  }
}
