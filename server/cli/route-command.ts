import { existsSync } from 'node:fs';

import type { Connection } from '../../db/open-database.ts';
import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { WallclockMs } from '../../mixer/protocol/units.ts';
import { RoomDirectory } from '../call/room-directory.ts';
import type { ReservationLookup } from '../call/room-directory.ts';
import { planRoute } from '../call/route-plan.ts';
import type { RoutePlan, RouteQuery, RouteRooms } from '../call/route-plan.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { reservationRules } from '../config/reservation-rules.ts';
import { parseMoment } from '../reservation/local-time.ts';
import { createReservations } from '../reservation/reservations.ts';
import { isLiteralAddress } from '../runtime/literal-address.ts';
import { systemRandom } from '../runtime/random.ts';
import { routeReport } from './route-report.ts';
import { routeLines } from './route-view.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** Options of `konfa route`. */
export interface RouteOptions {
  readonly from: string;
  readonly to: string;
  readonly at?: string;
  readonly caller?: string;
  readonly asserted?: string;
  readonly room?: string;
  readonly config?: string;
  readonly json?: true;
}

/** Nobody has any reservation as long as there is no database. */
const NO_RESERVATIONS: ReservationLookup = {
  findByNumber: () => null,
  byId: () => null,
  isNumberTaken: () => false,
  extend: () => ({ outcome: 'refused', problems: [] }),
};

/** Tells what would happen to a call. 0: it would be answered; 3: it would not. No PIN is printed. */
export async function route(options: RouteOptions, terminal: Terminal): Promise<ExitCode> {
  const { config } = loadConfig(options.config, terminal.currentFolder);
  const query = readQuery(options, config, terminal);
  if (query === null) return 2;
  const plan = await withRooms(config, terminal, (rooms) => planRoute(query, config, rooms));
  const report = routeReport(query, plan, config);
  if (options.json === undefined) for (const line of routeLines(report)) terminal.say(line);
  else terminal.say(JSON.stringify(report, null, 2));
  return report.outcome === 'admitted' ? 0 : 3;
}

function readQuery(options: RouteOptions, config: Config, terminal: Terminal): RouteQuery | null {
  const { from, to, at, caller, asserted, room } = options;
  const atMs = at === undefined ? terminal.nowMs() : momentOf(at, config);
  const isAddress = isLiteralAddress(from);
  if (!isAddress) terminal.complain('from: expected an address such as 192.0.2.10');
  if (typeof atMs === 'string') terminal.complain(`at: ${atMs}`);
  if (!isAddress || typeof atMs === 'string') return null;
  return {
    ...{ from, to, atMs },
    caller: caller ?? null,
    asserted: asserted ?? null,
    room: room ?? null,
  };
}

/** The instant, or what is wrong with it. */
function momentOf(text: string, { reservations }: Config): WallclockMs | string {
  const moment = parseMoment(text, reservations.timeZone);
  switch (moment.outcome) {
    case 'instant':
      return moment.atMs;
    case 'exists-twice':
      return 'this hour is there twice; say which with an offset, as 2026-10-25T02:30+01:00';
    case 'does-not-exist':
      return 'this hour is left out when clocks are set forward';
    default:
      return 'expected ISO 8601, such as 2026-12-01T10:00 or 2026-12-01T09:00Z';
  }
}

/** Reservations are looked at, never written; trouble with the database is told, and the rest of the answer stands. */
async function withRooms(
  config: Config,
  terminal: Terminal,
  work: (rooms: RouteRooms) => RoutePlan,
): Promise<RoutePlan> {
  const { file } = config.database;
  if (!existsSync(file)) return work(roomsOf(config, NO_RESERVATIONS, 'known'));
  let connection: Connection | null = null;
  try {
    // Loaded only now: help, version and the check of a config do without.
    const { openToRead } = await import('../../db/open-database.ts');
    connection = openToRead(file);
    return work(roomsOf(config, await lookupIn(connection, config), 'known'));
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    terminal.complain(`konfa: ${error.message}`);
    return work(roomsOf(config, NO_RESERVATIONS, 'unknown'));
  } finally {
    connection?.close();
  }
}

async function lookupIn(connection: Connection, config: Config): Promise<ReservationLookup> {
  const { createReservationStore } = await import('../../db/reservation-store.ts');
  return createReservations({
    store: createReservationStore(connection),
    rules: reservationRules(config),
    random: systemRandom,
    reservedNumbers: () => [],
    recorder: { record: () => [] },
  });
}

function roomsOf(
  config: Config,
  reservations: ReservationLookup,
  known: RouteRooms['reservations'],
): RouteRooms {
  const directory = new RoomDirectory({ config, reservations, random: systemRandom });
  return {
    byNumber: (number, nowMs) => directory.byNumber(number, nowMs),
    timeOf: (terms, nowMs) => directory.timeOf(terms, nowMs),
    reservations: known,
  };
}
