import type { WallclockMs } from '../../../mixer/protocol/units.ts';
import type { Language } from '../../reservation/reservation.ts';
import type { AccountNoticeKind } from '../notice.ts';
import type { EmailContent } from './email-content.ts';

/** What e-mails about an account say. `link` is null for those that need none. */
export interface AccountFacts {
  readonly name: string;
  readonly link: string | null;
  /** Address of the panel. */
  readonly publicUrl: string;
  readonly language: Language;
  readonly nowMs: WallclockMs;
  /** When the link ends. */
  readonly uselessAtMs: WallclockMs;
}

/** The e-mail of this kind. */
export function accountEmail(kind: AccountNoticeKind, facts: AccountFacts): EmailContent {
  return { subject: kind, text: facts.name, html: '', calendar: null, replyTo: null };
}
