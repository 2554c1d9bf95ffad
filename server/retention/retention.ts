import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Accounts } from '../account/accounts.ts';
import type { Config } from '../config/config.ts';
import type { ProfileId } from '../reservation/reservation.ts';
import type { Reservations } from '../reservation/reservations.ts';
import type { Logger } from '../runtime/logger.ts';
import { readPerson } from './person.ts';
import type { Counts, Holdings, RetentionStore } from './retention-store.ts';

const DAY_MS: DurationMs = 86_400_000;
/** Answers to Idempotency-Key are asked for within a day. */
const ANSWERS_KEPT_MS: DurationMs = DAY_MS;

/** Rows that go in one transaction: a few milliseconds, as signalling waits meanwhile. */
const ROWS_AT_ONCE = 100;

/** Reservations take their notices with them. */
const RESERVATIONS_AT_ONCE = 10;

/** Something that forgets what is older than an instant, and tells how many rows went. */
interface Purged {
  purge(atMs: WallclockMs, limit: number): number;
}

/** What retention works with. */
export interface RetentionOptions {
  readonly store: RetentionStore;
  readonly notices: Purged;
  readonly webhooks: Purged;
  readonly keptAnswers: Purged;
  readonly reservations: Pick<Reservations, 'list' | 'cancel'>;
  readonly settings: Config['retention'];
  readonly numberRestDays: number;
  readonly countryCode: string;
  readonly accounts: () => Pick<Accounts, 'byEmail' | 'erase' | 'purge'>;
  readonly log: Pick<Logger, 'info'>;
  /** Writes what is still to be written of calls: it is a person's data, too. */
  readonly writeWaiting: () => void;
}

/** How long things are kept, and what a person may ask for. */
export interface Retention {
  /** Removes what is older than the settings say, a little at a time. `pause` lets others have their turn. */
  purge(nowMs: WallclockMs, pause: () => Promise<void>): Promise<Counts>;
  /** Everything of a profile beside its account. Standing reservations are cancelled first: people are told. */
  eraseProfile(profileId: ProfileId, nowMs: WallclockMs): void;
  /** Everything held about an e-mail address or telephone number; null when it is neither. */
  export(address: string): Holdings | null;
  /** Removes it, the person's own account included; null when it is neither. @throws AccountRefusal */
  erase(address: string, nowMs: WallclockMs): Counts | null;
}

/** Makes the service. */
export function createRetention(options: RetentionOptions): Retention {
  const { store, settings, reservations, accounts, log } = options;

  const callRecords: Purged = { purge: (atMs, limit) => store.purgeCalls(atMs, limit) };
  const numbers: Purged = { purge: (atMs, limit) => store.purgeNumbers(atMs, limit) };

  async function purge(nowMs: WallclockMs, pause: () => Promise<void>): Promise<Counts> {
    options.writeWaiting();
    const before = (days: number): WallclockMs => nowMs - days * DAY_MS;
    const all = async (limit: number, removeSome: () => number): Promise<number> => {
      let sum = 0;
      for (;;) {
        await pause();
        const removed = removeSome();
        sum += removed;
        // Ends: what was removed is not found again.
        if (removed < limit) return sum;
      }
    };
    const rows = (purged: Purged, atMs: WallclockMs): Promise<number> =>
      all(ROWS_AT_ONCE, () => purged.purge(atMs, ROWS_AT_ONCE));
    const reservations = (removeSome: (limit: number) => number): Promise<number> =>
      all(RESERVATIONS_AT_ONCE, () => removeSome(RESERVATIONS_AT_ONCE));
    const { reservationDays, callLogDays } = settings;
    const notices = await rows(options.notices, before(settings.noticeDays));
    const counts = {
      notices,
      reservations:
        (await reservations((limit) => store.purgeReservations(before(reservationDays), limit))) +
        (await reservations((limit) => store.purgeOrphans(limit))),
      calls: await rows(callRecords, before(callLogDays)),
      numbers: await rows(numbers, before(options.numberRestDays)),
      webhookDeliveries: await rows(options.webhooks, before(settings.webhookDeliveryDays)),
      keptAnswers: await rows(options.keptAnswers, nowMs - ANSWERS_KEPT_MS),
      accounts: accounts().purge(settings.unconfirmedAccountDays * DAY_MS, nowMs),
    };
    log.info('data that was too old was removed', counts);
    return counts;
  }

  function eraseProfile(profileId: ProfileId, nowMs: WallclockMs): void {
    store.transaction(() => {
      for (const { reservationId } of reservations.list({ profileId }, nowMs)) {
        reservations.cancel({ reservationId }, nowMs);
      }
      store.removeProfile(profileId);
    });
  }

  function erase(address: string, nowMs: WallclockMs): Counts | null {
    const person = readPerson(address, options.countryCode);
    if (person === null) return null;
    options.writeWaiting();
    const counts = store.transaction(() => {
      const account = person.type === 'email' ? accounts().byEmail(person.forms[0]) : null;
      if (account !== null) accounts().erase(account.accountId, nowMs);
      return { accounts: account === null ? 0 : 1, ...store.erase(person) };
    });
    store.shred();
    return counts;
  }

  return {
    purge,
    eraseProfile,
    export: (address) => {
      const person = readPerson(address, options.countryCode);
      if (person === null) return null;
      options.writeWaiting();
      return store.find(person);
    },
    erase,
  };
}
