import type { DurationMs, WallclockMs } from '../../../mixer/protocol/units.ts';
import type { Language } from '../../reservation/reservation.ts';
import type { EmailMessage } from '../notice.ts';

/** What an e-mail says, without whom it is from and to. Control characters are gone from all of it. */
export interface EmailContent {
  readonly subject: string;
  readonly text: string;
  /** A whole document. */
  readonly html: string;
  readonly calendar: EmailMessage['calendar'];
  /** Where answers go: the organiser, for what participants get. */
  readonly replyTo: string | null;
}

/** What e-mails and calendar entries about a reservation depend on besides its facts. */
export interface EmailSettings {
  readonly language: Language;
  readonly nowMs: WallclockMs;
  /** `notices.email.fromName` and `fromAddress`: organiser of those reservations that have none. */
  readonly fromName: string;
  readonly fromAddress: string;
  /** How long before the start people may enter. */
  readonly earlyEntryMs: DurationMs;
}
