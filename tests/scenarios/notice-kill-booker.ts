import { setTimeout as pause } from 'node:timers/promises';
import { reservationSchema } from '../../server/panel/api/reservation-api.ts';
import type { Booking, ReservationView } from '../../server/panel/api/reservation-api.ts';
import type { Random } from '../../server/runtime/random.ts';
import type { Ask, PatientAnswer } from './notice-kill-client.ts';
import type { Happening } from './notice-kill-moment.ts';

/**
 * What was promised to the organiser. `start`: `far` ones are told of at once and an hour before; `near` ones at the
 * start, hours from now; `soon` ones too, but within the run.
 */
export interface PromisedBooking {
  readonly key: string;
  readonly start: 'far' | 'near' | 'soon';
  /** The answer to the booking. */
  readonly booked: ReservationView;
  /** As it was promised last: by the booking, or by a change that was confirmed. */
  readonly title: string;
  readonly emails: readonly string[];
  readonly fate: 'stands' | 'deleted';
}

/** What came of booking all the time. */
export interface BookerReport {
  readonly bookings: readonly PromisedBooking[];
  /** Keys of bookings that were refused, as they had waited for a server until their start had passed. */
  readonly refusedKeys: readonly string[];
  /** Answers that were lost on the way and asked for again. */
  readonly lost: number;
  /** What should not have been answered. */
  readonly faults: readonly string[];
}

/** Books all the time. */
export interface Booker {
  /** Ends after what is under way. */
  finish(): Promise<BookerReport>;
  /** From here on no booking starts within the run. */
  noMoreSoon(): void;
}

const LANES = 3;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

interface BookerOptions {
  readonly ask: Ask;
  readonly random: Random;
  readonly happened: (happening: Happening) => void;
}

/** Books, repeats, changes and deletes over REST, several at once. */
export function startBooker({ ask, random, happened }: BookerOptions): Booker {
  const bookings: PromisedBooking[] = [];
  const refusedKeys: string[] = [];
  const faults: string[] = [];
  let lost = 0;
  let phones = 0;
  let state: 'running' | 'finishing' = 'running';
  let soon: 'allowed' | 'over' = 'allowed';

  async function lane(): Promise<void> {
    // Ends when `finish` is called.
    while (isRunning()) {
      const booking = await book();
      if (booking !== null) bookings.push(await fateOf(booking));
      await pause(40 + random.integer(300));
    }
  }

  async function book(): Promise<PromisedBooking | null> {
    const start = startKind();
    const key = random.hex(8);
    const body = wish(key, start);
    const answer = await askToBook(key, body);
    if (answer.status === 422 && start === 'soon') {
      refusedKeys.push(key);
      return null;
    }
    const booked = viewOf(answer, 201);
    if (booked === null) return null;
    if (random.integer(8) === 0) {
      const again = viewOf(await askToBook(key, body), 201);
      if (JSON.stringify(again) !== JSON.stringify(booked))
        faults.push(`${key} answered otherwise`);
    }
    const { title, emails } = booked;
    return { key, start, booked, title, emails, fate: 'stands' };
  }

  async function askToBook(key: string, body: Booking): Promise<PatientAnswer> {
    happened('asked');
    const headers = { 'idempotency-key': key };
    const answer = await ask({ method: 'POST', path: '/reservations', body, headers });
    lost += answer.lost;
    happened('answered');
    return answer;
  }

  async function fateOf(booking: PromisedBooking): Promise<PromisedBooking> {
    const choice = random.integer(100);
    if (booking.start === 'soon' || choice >= 40) return booking;
    await pause(random.integer(400));
    if (choice < 15) return change(booking, { title: `${booking.title} zmiana` });
    if (choice >= 27) return remove(booking);
    const [, ...rest] = booking.emails;
    return change(booking, { emails: [...rest, `${booking.key}-new@example.org`] });
  }

  async function change(
    booking: PromisedBooking,
    next: Partial<Pick<PromisedBooking, 'title' | 'emails'>>,
  ): Promise<PromisedBooking> {
    const { reservationId, version } = booking.booked;
    const path = `/reservations/${reservationId}`;
    const headers = { 'if-match': `"${version}"` };
    const answer = await ask({ method: 'PATCH', path, body: next, headers });
    lost += answer.lost;
    // The answer to an earlier try was lost: that one has changed it, and its version differs now.
    const isDone = answer.status === 412 && answer.lost > 0;
    const view = viewOf(isDone ? await ask({ method: 'GET', path }) : answer, 200);
    if (view !== null && view.version !== version + 1) faults.push(`${booking.key} changed twice`);
    return { ...booking, ...next };
  }

  async function remove(booking: PromisedBooking): Promise<PromisedBooking> {
    const path = `/reservations/${booking.booked.reservationId}`;
    const answer = await ask({ method: 'DELETE', path });
    lost += answer.lost;
    if (answer.status !== 204 && answer.lost === 0) {
      faults.push(`deletion answered ${answer.status}`);
    }
    return { ...booking, fate: 'deleted' };
  }

  function viewOf({ status, json }: PatientAnswer, expected: number): ReservationView | null {
    if (status === expected) return reservationSchema.parse(json);
    faults.push(`${status} instead of ${expected}: ${JSON.stringify(json)}`);
    return null;
  }

  function startKind(): PromisedBooking['start'] {
    const choice = random.integer(10);
    if (choice < 7) return 'far';
    return choice < 9 && soon === 'allowed' ? 'soon' : 'near';
  }

  function wish(key: string, start: PromisedBooking['start']): Booking {
    const nowMinute = Math.floor(Date.now() / MINUTE_MS);
    const ahead = {
      far: DAY_MINUTES + random.integer(20 * DAY_MINUTES),
      near: 120 + random.integer(180),
      soon: 2,
    }[start];
    const startAtMs = (nowMinute + ahead) * MINUTE_MS;
    const emails = Array.from(
      { length: 1 + random.integer(3) },
      (_, index) => `${key}-${index}@example.org`,
    );
    const wanted = Array.from({ length: random.integer(3) }, () => nextPhone());
    return {
      start: new Date(startAtMs).toISOString(),
      end: new Date(startAtMs + 60 * MINUTE_MS).toISOString(),
      title: `Zebranie ${key}`,
      emails,
      phones: wanted,
      sms: wanted.length > 0 ? ['at-booking'] : [],
    };
  }

  /** No two bookings share one. */
  function nextPhone(): string {
    phones += 1;
    return `+48601${String(100_000 + phones * 7)}`;
  }

  const isRunning = (): boolean => state === 'running';
  const lanes = Promise.all(Array.from({ length: LANES }, lane));
  // Whoever calls `finish` hears of it; a run that failed before gives up.
  lanes.catch(() => undefined);
  return {
    noMoreSoon() {
      soon = 'over';
    },
    async finish() {
      state = 'finishing';
      await lanes;
      return { bookings, refusedKeys, lost, faults };
    },
  };
}
