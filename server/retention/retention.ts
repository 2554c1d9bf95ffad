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

/** Something that forgets what is older than an instant, and tells how many rows went. */
interface Purged {
  purge(atMs: WallclockMs): number;
}

/** What retention works with. */
export interface RetentionOptions {
  readonly store: RetentionStore;
  readonly notices: Purged;
  readonly webhooks: Purged;
  readonly keptAnswers: Purged;
  readonly reservations: Pick<Reservations, 'list' | 'cancel'>;
  readonly settings: Config['retention'];
  readonly countryCode: string;
  readonly accounts: () => Pick<Accounts, 'byEmail' | 'erase' | 'purge'>;
  readonly log: Pick<Logger, 'info'>;
}

/** How long things are kept, and what a person may ask for. */
export interface Retention {
  /** Removes what is older than the settings say. */
  purge(nowMs: WallclockMs): Counts;
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

  function purge(nowMs: WallclockMs): Counts {
    const before = (days: number): WallclockMs => nowMs - days * DAY_MS;
    const counts = {
      reservations:
        store.purgeReservations(before(settings.reservationDays)) + store.purgeOrphans(),
      calls: store.purgeCalls(before(settings.callLogDays)),
      notices: options.notices.purge(before(settings.noticeDays)),
      webhookDeliveries: options.webhooks.purge(before(settings.webhookDeliveryDays)),
      keptAnswers: options.keptAnswers.purge(nowMs - ANSWERS_KEPT_MS),
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
      return person === null ? null : store.find(person);
    },
    erase,
  };
}
