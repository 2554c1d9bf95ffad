import { simpleParser } from 'mailparser';
import type { ParsedMail } from 'mailparser';
import type { ReceivedMail } from '../interop/mail-server.ts';
import { until } from './until.ts';

/** An e-mail that came over SMTP, read by somebody else's program. */
export interface Letter {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The iCalendar in it with its lines unfolded; empty without one. */
  readonly calendar: string;
}

/** Which letter is meant. */
export interface WantedLetter {
  readonly to: string;
  readonly subject: RegExp;
}

/** Waits for a letter to somebody. */
export async function letter(
  mails: readonly ReceivedMail[],
  { to, subject }: WantedLetter,
): Promise<Letter> {
  const read = new Map<ReceivedMail, Letter>();
  return until(`an e-mail to ${to} about ${String(subject)}`, async () => {
    for (const mail of mails.filter((one) => one.to.includes(to))) {
      const known = read.get(mail) ?? (await readLetter(mail));
      read.set(mail, known);
      if (subject.test(known.subject)) return known;
    }
    return null;
  });
}

/** Everything that somebody got so far. */
export async function lettersTo(
  mails: readonly ReceivedMail[],
  to: string,
): Promise<readonly Letter[]> {
  return Promise.all(mails.filter((one) => one.to.includes(to)).map(readLetter));
}

/** The path of the first link in a letter that begins with `prefix`. @throws when there is none. */
export function linkIn(from: Letter, prefix: string): string {
  const path = new RegExp(`https?://[^/\\s]+(${prefix}[^\\s<>"]+)`, 'u').exec(from.text)?.[1];
  if (path === undefined) throw new Error(`no link ${prefix}… in:\n${from.text}`);
  return path;
}

async function readLetter(mail: ReceivedMail): Promise<Letter> {
  const parsed = await simpleParser(mail.bytes);
  return {
    to: mail.to,
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: typeof parsed.html === 'string' ? parsed.html : '',
    calendar: calendarOf(parsed),
  };
}

function calendarOf(parsed: ParsedMail): string {
  const part = parsed.attachments.find(({ contentType }) => contentType.includes('calendar'));
  return part === undefined ? '' : part.content.toString('utf8').replace(/\r?\n[ \t]/gu, '');
}
