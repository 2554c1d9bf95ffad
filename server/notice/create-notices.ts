import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { ProfileId, Reservation } from '../reservation/reservation.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { OwnTurn } from '../runtime/own-turns.ts';
import type { Alarm } from './alarm.ts';
import { calendarFile } from './email/calendar-entry.ts';
import { invitationText } from './email/invitation-text.ts';
import { telUri } from './email/tel-uri.ts';
import { fundsOf } from './funds.ts';
import { createLanes } from './lanes.ts';
import { createNoticeBook } from './notice-book.ts';
import {
  createNoticeRecorder,
  noticeRules,
  type NoticeRecorderOptions,
} from './notice-recorder.ts';
import { emailMoments } from './notice-times.ts';
import type { EmailTransport, SmsProvider } from './notice.ts';
import type { Funds, Notices } from './notices.ts';
import { createOutbox } from './outbox.ts';
import { createSingleNotices } from './single-notices.ts';
import { smsQuote } from './sms-quote.ts';

/** What telling people takes. */
export interface NoticesOptions extends NoticeRecorderOptions {
  /** Null: it is not in the database any more. */
  readonly reservationOf: (reservationId: string) => Reservation | null;
  /** Where the panel is reached; its host ends Message-IDs. */
  readonly publicUrl: string;
  /** Opened and closed by whoever hands them over; close them after `stop`. */
  readonly email: EmailTransport;
  readonly sms: SmsProvider;
  /** Comes back when everything written so far is on the disk. Absent: it is there when the store returns. */
  readonly onDisk?: () => Promise<void>;
  /** Each message is written in a turn of its own. Absent: at once. */
  readonly ownTurn?: OwnTurn;
  readonly clock: Clock;
  /** `createAlarm` of `alarm.ts`. */
  readonly createAlarm: (ring: () => void) => Alarm;
  readonly log: Logger;
}

/** Failed notices that the administrator is shown. */
const FAILED_SHOWN = 20;

/** Makes everything that tells people: what is planned, paid, sent, and shown of it. Sends only after `start`. */
export function createNotices(options: NoticesOptions): Notices {
  const { store, sms } = options;
  const book = createNoticeBook(options);
  const outbox = createOutbox({ ...options, book, lanes: lanesOf(options) });
  const single = createSingleNotices({ ...options, book });
  return {
    ...single,
    ...shown(options),
    recorder: createNoticeRecorder(options),
    quote: (request, nowMs) => smsQuote(request, Math.floor(nowMs), options),
    emailsAtMs: (startAtMs, nowMs) =>
      emailMoments(startAtMs, nowMs, noticeRules(options.settings)).map(({ dueAtMs }) => dueAtMs),
    funds: (profileId, nowMs) => fundsNow(profileId, nowMs, options),
    ofReservation: (reservationId) => store.ofReservation(reservationId),
    costMilli: (reservationId) => store.costMilli(reservationId),
    reportGuessing(reservationId, nowMs) {
      single.reportGuessing(reservationId, nowMs);
      outbox.wake();
    },
    start() {
      sms.onReceipt((receipt) => outbox.receipt(receipt));
      outbox.start();
    },
    wake: () => outbox.wake(),
    stop: () => outbox.stop(),
  };
}

function lanesOf(options: NoticesOptions): ReturnType<typeof createLanes> {
  const { email, sms, settings, publicUrl, rules, factsOf } = options;
  const surroundings = { settings, publicUrl, earlyEntryMs: rules.earlyEntryMs, factsOf };
  return createLanes({ email, sms, surroundings });
}

function fundsNow(profileId: ProfileId, nowMs: WallclockMs, options: NoticesOptions): Funds {
  const { ledger, settings, rules, limitOf } = options;
  const zone = rules.defaultZone;
  return fundsOf(profileId, nowMs, { ledger, settings: settings.sms, zone, limitOf });
}

/** What is only looked at: texts to copy, the state of things. */
function shown(options: NoticesOptions): Pick<Notices, 'invitation' | 'calendar' | 'health'> {
  const { store, settings, rules, factsOf, email, sms, clock } = options;
  return {
    invitation(reservation) {
      const facts = factsOf(reservation, { role: 'participant', person: null });
      const [pl, en] = [invitationText(facts, 'pl'), invitationText(facts, 'en')];
      return { pl, en, telUri: telUri(facts) ?? '' };
    },
    calendar(reservation, language, reader) {
      const { fromName, fromAddress } = settings.email;
      const { earlyEntryMs } = rules;
      const nowMs = clock.wallclockMs();
      return calendarFile(factsOf(reservation, reader), {
        language,
        nowMs,
        fromName,
        fromAddress,
        earlyEntryMs,
      });
    },
    health: () => ({
      email: email.health(),
      sms: sms.health(),
      counts: store.counts(),
      latestFailed: store.inState('failed', FAILED_SHOWN),
    }),
  };
}
