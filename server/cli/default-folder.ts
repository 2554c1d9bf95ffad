import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { CodedError } from '../../mixer/protocol/coded-error.ts';
import { parseConfig } from '../config/config.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { systemReason } from '../config/system-reason.ts';

/** The folder of the database is missing and cannot be made. */
class DefaultFolderError extends CodedError {
  constructor(folder: string, cause: unknown) {
    const sentence = `database.file: the folder ${folder} cannot be made: ${systemReason(cause)}`;
    super('DATABASE_FOLDER', sentence, { folder }, cause);
  }
}

/**
 * Makes the folder of the database when it has its default place. One that somebody wrote in the config is not made:
 * it may be a slip, and an empty database in a new folder would hide that.
 * @throws DefaultFolderError when it cannot be made.
 */
export function prepareDefaultFolder({ config, baseFolder }: LoadedConfig): void {
  if (!isDefaultDatabase({ config, baseFolder })) return;
  const folder = dirname(config.database.file);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o750 });
  } catch (error) {
    throw new DefaultFolderError(folder, error);
  }
}

/** Whether the database has its default place, whose folder is made when it is missing. */
export function isDefaultDatabase({ config, baseFolder }: LoadedConfig): boolean {
  return config.database.file === resolve(baseFolder, parseConfig({}).database.file);
}
