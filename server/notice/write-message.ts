import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Config } from '../config/config.ts';
import type { Reservation } from '../reservation/reservation.ts';
import { accountEmail } from './email/account-email.ts';
import type { EmailContent } from './email/email-content.ts';
import { reservationEmail } from './email/reservation-email.ts';
import type {
  AccountNoticeKind,
  EmailMessage,
  FactsOf,
  FactsReader,
  Notice,
  ReservationNoticeKind,
  SmsMessage,
} from './notice.ts';
import { segmentsOf } from './sms/gsm7.ts';
import { smsTextOf } from './sms-cost.ts';

/** What messages are made of besides the notice. */
export interface MessageSurroundings {
  readonly settings: Config['notices'];
  readonly publicUrl: string;
  readonly earlyEntryMs: DurationMs;
  readonly factsOf: FactsOf;
}

/** A notice, with the reservation it is about as it stands; null: it is about an account. */
export interface MessageSource {
  readonly notice: Notice;
  readonly reservation: Reservation | null;
  readonly nowMs: WallclockMs;
}

/** The e-mail of a notice, made of what is true now. Null: there is nothing to make it of. */
export function writeEmail(
  source: MessageSource,
  surroundings: MessageSurroundings,
): EmailMessage | null {
  const content = contentOf(source, surroundings);
  if (content === null) return null;
  const { notice } = source;
  const { settings, publicUrl } = surroundings;
  const { fromName, fromAddress } = settings.email;
  return {
    ...content,
    messageId: messageId(notice.noticeId, publicUrl, fromAddress),
    fromName,
    fromAddress,
    to: notice.recipient,
  };
}

/** The SMS of a notice, made of what is true now. */
export function writeSms(
  source: MessageSource,
  surroundings: Pick<MessageSurroundings, 'settings' | 'factsOf'>,
): SmsMessage | null {
  const { notice, reservation } = source;
  const { settings, factsOf } = surroundings;
  if (reservation === null) return null;
  const text = smsTextOf(notice, factsOf(reservation, 'phone'), settings.sms);
  return {
    noticeId: notice.noticeId,
    to: notice.recipient,
    from: settings.sms.sender,
    text,
    segments: segmentsOf(text).segments,
  };
}

/** The same at every attempt: mail programs take two of one id for one. RFC 5322 §3.6.4. */
function messageId(noticeId: string, publicUrl: string, fromAddress: string): string {
  const { hostname } = new URL(publicUrl);
  const isDomain = hostname.includes('.') && /[a-z]$/iu.test(hostname);
  const domain = isDomain ? hostname : fromAddress.slice(fromAddress.lastIndexOf('@') + 1);
  return `<${noticeId}@${domain}>`;
}

/** What an account's mail needs, as it is kept until the mail was sent. */
export interface AccountPayload {
  readonly name: string;
  readonly link: string | null;
}

function contentOf(source: MessageSource, surroundings: MessageSurroundings): EmailContent | null {
  const { notice, reservation, nowMs } = source;
  const { kind, language, recipient, uselessAtMs } = notice;
  const { settings, publicUrl, earlyEntryMs, factsOf } = surroundings;
  const { fromName, fromAddress } = settings.email;
  if (isAboutAccount(kind)) {
    const payload = payloadOf(notice);
    if (payload === null) return null;
    return accountEmail(kind, { ...payload, publicUrl, fromName, language, nowMs, uselessAtMs });
  }
  if (reservation === null) return null;
  const look = { language, nowMs, fromName, fromAddress, earlyEntryMs, recipient };
  return reservationEmail(kind, factsOf(reservation, readerOf(kind, recipient)), look);
}

function readerOf(kind: ReservationNoticeKind, recipient: string): FactsReader {
  return kind.startsWith('organiser-') ? 'organiser' : { role: 'participant', person: recipient };
}

function payloadOf(notice: Notice): AccountPayload | null {
  if (notice.payload === null) return null;
  const payload: unknown = JSON.parse(notice.payload);
  if (typeof payload !== 'object' || payload === null) return null;
  const { name, link }: { readonly name?: unknown; readonly link?: unknown } = payload;
  if (typeof name !== 'string' || (typeof link !== 'string' && link !== null)) return null;
  return { name, link };
}

const ACCOUNT_KINDS: Readonly<Record<AccountNoticeKind, true>> = {
  'confirm-address': true,
  'account-exists': true,
  'reset-password': true,
  'password-changed': true,
  'confirm-new-address': true,
  'address-changed': true,
  'invited-to-konfa': true,
};

function isAboutAccount(
  kind: AccountNoticeKind | ReservationNoticeKind,
): kind is AccountNoticeKind {
  return Object.hasOwn(ACCOUNT_KINDS, kind);
}
