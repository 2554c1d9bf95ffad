import { createAccountStore } from '../db/account-store.ts';
import { createCallLogStore } from '../db/call-log-store.ts';
import { createContactStore } from '../db/contact-store.ts';
import { createKeptAnswerStore } from '../db/kept-answer-store.ts';
import { createLedgerStore } from '../db/ledger-store.ts';
import { createNoticeStore } from '../db/notice-store.ts';
import type { Connection } from '../db/open-database.ts';
import { createReservationStore } from '../db/reservation-store.ts';
import { createRetentionStore } from '../db/retention-store.ts';
import { createWebhookStore } from '../db/webhook-store.ts';
import type { WallclockMs } from '../mixer/protocol/units.ts';
import type { Accounts } from './account/accounts.ts';
import { createAccounts } from './account/create-accounts.ts';
import { createPasswords } from './account/passwords.ts';
import type { Passwords } from './account/passwords.ts';
import type { Config } from './config/config.ts';
import { reservationRules } from './config/reservation-rules.ts';
import { createContacts } from './contact/contacts.ts';
import type { Contacts } from './contact/contacts.ts';
import type { Alarm } from './notice/alarm.ts';
import { createNotices } from './notice/create-notices.ts';
import type { LedgerStore } from './notice/notice-store.ts';
import type { EmailTransport, Organiser, SmsProvider } from './notice/notice.ts';
import type { Notices } from './notice/notices.ts';
import type { KeptAnswerStore } from './panel/kept-answer.ts';
import { createFacts } from './reservation-facts.ts';
import type { CallLog } from './reservation/call-record.ts';
import type { ReservationRecorder } from './reservation/reservation-recorder.ts';
import type { ProfileId } from './reservation/reservation.ts';
import { createReservations } from './reservation/reservations.ts';
import type { Reservations } from './reservation/reservations.ts';
import { createRetention } from './retention/retention.ts';
import type { Retention } from './retention/retention.ts';
import type { Clock } from './runtime/clock.ts';
import type { Logger } from './runtime/logger.ts';
import type { Random } from './runtime/random.ts';
import type { Post } from './webhook/post.ts';
import { createWebhooks } from './webhook/webhooks.ts';
import type { Webhooks } from './webhook/webhooks.ts';

/** What the organisers' half stands on. */
export interface OrganisingPlatform {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly database: Connection;
  readonly email: EmailTransport;
  readonly sms: SmsProvider;
  readonly post: Post;
  readonly createAlarm: (ring: () => void) => Alarm;
  /** What links begin with, without a slash at the end. */
  readonly publicUrl: string;
  /** Hashes passwords; left out: at the cost of `DEFAULT_SCRYPT_COST`. */
  readonly passwords?: Passwords;
}

/** Everything about booking, telling, accounts and looking back. It speaks no HTTP and no SIP. */
export interface Organising {
  readonly reservations: Reservations;
  readonly notices: Notices;
  readonly webhooks: Webhooks;
  readonly accounts: Accounts;
  readonly contacts: Contacts;
  readonly retention: Retention;
  readonly callLog: CallLog;
  readonly ledger: LedgerStore;
  readonly keptAnswers: KeptAnswerStore;
  /** Begins to send what is due. */
  start(): void;
  /** Something was written that may have to be sent. */
  wake(): void;
  stop(): Promise<void>;
}

/** Puts the organisers' half together. `reservedNumbers`: see `ReservationsOptions`. */
export function composeOrganising(
  config: Config,
  platform: OrganisingPlatform,
  reservedNumbers: () => Iterable<string>,
): Organising {
  const { clock, random, log, database } = platform;
  const rules = reservationRules(config);
  const noticeStore = createNoticeStore(database);
  const ledger = createLedgerStore(database);
  const reservationStore = createReservationStore(database);
  const keptAnswers = createKeptAnswerStore(database);
  const retentionStore = createRetentionStore(database);
  const webhookStore = createWebhookStore(database);
  const contactStore = createContactStore(database);
  const organiserOf = (profileId: ProfileId): Organiser | null => accounts.byId(profileId);

  const webhooks = createWebhooks({
    store: webhookStore,
    settings: config.webhooks,
    clock,
    random,
    log,
    post: platform.post,
  });
  const notices = createNotices({
    store: noticeStore,
    ledger,
    settings: config.notices,
    rules,
    factsOf: createFacts({ config, publicUrl: platform.publicUrl, organiserOf }),
    organiserOf,
    limitOf: (profileId) => accounts.byId(profileId)?.monthlyLimitMilli ?? null,
    random,
    onNoticeState: (notice, nowMs) => webhooks.noticeState(notice, nowMs),
    reservationOf: (reservationId) => reservationStore.byId(reservationId),
    publicUrl: platform.publicUrl,
    email: platform.email,
    sms: platform.sms,
    clock,
    createAlarm: platform.createAlarm,
    log,
  });
  const reservations = createReservations({
    store: reservationStore,
    rules,
    random,
    reservedNumbers,
    recorder: both(notices.recorder, webhooks.recorder),
  });
  const retention = createRetention({
    store: retentionStore,
    notices: noticeStore,
    webhooks: webhookStore,
    keptAnswers,
    reservations,
    settings: config.retention,
    countryCode: config.numbers.countryCode,
    accounts: () => accounts,
    log,
  });
  const accounts = createAccounts({
    store: createAccountStore(database),
    settings: () => config.accounts,
    random,
    passwords: platform.passwords ?? createPasswords(),
    notify: (mail, nowMs) => notices.sendAccountMail(mail, nowMs),
    wake: () => notices.wake(),
    publicUrl: () => platform.publicUrl,
    defaultZone: () => config.reservations.timeZone,
    eraseProfile: (profileId, nowMs) => retention.eraseProfile(profileId, nowMs),
  });
  return {
    reservations,
    notices,
    webhooks,
    accounts,
    contacts: createContacts({
      store: contactStore,
      random,
      defaultCountry: rules.defaultCountry,
    }),
    retention,
    callLog: createCallLogStore(database),
    ledger,
    keptAnswers,
    start() {
      notices.start();
      webhooks.start();
    },
    wake() {
      notices.wake();
      webhooks.wake();
    },
    async stop() {
      await Promise.all([notices.stop(), webhooks.stop()]);
      await Promise.all([platform.email.close(), platform.sms.close()]);
    },
  };
}

/** Two that hear of every change; the problems of both count. */
function both(first: ReservationRecorder, second: ReservationRecorder): ReservationRecorder {
  return {
    record: (event, nowMs: WallclockMs) => [
      ...first.record(event, nowMs),
      ...second.record(event, nowMs),
    ],
  };
}
