import { DateTime } from 'luxon';
import type { WallclockMs } from '../../../mixer/protocol/units.ts';
import type { EmailMessage } from '../notice.ts';

const LONGEST_SLUG = 48;

/** Letters that do not come apart into a base letter and a mark. */
const WHOLE_LETTERS: Readonly<Record<string, string>> = {
  ł: 'l',
  đ: 'd',
  ø: 'o',
  ß: 'ss',
  æ: 'ae',
};

/**
 * `20261201T090000Z-zaproszenie-narada-….eml`: sorted by time, told apart by the subject, unique by the Message-ID. It
 * has no address and, as subjects have none, no PIN.
 */
export function fileNameFor(message: EmailMessage, nowMs: WallclockMs): string {
  const time = DateTime.fromMillis(nowMs, { zone: 'utc' }).toFormat("yyyyLLdd'T'HHmmss'Z'");
  return `${[time, slug(message.subject), messageKey(message.messageId)].join('-')}.eml`;
}

/** What of a Message-ID is in the file's name: its part before the `@`. */
export function messageKey(messageId: string): string {
  const [local = ''] = messageId.replace(/[<>\s]/gu, '').split('@');
  return local.replace(/[^A-Za-z0-9]/gu, '').slice(0, 64);
}

/** The same, of a file's name. Null: it is not one of ours. */
export function messageKeyOf(fileName: string): string | null {
  return /^\d{8}T\d{6}Z-.*-([A-Za-z0-9]+)\.eml$/u.exec(fileName)?.[1] ?? null;
}

function slug(subject: string): string {
  const words = subject
    .toLowerCase()
    .normalize('NFD')
    .replace(/[łđøßæ]/gu, (letter) => WHOLE_LETTERS[letter] ?? '')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/gu, '-')
    .slice(0, LONGEST_SLUG)
    .replace(/^-+|-+$/gu, '');
  return words === '' ? 'mail' : words;
}
