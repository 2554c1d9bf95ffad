import type { WallclockMs } from '../../../mixer/protocol/units.ts';
import type { EmailMessage } from '../notice.ts';
import { oneLine } from './clean-text.ts';

/** A message as the MIME library takes it. */
export interface MimeMessage {
  readonly messageId: string;
  readonly date: Date;
  readonly from: { readonly name: string; readonly address: string };
  readonly to: { readonly name: string; readonly address: string };
  readonly replyTo?: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly icalEvent?: {
    readonly method: string;
    readonly filename: string;
    readonly content: string;
  };
  readonly envelope: { readonly from: string; readonly to: string };
  readonly headers: Record<string, string>;
  readonly disableFileAccess: true;
  readonly disableUrlAccess: true;
}

/** Nothing that separates, quotes or encloses addresses (RFC 5322 §3.4). */
const PLAIN_ADDRESS = /^[^\s\p{Cc},;:<>()[\]"\\@]+@[^\s\p{Cc},;:<>()[\]"\\@]+$/u;

/**
 * Lays a message out for mail programs: multipart/alternative of text, HTML and, with a calendar entry,
 * `text/calendar; method=…` (what Outlook and Gmail act on), and the same entry as the attachment `invite.ics` (what
 * others open). `Auto-Submitted` keeps answering machines quiet (RFC 3834 §5). No line break gets into a header.
 *
 * Null: the recipient is not one plain address. What the library took for two would go to both.
 */
export function mimeMessage(message: EmailMessage, nowMs: WallclockMs): MimeMessage | null {
  if (!PLAIN_ADDRESS.test(message.to)) return null;
  const { calendar } = message;
  const from = address(message.fromName, message.fromAddress);
  const to = address('', message.to);
  return {
    messageId: oneLine(message.messageId),
    date: new Date(nowMs),
    from,
    to,
    ...(message.replyTo === null ? {} : { replyTo: address('', message.replyTo) }),
    subject: oneLine(message.subject),
    text: message.text,
    html: message.html,
    ...(calendar === null
      ? {}
      : {
          icalEvent: { method: calendar.method, filename: 'invite.ics', content: calendar.text },
        }),
    envelope: { from: from.address, to: to.address },
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'OOF, AutoReply',
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function address(name: string, text: string): MimeMessage['from'] {
  return { name: oneLine(name), address: oneLine(text) };
}
