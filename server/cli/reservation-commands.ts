import { resolve } from 'node:path';

import { backupDatabase } from '../../db/backup.ts';
import type { BookingRequest } from '../reservation/booking-request.ts';
import { commandLineSentence } from '../reservation/problem-sentence.ts';
import type {
  Language,
  ProfileId,
  Reservation,
  Role,
  SmsMoment,
} from '../reservation/reservation.ts';
import { DEMONSTRATION_PROFILE } from '../reservation/reservations.ts';
import type { Refused } from '../reservation/reservations.ts';
import { NoDatabaseError, withDatabase } from './booking-desk.ts';
import type { BookingDesk } from './booking-desk.ts';
import { reservationJson, reservationLines, reservationTable } from './reservation-view.ts';
import type { RoomLinks } from './reservation-view.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** The profile whose reservations the command line makes. */
const LOCAL_PROFILE = 'local';

/** Options of `konfa book`. */
export interface BookOptions {
  readonly start?: string;
  readonly end?: string;
  readonly title?: string;
  readonly note?: string;
  readonly email?: readonly string[];
  readonly phone?: readonly string[];
  readonly sms?: readonly SmsMoment[];
  readonly language?: Language;
  readonly zone?: string;
  readonly config?: string;
  readonly json?: true;
}

/** Books a conference and prints its number and PINs: the only place where they come out. */
export async function book(options: BookOptions, terminal: Terminal): Promise<ExitCode> {
  const { start, end } = options;
  if (start === undefined || end === undefined) {
    if (start === undefined) terminal.complain('start: say when, as --start 2026-12-01T10:00');
    if (end === undefined) terminal.complain('end: say until when, as --end 2026-12-01T12:00');
    return 2;
  }
  const access = { configFile: options.config, whenMissing: 'create', terminal } as const;
  return withDatabase(access, (_, desk) => {
    const nowMs = terminal.nowMs();
    const outcome = desk.reservations.book(bookingRequest(options, start, end), nowMs);
    if (outcome.outcome === 'refused') {
      const zone = options.zone ?? desk.rules.defaultZone;
      return refuse(outcome, zone, { json: options.json, terminal });
    }
    const { reservation } = outcome;
    if (options.json === undefined) {
      terminal.say('Booked.');
      const links = linksOf(reservation, desk);
      for (const line of reservationLines(reservation, menuNumbers(desk), links)) {
        terminal.say(line);
      }
    } else {
      const json = reservationJson(reservation, { nowMs, rules: desk.rules });
      sayJson(terminal, { ...json, ...linksOf(reservation, desk) });
    }
    return 0;
  });
}

/** Options of `konfa list`. */
export interface ListOptions {
  readonly all?: true;
  readonly json?: true;
  readonly config?: string;
}

/** Lists the reservations that take a place. */
export async function list(options: ListOptions, terminal: Terminal): Promise<ExitCode> {
  const access = { configFile: options.config, whenMissing: 'refuse', terminal } as const;
  try {
    return await withDatabase(access, (_, { reservations, rules }) => {
      const nowMs = terminal.nowMs();
      const found = reservations
        .list('all', nowMs)
        .filter(({ profileId }) => options.all !== undefined || isOfThisPlace(profileId));
      if (options.json !== undefined) {
        sayJson(
          terminal,
          found.map((each) => reservationJson(each, { nowMs, rules })),
        );
      } else if (found.length === 0) {
        terminal.say('No reservations.');
      } else {
        for (const line of reservationTable(found, { nowMs, rules })) terminal.say(line);
      }
      return 0;
    });
  } catch (error) {
    if (!(error instanceof NoDatabaseError)) throw error;
    // Nothing was ever booked: an empty list is the truth, and where it was looked for is worth a word.
    terminal.complain(error.message);
    if (options.json === undefined) terminal.say('No reservations.');
    else sayJson(terminal, []);
    return 0;
  }
}

/** What was booked by this command line, and what the server opened to be tried with. */
function isOfThisPlace(profileId: ProfileId): boolean {
  return profileId === LOCAL_PROFILE || profileId === DEMONSTRATION_PROFILE;
}

/** Options of `konfa cancel`. */
export interface CancelOptions {
  readonly yes?: true;
  readonly json?: true;
  readonly config?: string;
}

/** Cancels a reservation, after asking when a person is there to be asked. */
export async function cancel(
  number: string,
  options: CancelOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.yes === undefined && terminal.listener === 'program') {
    terminal.complain('nobody is here to be asked: add --yes to cancel without a question');
    return 2;
  }
  const access = { configFile: options.config, whenMissing: 'refuse', terminal } as const;
  return withDatabase(access, async (_, desk) => {
    const nowMs = terminal.nowMs();
    const found = desk.reservations.findByNumber(number, nowMs);
    if (found !== null && options.yes === undefined) {
      for (const line of reservationTable([found], { nowMs, rules: desk.rules })) {
        terminal.say(line);
      }
      const answer = await terminal.ask('Cancel this reservation? [y/N] ');
      if (!/^(?:y|yes|t|tak)$/iu.test(answer.trim())) {
        terminal.say('Nothing was cancelled.');
        return 1;
      }
    }
    const outcome = desk.reservations.cancel({ number }, terminal.nowMs());
    if (outcome.outcome === 'refused') {
      return refuse(outcome, desk.rules.defaultZone, { json: options.json, terminal });
    }
    const context = { nowMs: terminal.nowMs(), rules: desk.rules };
    if (options.json === undefined) terminal.say(`Cancelled ${number}.`);
    else sayJson(terminal, reservationJson(outcome.reservation, context));
    return 0;
  });
}

/** Copies the database to a new file while the server runs. */
export async function backup(
  file: string,
  options: { readonly config?: string },
  terminal: Terminal,
): Promise<ExitCode> {
  const access = { configFile: options.config, whenMissing: 'refuse', terminal } as const;
  return withDatabase(access, async (connection) => {
    await backupDatabase(connection, resolve(terminal.currentFolder, file));
    terminal.say(`Backed up to ${file}.`);
    return 0 as const;
  });
}

function bookingRequest(options: BookOptions, start: string, end: string): BookingRequest {
  return {
    profileId: LOCAL_PROFILE,
    start,
    end,
    emails: options.email ?? [],
    phones: options.phone ?? [],
    smsMoments: options.sms ?? [],
    ...(options.zone === undefined ? {} : { zone: options.zone }),
    ...(options.title === undefined ? {} : { title: options.title }),
    ...(options.note === undefined ? {} : { note: options.note }),
    ...(options.language === undefined ? {} : { language: options.language }),
  };
}

/** All reasons at once: to the person, and to a program that asked for JSON. */
function refuse(
  refused: Refused,
  zone: string,
  to: { readonly json: true | undefined; readonly terminal: Terminal },
): ExitCode {
  const problems = refused.problems.map((problem) => ({
    code: problem.code,
    field: problem.field,
    sentence: commandLineSentence(problem, zone),
  }));
  for (const { sentence } of problems) to.terminal.complain(sentence);
  if (to.json !== undefined) sayJson(to.terminal, { problems });
  return 1;
}

/** Links that are given out here only, like the PINs. */
function linksOf({ reservationId }: Reservation, { organising }: BookingDesk): RoomLinks {
  const urlOf = (role: Role): string =>
    organising.joinLinks.urlFor({ reservationId, role, person: null });
  return { joinUrl: urlOf('participant'), moderatorUrl: urlOf('moderator') };
}

/** Numbers that lead to the menu, where the conference number is keyed. */
function menuNumbers({ config }: BookingDesk): readonly string[] {
  return config.accessNumbers
    .filter(({ room }) => room === null)
    .map(({ number, onNetOnly }) => (onNetOnly ? `${number} (on-net)` : number));
}

function sayJson(terminal: Terminal, value: unknown): void {
  terminal.say(JSON.stringify(value, null, 2));
}
