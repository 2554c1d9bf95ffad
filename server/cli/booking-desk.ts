import { statSync } from 'node:fs';

import { openDatabase } from '../../db/open-database.ts';
import type { Connection } from '../../db/open-database.ts';
import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { Organising } from '../compose-organising.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { reservationRules } from '../config/reservation-rules.ts';
import { loadLinkKey } from '../guest/link-key.ts';
import type { ProviderHealth, SendOutcome } from '../notice/notice.ts';
import type { Reservations } from '../reservation/reservations.ts';
import type { ReservationRules } from '../reservation/reservation.ts';
import { systemClock } from '../runtime/clock.ts';
import { createLogger } from '../runtime/logger.ts';
import { systemRandom } from '../runtime/random.ts';
import { prepareDefaultFolder } from './default-folder.ts';
import type { Terminal } from './terminal.ts';

/** Where the command line books, lists and cancels: the database that the server works with too. */
export interface BookingDesk {
  readonly reservations: Reservations;
  readonly organising: Organising;
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
  const connection = openDatabase({ file });
  try {
    const organising = await openOrganising(config, connection);
    const { reservations } = organising;
    return await work(connection, {
      reservations,
      organising,
      rules: reservationRules(config),
      config,
    });
  } finally {
    connection.close();
  }
}

/**
 * The organisers' half, over this database. It sends nothing itself: what a booking here leads to is queued with it, and
 * the server sends it within seconds, or when it starts.
 */
async function openOrganising(config: Config, database: Connection): Promise<Organising> {
  // Loaded only now: help, version and the check of a config do without.
  const { composeOrganising } = await import('../compose-organising.ts');
  const reserved = configuredNumbers(config);
  const notHere = async (): Promise<SendOutcome> => ({ outcome: 'retry', reason: 'not-here' });
  const unused = (): ProviderHealth => ({ name: '', state: 'unused', detail: '', sinceMs: null });
  const nobody = { send: notHere, health: unused, close: async () => undefined };
  const platform = {
    clock: systemClock,
    random: systemRandom,
    log: createLogger({ level: 'warn', file: null }),
    database,
    email: nobody,
    sms: { ...nobody, onReceipt: () => undefined },
    post: async () => ({ outcome: 'no-answer', reason: 'not-here' }) as const,
    createAlarm: () => ({ set: () => undefined, stop: () => undefined }),
    publicUrl: publicUrlOf(config),
    linkKey: loadLinkKey(config.joinLinks.keyFile),
  };
  return composeOrganising(config, platform, () => reserved);
}

/** As the server itself makes it, as long as its port is fixed. */
function publicUrlOf({ http }: Config): string {
  const { host, port, certFile } = http.listen;
  const shown = host.includes(':') ? `[${host}]` : host;
  const origin = `${certFile === null ? 'http' : 'https'}://${shown}:${port}`;
  return (http.publicUrl ?? origin).replace(/\/$/u, '');
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
