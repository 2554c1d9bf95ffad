import type { Reservation } from '../reservation/reservation.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Alarm } from './alarm.ts';
import type { NoticeRecorderOptions } from './notice-recorder.ts';
import type { EmailTransport, SmsProvider } from './notice.ts';
import type { Notices } from './notices.ts';

/** What telling people takes. */
export interface NoticesOptions extends NoticeRecorderOptions {
  /** Null: it is not in the database any more. */
  readonly reservationOf: (reservationId: string) => Reservation | null;
  /** Where the panel is reached; its host ends Message-IDs. */
  readonly publicUrl: string;
  /** Opened and closed by whoever hands them over; close them after `stop`. */
  readonly email: EmailTransport;
  readonly sms: SmsProvider;
  readonly clock: Clock;
  /** `createAlarm` of `alarm.ts`. */
  readonly createAlarm: (ring: () => void) => Alarm;
  readonly log: Logger;
}

/** Makes everything that tells people: what is planned, paid, sent, and shown of it. Sends only after `start`. */
export function createNotices(options: NoticesOptions): Notices {
  void options;
  throw new Error('not yet');
}
