import Database from 'better-sqlite3';
import { createLedgerStore } from '../../../db/ledger-store.ts';
import { migrate } from '../../../db/migrations.ts';
import { createNoticeStore } from '../../../db/notice-store.ts';
import { parseConfig, type Config } from '../../../server/config/config.ts';
import type { Alarm } from '../../../server/notice/alarm.ts';
import { createNotices } from '../../../server/notice/create-notices.ts';
import type { LedgerStore, NoticeStore } from '../../../server/notice/notice-store.ts';
import type {
  EmailMessage,
  Notice,
  NoticeState,
  Organiser,
  SendOutcome,
  SmsMessage,
  SmsReceipt,
} from '../../../server/notice/notice.ts';
import type { Notices } from '../../../server/notice/notices.ts';
import type { BookingProblem } from '../../../server/reservation/booking-problem.ts';
import type { ReservationEvent } from '../../../server/reservation/reservation-recorder.ts';
import type { Reservation } from '../../../server/reservation/reservation.ts';
import type { Clock } from '../../../server/runtime/clock.ts';
import type { Logger } from '../../../server/runtime/logger.ts';
import { SimClock } from '../../support/sim-clock.ts';
import { at, RULES, sampleReservation, seededRandom } from '../reservation/sample-reservations.ts';

/** What came to the mail server or the gateway, and when. */
export interface Handed {
  readonly atMs: number;
  readonly channel: 'email' | 'sms';
  readonly noticeId: string;
  readonly to: string;
  readonly message: EmailMessage | SmsMessage;
}

/** How a message handed over is answered; a promise may be answered later or never. */
export type Answer = (handed: Handed) => SendOutcome | Promise<SendOutcome>;

/** What a lab may differ in. */
export interface LabOptions {
  readonly now: string;
  readonly notices?: Readonly<Record<string, unknown>>;
  readonly organiser?: Organiser | null;
  readonly limitMilli?: number;
  readonly seed?: number;
}

const SENT: SendOutcome = { outcome: 'sent', providerId: null };

/** Steps in which time passes, and those of more than an hour: promises and turns take their turns between them. */
const STEP_MS = 5_000;
const LONG_STEP_MS = 30_000;

/**
 * Notices over a real database in memory, with a clock and ways of sending that a test moves by hand. `crash` ends the
 * process at this moment: nothing of it runs any more, and another one starts on what is in the database.
 */
export class NoticeLab {
  readonly connection = new Database(':memory:');
  readonly store: NoticeStore;
  readonly ledger: LedgerStore;
  readonly clock: SimClock;
  readonly settings: Config['notices'];
  readonly handed: Handed[] = [];
  readonly states: Notice[] = [];
  readonly logged: string[] = [];
  answer: Answer = () => SENT;
  notices: Notices;
  /** Makes the database refuse everything, as a full disk does. */
  isDiskFull = false;
  readonly #reservations = new Map<string, Reservation>();
  readonly #options: LabOptions;
  readonly #random;
  #generation = 0;
  #onReceipt: (receipt: SmsReceipt) => void = () => undefined;

  constructor(options: LabOptions) {
    migrate(this.connection);
    this.store = createNoticeStore(this.connection);
    this.ledger = createLedgerStore(this.connection);
    this.clock = new SimClock(at(options.now));
    this.settings = parseConfig({
      ...(options.notices === undefined ? {} : { notices: options.notices }),
    }).notices;
    this.#options = options;
    this.#random = seededRandom(options.seed ?? 1);
    this.notices = this.#start();
  }

  get nowMs(): number {
    return this.clock.wallclockMs();
  }

  /** What was handed over, as `10:00:00 email anna@example.com`. */
  get handedOver(): readonly string[] {
    return this.handed.map(
      ({ atMs, channel, to }) => `${new Date(atMs).toISOString().slice(11, 19)} ${channel} ${to}`,
    );
  }

  async pass(
    durationMs: number,
    stepMs = durationMs > 3_600_000 ? LONG_STEP_MS : STEP_MS,
  ): Promise<void> {
    await this.settle();
    for (let leftMs = durationMs; leftMs > 0; leftMs -= stepMs) {
      await this.clock.advance(Math.min(leftMs, stepMs));
    }
    await this.settle();
  }

  async settle(): Promise<void> {
    for (let round = 0; round < 5; round += 1) await this.clock.advance(0);
  }

  book(differences: Partial<Reservation> = {}): readonly BookingProblem[] {
    const reservation = sampleReservation({ profileId: 'p1', ...differences });
    return this.#record({ type: 'booked', reservation });
  }

  change(
    differences: Partial<Reservation>,
    smsAgain: 'send' | 'none' = 'none',
    reservationId = 'r1',
  ): readonly BookingProblem[] {
    const before = this.reservation(reservationId);
    const reservation = { ...before, ...differences, version: before.version + 1 };
    return this.#record({ type: 'changed', reservation, before, smsAgain });
  }

  cancel(reservationId = 'r1'): readonly BookingProblem[] {
    const reservation = { ...this.reservation(reservationId), deletedAtMs: this.nowMs };
    return this.#record({ type: 'cancelled', reservation });
  }

  reservation(reservationId = 'r1'): Reservation {
    const found = this.#reservations.get(reservationId);
    if (found === undefined) throw new Error(`no reservation ${reservationId}`);
    return found;
  }

  purgeReservation(reservationId: string): void {
    this.#reservations.delete(reservationId);
  }

  receipt(receipt: SmsReceipt): void {
    this.#onReceipt(receipt);
  }

  /** Of all notices, or those of a kind: `invitation sent`. */
  stateOf(kind: string): NoticeState | undefined {
    return this.#all().findLast((notice) => notice.kind === kind)?.state;
  }

  notice(kind: string): Notice {
    const found = this.#all().findLast((notice) => notice.kind === kind);
    if (found === undefined) throw new Error(`no notice ${kind}`);
    return found;
  }

  crash(): void {
    this.#generation += 1;
    this.notices = this.#start();
  }

  #all(): readonly Notice[] {
    return [...this.#reservations.keys(), 'none']
      .flatMap((reservationId) => this.store.ofReservation(reservationId))
      .toSorted((one, other) => one.createdAtMs - other.createdAtMs);
  }

  #record(event: ReservationEvent): readonly BookingProblem[] {
    const { reservation } = event;
    const before = this.#reservations.get(reservation.reservationId);
    try {
      this.store.transaction(() => {
        this.#reservations.set(reservation.reservationId, reservation);
        const problems = this.notices.recorder.record(event, this.nowMs);
        if (problems.length > 0) throw new ProblemsFound(problems);
      });
    } catch (error) {
      if (before === undefined) this.#reservations.delete(reservation.reservationId);
      else this.#reservations.set(reservation.reservationId, before);
      if (error instanceof ProblemsFound) return error.problems;
      throw error;
    }
    this.notices.wake();
    return [];
  }

  #start(): Notices {
    const generation = this.#generation;
    const isAlive = (): boolean => generation === this.#generation;
    const clock: Clock = {
      monotonicMs: () => this.clock.monotonicMs(),
      wallclockMs: () => this.clock.wallclockMs(),
      schedule: (atMs, run) => this.clock.schedule(atMs, () => (isAlive() ? run() : undefined)),
    };
    const transaction = <T>(work: () => T): T => {
      if (!isAlive() || this.isDiskFull) throw new Error('the database is away');
      return this.store.transaction(work);
    };
    const health = { name: 'fake', state: 'good', detail: 'connected', sinceMs: null } as const;
    const notices = createNotices({
      store: { ...this.store, transaction },
      ledger: this.ledger,
      settings: this.settings,
      rules: RULES,
      factsOf: (reservation, reader) => ({
        reservation,
        organiser: this.#options.organiser ?? null,
        accessNumbers: [{ shown: '22 350 09 08', dial: '+48223500908', reach: 'anybody' }],
        joinUrl: `https://konfa.example.org/j/${typeof reader === 'string' ? reader : reader.person}`,
        moderatorUrl: reader === 'organiser' ? 'https://konfa.example.org/j/moderator' : null,
        panelUrl: 'https://konfa.example.org/reservations/r1',
      }),
      organiserOf: () => this.#options.organiser ?? null,
      limitOf: () => this.#options.limitMilli ?? null,
      random: this.#random,
      onNoticeState: (notice) => void this.states.push(notice),
      reservationOf: (reservationId) => this.#reservations.get(reservationId) ?? null,
      publicUrl: 'https://konfa.example.org',
      email: {
        send: (message) => {
          const noticeId = message.messageId.slice(1, 33);
          return this.#hand(isAlive, { noticeId, channel: 'email', message });
        },
        health: () => health,
        close: () => Promise.resolve(),
      },
      sms: {
        send: (message) => {
          const { noticeId } = message;
          return this.#hand(isAlive, { noticeId, channel: 'sms', message });
        },
        onReceipt: (handler) => (this.#onReceipt = handler),
        health: () => health,
        close: () => Promise.resolve(),
      },
      clock,
      createAlarm: (ring) => simAlarm(clock, ring),
      log: this.#log(),
    });
    notices.start();
    return notices;
  }

  async #hand(isAlive: () => boolean, given: Omit<Handed, 'atMs' | 'to'>): Promise<SendOutcome> {
    const handed = { ...given, atMs: this.nowMs, to: given.message.to };
    this.handed.push(handed);
    const outcome = await this.answer(handed);
    // A process that is gone hears no answer.
    return isAlive() ? outcome : new Promise(() => undefined);
  }

  #log(): Logger {
    const write = (message: string, facts?: object): void =>
      void this.logged.push(`${message} ${JSON.stringify(facts ?? {})}`);
    const log: Logger = {
      error: write,
      warn: write,
      info: write,
      debug: write,
      child: () => log,
      setLevel: () => undefined,
      reopen: () => undefined,
      close: () => undefined,
    };
    return log;
  }
}

class ProblemsFound extends Error {
  readonly problems: readonly BookingProblem[];

  constructor(problems: readonly BookingProblem[]) {
    super('problems');
    this.problems = problems;
  }
}

/** As the real one: timers count elapsed time, whatever is done to the wall clock. */
function simAlarm(clock: Clock, ring: () => void): Alarm {
  let cancelNext = (): void => undefined;
  let isStopped = false;
  const regularly = (): void => {
    if (isStopped) return;
    ring();
    clock.schedule(clock.monotonicMs() + 30_000, regularly);
  };
  clock.schedule(clock.monotonicMs() + 30_000, regularly);
  return {
    set(atMs) {
      cancelNext();
      if (atMs === null) return;
      cancelNext = clock.schedule(clock.monotonicMs() + atMs - clock.wallclockMs(), ring);
    },
    stop() {
      isStopped = true;
      cancelNext();
    },
  };
}
