import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { openDatabase } from '../../db/open-database.ts';
import type { Connection } from '../../db/open-database.ts';
import { createReservationStore } from '../../db/reservation-store.ts';
import { CodedError } from '../../mixer/protocol/coded-error.ts';
import { parseConfig } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { createReservations } from '../reservation/reservations.ts';
import type { Reservations } from '../reservation/reservations.ts';
import type { ReservationRules } from '../reservation/reservation.ts';
import { systemRandom } from '../runtime/random.ts';
import { configuredNumbers, reservationRules } from './reservation-rules.ts';
import type { Terminal } from './terminal.ts';

/** Where the command line books, lists and cancels: the database that the server works with too. */
export interface BookingDesk {
  readonly reservations: Reservations;
  readonly rules: ReservationRules;
  readonly config: LoadedConfig['config'];
}

/** There is no database yet, and the command has nothing to do without one. */
export class NoDatabaseError extends CodedError {
  constructor(file: string) {
    super('NO_DATABASE', `database.file: there is no database at ${file} yet`, { file });
  }
}

/** Whose database, and what to do when there is none. */
export interface DeskOptions {
  readonly configFile: string | undefined;
  readonly whenMissing: 'create' | 'refuse';
  readonly terminal: Terminal;
}

/**
 * Opens the database of a config, lets `work` use it and closes it, whatever happens.
 * @throws ConfigError, NoDatabaseError, DatabaseError.
 */
export async function withDatabase<Result>(
  options: DeskOptions,
  work: (connection: Connection, desk: BookingDesk) => Result,
): Promise<Awaited<Result>> {
  const { config, baseFolder } = loadConfig(options.configFile, options.terminal.currentFolder);
  const { file } = config.database;
  if (options.whenMissing === 'refuse' && !existsSync(file)) throw new NoDatabaseError(file);
  const connection = openDatabase({ file, missingFolder: missingFolder(file, baseFolder) });
  try {
    const rules = reservationRules(config);
    const reservations = createReservations({
      store: createReservationStore(connection),
      rules,
      random: systemRandom,
      reservedNumbers: () => configuredNumbers(config),
    });
    return await work(connection, { reservations, rules, config });
  } finally {
    connection.close();
  }
}

/** The folder of the default place is made; one that somebody wrote in the config may be a slip. */
function missingFolder(file: string, baseFolder: string): 'create' | 'refuse' {
  return file === resolve(baseFolder, parseConfig({}).database.file) ? 'create' : 'refuse';
}
