import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '../../db/open-database.ts';
import { noticeListSchema, reservationSchema } from '../../server/panel/api/reservation-api.ts';
import type { NoticeView, ReservationView } from '../../server/panel/api/reservation-api.ts';
import type { Random } from '../../server/runtime/random.ts';
import { seededRandom } from '../server/reservation/sample-reservations.ts';
import { startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import { startMailSink } from '../support/mail-sink.ts';
import type { MailMood, SunkMail } from '../support/mail-sink.ts';
import { SMS_SINK_SETTINGS, startSmsSink } from '../support/sms-sink.ts';
import type { SmsMood, SmsRequest } from '../support/sms-sink.ts';
import { startBooker } from './notice-kill-booker.ts';
import type { BookerReport, PromisedBooking } from './notice-kill-booker.ts';
import { firstToken, patientClient } from './notice-kill-client.ts';
import type { Ask } from './notice-kill-client.ts';
import { KillMoment } from './notice-kill-moment.ts';
import { readTables } from './notice-kill-tables.ts';
import type { KeptTables } from './notice-kill-tables.ts';

/** A booking with what the server says of it at the end. */
export interface AuditedBooking extends PromisedBooking {
  readonly now: ReservationView;
  readonly notices: readonly NoticeView[];
}

/** All that is known after a run. */
export interface KillReport extends Omit<BookerReport, 'bookings'> {
  readonly seed: number;
  readonly kills: number;
  /** When it was asked for the last time, epoch ms. */
  readonly endedAtMs: number;
  readonly bookings: readonly AuditedBooking[];
  readonly mails: readonly SunkMail[];
  readonly sms: readonly SmsRequest[];
  readonly tables: KeptTables;
  /** Everything that all of its processes have printed. */
  readonly output: string;
  /** What must not be in the log: the token of the client, and that of the link that was printed for the first start. */
  readonly secrets: readonly string[];
}

const QUIET_POLLS = 120;
const POLL_MS = 500;

/** What a run is made of. `program`: as for `startKonfa`. */
interface KillRun {
  readonly seed: number;
  readonly kills: number;
  readonly program: readonly string[];
}

/** A server books and sends, and is killed `kills` times at moments that `seed` chooses. Then all it promised is read. */
export async function runWithKills({ seed, kills, program }: KillRun): Promise<KillReport> {
  const moment = new KillMoment(streamOf(seed, 1));
  const moods = new Moods(streamOf(seed, 2));
  const mail = await startMailSink({
    mood: () => moods.mail(),
    onExchange: () => moment.happened('mail'),
  });
  const sms = await startSmsSink({
    mood: () => moods.sms(),
    onExchange: () => moment.happened('sms'),
  });
  const giveUp = new AbortController();
  let konfa = await startKonfa({ config: settings(mail.port, sms.url), program });
  const outputs: string[] = [];
  try {
    const secret = await firstToken(konfa.url, konfa.output());
    const ask = patientClient(konfa.url, { authorization: `Bearer ${secret}` }, giveUp.signal);
    const booker = startBooker({
      ask,
      random: streamOf(seed, 3),
      happened: (happening) => moment.happened(happening),
    });
    for (let kill = 1; kill <= kills; kill += 1) {
      await moment.next();
      if (kill === kills) moods.cheerUp();
      await konfa.kill();
      outputs.push(konfa.output());
      if (kill === Math.ceil(kills / 2)) booker.noMoreSoon();
      if (kill === kills) endBackOff(databaseOf(konfa));
      konfa = await startKonfa({ again: konfa, program });
    }
    const { bookings, ...report } = await booker.finish();
    const audited = await untilQuiet(ask, bookings);
    await konfa.kill();
    outputs.push(konfa.output());
    return {
      ...report,
      seed,
      kills,
      endedAtMs: Date.now(),
      bookings: audited,
      mails: mail.mails,
      sms: sms.requests,
      tables: readTables(databaseOf(konfa)),
      output: outputs.join('\n'),
      secrets: [secret, /\/setup\/(\S+)/u.exec(outputs[0] ?? '')?.[1] ?? ''],
    };
  } finally {
    giveUp.abort();
    await konfa.kill();
    await Promise.all([mail.close(), sms.close()]);
    await rm(konfa.folder, { recursive: true, force: true });
  }
}

function settings(mailPort: number, smsUrl: string): Readonly<Record<string, unknown>> {
  return {
    media: { workers: 1 },
    log: { level: 'debug' },
    // Long enough that none is found in a log by chance.
    rooms: { pinDigits: 9, adminPinDigits: 12 },
    reservations: { activePerProfile: 100_000, earliestStartMinutes: 0 },
    notices: {
      email: {
        transport: 'smtp',
        fromAddress: 'konfa@example.org',
        perMinute: 100_000,
        smtp: {
          host: '127.0.0.1',
          port: mailPort,
          security: 'none',
          connections: 5,
          timeoutSeconds: 5,
        },
      },
      sms: { provider: 'http', monthlyLimit: 100_000, http: { ...SMS_SINK_SETTINGS, url: smsUrl } },
    },
  };
}

/** The moods of both sinks. */
class Moods {
  readonly #random: Random;
  #weather: 'changeable' | 'fine' = 'changeable';

  constructor(random: Random) {
    this.#random = random;
  }

  /** From here on all is taken at once. */
  cheerUp(): void {
    this.#weather = 'fine';
  }

  mail(): MailMood {
    const choice = this.#choice();
    if (choice < 8) return { act: 'refuse', waitMs: this.#random.integer(30) };
    if (choice < 16) return { act: 'hang-up', waitMs: this.#random.integer(30) };
    return { act: 'take', waitMs: choice < 40 ? this.#random.integer(300) : 0 };
  }

  sms(): SmsMood {
    const choice = this.#choice();
    if (choice < 6) return { act: 'refuse', waitMs: this.#random.integer(30) };
    if (choice < 14) return { act: 'put-off', waitMs: this.#random.integer(30) };
    if (choice < 20) return { act: 'hang-up', waitMs: this.#random.integer(30) };
    if (choice < 24) return { act: 'cut', waitMs: this.#random.integer(30) };
    return { act: 'take', waitMs: choice < 50 ? this.#random.integer(300) : 0 };
  }

  #choice(): number {
    return this.#weather === 'fine' ? 99 : this.#random.integer(100);
  }
}

/** Streams of one seed that do not disturb one another. */
function streamOf(seed: number, stream: number): Random {
  const random = seededRandom(seed * 7919 + stream * 104_729);
  random.integer(1);
  return random;
}

function databaseOf(konfa: KonfaProcess): string {
  return join(konfa.folder, 'konfa.db');
}

/** Attempts that were put off by minutes are due now: a test cannot wait for the growing pauses between them. */
function endBackOff(file: string): void {
  const connection = openDatabase({ file });
  connection
    .prepare(
      "UPDATE notice SET next_attempt_at_ms = due_at_ms WHERE state = 'pending' AND next_attempt_at_ms > due_at_ms",
    )
    .run();
  connection.close();
}

/** Waits until nothing is due that has not been sent, and gives what the server says of every booking. */
async function untilQuiet(
  ask: Ask,
  bookings: readonly PromisedBooking[],
): Promise<readonly AuditedBooking[]> {
  const audited: AuditedBooking[] = [];
  let waiting = bookings;
  for (let poll = 0; poll < QUIET_POLLS && waiting.length > 0; poll += 1) {
    const open: PromisedBooking[] = [];
    for (const booking of waiting) {
      const seen = await audit(ask, booking);
      if (seen.notices.some(isUnderWay)) open.push(booking);
      else audited.push(seen);
    }
    waiting = open;
    if (open.length > 0) await pause(POLL_MS);
  }
  if (waiting.length > 0) throw new Error(`${waiting.length} bookings still have notices to send`);
  return audited;
}

async function audit(ask: Ask, booking: PromisedBooking): Promise<AuditedBooking> {
  const path = `/reservations/${booking.booked.reservationId}`;
  const now = reservationSchema.parse((await ask({ method: 'GET', path })).json);
  const { json } = await ask({ method: 'GET', path: `${path}/notices` });
  return { ...booking, now, notices: noticeListSchema.parse(json).notices };
}

function isUnderWay({ state, dueAt }: NoticeView): boolean {
  return state === 'sending' || (state === 'pending' && Date.parse(dueAt) <= Date.now());
}
