import { createAccountStore } from '../db/account-store.ts';
import { createCallLogStore } from '../db/call-log-store.ts';
import { createContactStore } from '../db/contact-store.ts';
import { createJoinLinkStore } from '../db/join-link-store.ts';
import { createKeptAnswerStore } from '../db/kept-answer-store.ts';
import { createLedgerStore } from '../db/ledger-store.ts';
import { createNoticeStore } from '../db/notice-store.ts';
import type { Connection } from '../db/open-database.ts';
import { createReservationStore } from '../db/reservation-store.ts';
import { createRetentionStore } from '../db/retention-store.ts';
import { createWebhookStore } from '../db/webhook-store.ts';
import type { WallclockMs } from '../mixer/protocol/units.ts';
import type { Account } from './account/account.ts';
import type { Accounts } from './account/accounts.ts';
import { createAccounts } from './account/create-accounts.ts';
import { createPasswords } from './account/passwords.ts';
import type { Passwords } from './account/passwords.ts';
import type { Config } from './config/config.ts';
import { reservationRules } from './config/reservation-rules.ts';
import { createContacts } from './contact/contacts.ts';
import type { Contacts } from './contact/contacts.ts';
import { createJoinLinks } from './guest/join-links.ts';
import type { JoinLinks } from './guest/join-links.ts';
import type { Alarm } from './notice/alarm.ts';
import { createNotices } from './notice/create-notices.ts';
import type { LedgerStore } from './notice/notice-store.ts';
import type { EmailTransport, SmsProvider } from './notice/notice.ts';
import type { Notices } from './notice/notices.ts';
import type { KeptAnswerStore } from './panel/kept-answer.ts';
import { createFacts } from './reservation-facts.ts';
import { queuedCallLog } from './reservation/call-log-queue.ts';
import type { CallLog } from './reservation/call-record.ts';
import type { ReservationRecorder } from './reservation/reservation-recorder.ts';
import type { ProfileId } from './reservation/reservation.ts';
import { createReservations } from './reservation/reservations.ts';
import type { Reservations } from './reservation/reservations.ts';
import { createRetention } from './retention/retention.ts';
import type { Retention } from './retention/retention.ts';
import type { Clock } from './runtime/clock.ts';
import type { Logger } from './runtime/logger.ts';
import type { OwnTurn } from './runtime/own-turns.ts';
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
  /** Comes back when everything written so far is on the disk. Absent: it is there when the store returns. */
  readonly onDisk?: () => Promise<void>;
  /** Spreads work that takes milliseconds over turns of the event loop. Absent: it is done at once. */
  readonly ownTurn?: OwnTurn;
  /** What links begin with, without a slash at the end. */
  readonly publicUrl: string;
  /** What tokens of join links are made with, out of `joinLinks.keyFile`. */
  readonly linkKey: Uint8Array;
  /** Hashes passwords; left out: at the cost of `DEFAULT_SCRYPT_COST`. */
  readonly passwords?: Passwords;
}

/** Everything about booking, telling, accounts and looking back. It speaks no HTTP and no SIP. */
export interface Organising {
  readonly reservations: Reservations;
  readonly notices: Notices;
  readonly webhooks: Webhooks;
  readonly joinLinks: JoinLinks;
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
  /** Writes what waits to be written of calls. */
  lastCallEnded(): void;
}

/** Puts the organisers' half together. `reservedNumbers`: see `ReservationsOptions`. */
export function composeOrganising(
  config: Config,
  platform: OrganisingPlatform,
  reservedNumbers: () => Iterable<string>,
): Organising {
  const { random } = platform;
  const stores = openStores(platform.database);
  const callLog = queuedCallLog({ ...platform, store: stores.callLog });
  const rules = reservationRules(config);
  const { joinLinks: store } = stores;
  const joinLinks = createJoinLinks({ ...platform, store, key: platform.linkKey });
  const { notices, webhooks } = createTelling(config, platform, {
    stores,
    joinLinks,
    accountOf: (profileId) => accounts.byId(profileId),
  });
  const reservations = createReservations({
    store: stores.reservations,
    rules,
    random,
    reservedNumbers,
    recorder: both(joinLinks.recorder, both(notices.recorder, webhooks.recorder)),
  });
  const retention = retentionOf(config, {
    stores,
    reservations,
    platform,
    accounts: () => accounts,
    writeWaiting: () => callLog.flush(),
  });
  const accounts = createAccounts({
    store: stores.accounts,
    settings: () => config.accounts,
    random,
    passwords: platform.passwords ?? createPasswords(),
    notify: (mail, nowMs) => notices.sendAccountMail(mail, nowMs),
    wake: () => notices.wake(),
    publicUrl: () => platform.publicUrl,
    defaultZone: () => config.reservations.timeZone,
    eraseProfile: (profileId, nowMs) => retention.eraseProfile(profileId, nowMs),
  });
  const contacts = createContacts({ ...rules, store: stores.contacts, random });
  const { ledger, keptAnswers } = stores;
  return {
    ...{ reservations, notices, webhooks, joinLinks, accounts, contacts, retention },
    ...{ callLog, ledger, keptAnswers },
    ...lifeOf({ notices, webhooks, platform }),
    lastCallEnded: () => callLog.flush(),
  };
}

function retentionOf(
  config: Config,
  parts: {
    readonly stores: Stores;
    readonly reservations: Reservations;
    readonly platform: Pick<OrganisingPlatform, 'log'>;
    readonly accounts: () => Accounts;
    readonly writeWaiting: () => void;
  },
): Retention {
  const { stores, reservations, platform, accounts, writeWaiting } = parts;
  return createRetention({
    ...stores,
    store: stores.retention,
    reservations,
    settings: config.retention,
    numberRestDays: config.reservations.numberRestDays,
    countryCode: config.numbers.countryCode,
    accounts,
    log: platform.log,
    writeWaiting,
  });
}

type Stores = ReturnType<typeof openStores>;

function openStores(database: Connection) {
  return {
    reservations: createReservationStore(database),
    joinLinks: createJoinLinkStore(database),
    notices: createNoticeStore(database),
    ledger: createLedgerStore(database),
    keptAnswers: createKeptAnswerStore(database),
    retention: createRetentionStore(database),
    webhooks: createWebhookStore(database),
    contacts: createContactStore(database),
    accounts: createAccountStore(database),
    callLog: createCallLogStore(database),
  };
}

/** What tells people and programs of every change. */
interface Telling {
  readonly notices: Notices;
  readonly webhooks: Webhooks;
}

function createTelling(
  config: Config,
  platform: OrganisingPlatform,
  parts: {
    readonly stores: Stores;
    readonly joinLinks: JoinLinks;
    readonly accountOf: (profileId: ProfileId) => Account | null;
  },
): Telling {
  const { post, publicUrl, ...shared } = platform;
  const { stores, joinLinks, accountOf } = parts;
  const webhooks = createWebhooks({
    ...shared,
    store: stores.webhooks,
    settings: config.webhooks,
    post,
  });
  const notices = createNotices({
    ...shared,
    publicUrl,
    store: stores.notices,
    ledger: stores.ledger,
    settings: config.notices,
    rules: reservationRules(config),
    factsOf: createFacts({ config, publicUrl, organiserOf: accountOf, joinLinks }),
    organiserOf: accountOf,
    limitOf: (profileId) => accountOf(profileId)?.monthlyLimitMilli ?? null,
    onNoticeState: (notice, nowMs) => webhooks.noticeState(notice, nowMs),
    reservationOf: (reservationId) => stores.reservations.byId(reservationId),
  });
  return { notices, webhooks };
}

function lifeOf(
  parts: Telling & { readonly platform: Pick<OrganisingPlatform, 'email' | 'sms'> },
): Pick<Organising, 'start' | 'wake' | 'stop'> {
  const { notices, webhooks, platform } = parts;
  return {
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
