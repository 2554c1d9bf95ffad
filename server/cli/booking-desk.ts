import { statSync } from 'node:fs';

import { openDatabase } from '../../db/open-database.ts';
import type { Connection } from '../../db/open-database.ts';
import { createReservationStore } from '../../db/reservation-store.ts';
import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { reservationRules } from '../config/reservation-rules.ts';
import { createReservations } from '../reservation/reservations.ts';
import type { ReservationRecorder } from '../reservation/reservation-recorder.ts';
import type { Reservations } from '../reservation/reservations.ts';
import type { ReservationRules } from '../reservation/reservation.ts';
import { systemRandom } from '../runtime/random.ts';
import { prepareDefaultFolder } from './default-folder.ts';
import type { Terminal } from './terminal.ts';

/** Where the command line books, lists and cancels: the database that the server works with too. */
export interface BookingDesk {
  readonly reservations: Reservations;
  readonly rules: ReservationRules;
  readonly config: Config;
}

/** There is no database yet, and the command has nothing to do without one. */
export class NoDatabaseError extends CodedError {
  constructor(file: string) {
    const sentence = `there is no database at ${file} yet; --config tells of one at another place`;
    super('NO_DATABASE', `database.file: ${sentence}`, { file });
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
  const loaded = loadConfig(options.configFile, options.terminal.currentFolder);
  const { config } = loaded;
  const { file } = config.database;
  if (options.whenMissing === 'refuse' && isMissing(file)) throw new NoDatabaseError(file);
  prepareDefaultFolder(loaded);
  const connection = openDatabase({ file, missingFolder: 'refuse' });
  try {
    const rules = reservationRules(config);
    const reserved = configuredNumbers(config);
    const store = createReservationStore(connection);
    const recorder = deskRecorder();
    const reservations = createReservations({
      store,
      recorder,
      rules,
      random: systemRandom,
      reservedNumbers: () => reserved,
    });
    return await work(connection, { reservations, rules, config });
  } finally {
    connection.close();
  }
}

/** What hears of bookings made here, so that the server's outbox sends what follows from them. */
function deskRecorder(): ReservationRecorder {
  return { record: () => [] };
}

/** Not so when it cannot be looked at: opening it tells why. */
function isMissing(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

/** Numbers that no reservation may get: those of permanent rooms and access numbers. */
function configuredNumbers(config: Config): readonly string[] {
  return [...config.accessNumbers, ...config.permanentRooms].map(({ number }) => number);
}
