/** Somebody to tell, as typed or picked. `name` is empty when it is not known; only `address` is sent. */
export interface Recipient {
  readonly address: string;
  readonly name: string;
}

/** What kind of address a list holds. */
export type RecipientKind = 'email' | 'phone';

const ANGLE = /^\s*"?([^"<>]*?)"?\s*<\s*([^<>]*?)\s*>\s*$/u;
const EMAIL = /^[^\s@"<>()]+@[^\s@"<>()]+\.[^\s@"<>().]{2,}$/u;
const PHONE_SIGNS = /[\s().\-/\u00A0\u2010-\u2013]/gu;
const PHONE = /^(?:\+|00)?\d{7,15}$/u;
const ONE_NAME = /^\p{Lu}[\p{L}'’-]+$/u;
const SEVERAL_NAMES = /^\p{L}[\p{L}.'’-]*(?:\s+[\p{L}.'’-]+)+$/u;
const PHONE_INSIDE = /(?:\+|00)?\d[\d\s().\-/\u00A0\u2010-\u2013]{5,}\d/u;

/**
 * Takes a pasted list apart: one to a line or separated by commas and semicolons, with or without names
 * (`"Anna Nowak" <anna@example.com>`, `Anna; anna@example.com`, `Anna 501 234 567`).
 */
export function splitRecipients(text: string, kind: RecipientKind): readonly Recipient[] {
  const pieces = splitOutsideQuotes(text).flatMap((piece) =>
    kind === 'email' ? emailsIn(piece) : [phoneIn(piece)],
  );
  return joinNames(
    pieces.filter(({ address }) => address !== ''),
    kind,
  );
}

/** Adds recipients that are not on the list yet. */
export function addRecipients(
  list: readonly Recipient[],
  more: readonly Recipient[],
  kind: RecipientKind,
): readonly Recipient[] {
  const known = new Set(list.map(({ address }) => sameAs(address, kind)));
  const added: Recipient[] = [];
  for (const recipient of more) {
    const key = sameAs(recipient.address, kind);
    if (known.has(key)) continue;
    known.add(key);
    added.push(recipient);
  }
  return [...list, ...added];
}

/** Whether an entry can be an address at all; the server has the last word. */
export function looksRight(address: string, kind: RecipientKind): boolean {
  return kind === 'email' ? EMAIL.test(address) : PHONE.test(bare(address));
}

/** Whether two entries are the same address. */
export function isSameAddress(one: string, other: string, kind: RecipientKind): boolean {
  return sameAs(one, kind) === sameAs(other, kind);
}

/** A phone number in groups of three, `+48 501 234 567`; anything else as it is. */
export function shownPhone(phone: string): string {
  const polish = /^\+48(\d{3})(\d{3})(\d{3})$/u.exec(phone);
  return polish === null ? phone : `+48 ${polish.slice(1).join(' ')}`;
}

function sameAs(address: string, kind: RecipientKind): string {
  return kind === 'email' ? address.trim().toLowerCase() : bare(address).replace(/^00/u, '+');
}

function bare(phone: string): string {
  return phone.replaceAll(PHONE_SIGNS, '');
}

/** Lines and their parts; a comma within quotation marks separates nothing (RFC 5322 §3.2.4). */
function splitOutsideQuotes(text: string): readonly string[] {
  return text.split(/[\r\n]+/u).flatMap((line) => line.match(/(?:"[^"]*"|[^,;\t])+/gu) ?? []);
}

function emailsIn(piece: string): readonly Recipient[] {
  const angle = ANGLE.exec(piece);
  if (angle !== null) return [{ name: (angle[1] ?? '').trim(), address: angle[2] ?? '' }];
  const words = piece.trim().split(/\s+/u);
  const addresses = words.filter((word) => word.includes('@'));
  if (addresses.length === 0) return [{ name: '', address: piece.trim() }];
  if (addresses.length > 1)
    return addresses.map((address) => ({ name: '', address: trimmed(address) }));
  const name = words.filter((word) => !word.includes('@')).join(' ');
  return [{ name: name.replaceAll('"', ''), address: trimmed(addresses[0] ?? '') }];
}

function trimmed(address: string): string {
  return address.replace(/^<|[>.]$/gu, '');
}

function phoneIn(piece: string): Recipient {
  const text = piece.trim();
  const number = PHONE_INSIDE.exec(text)?.[0];
  if (number === undefined) return { name: '', address: text };
  const name = text
    .replace(number, ' ')
    .replaceAll(/["<>:]/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  const isName = name === '' || /^[\p{L}\s.'’-]+$/u.test(name);
  return isName ? { name, address: number.trim() } : { name: '', address: text };
}

/** In `Anna Nowak; anna@example.com` the piece before an address is a name, not a bad address. */
function joinNames(pieces: readonly Recipient[], kind: RecipientKind): readonly Recipient[] {
  const joined: Recipient[] = [];
  let pending: Recipient | null = null;
  for (const piece of pieces) {
    const isAddress = looksRight(piece.address, kind);
    if (!isAddress && couldBeName(piece)) {
      if (pending !== null) joined.push(pending);
      pending = piece;
      continue;
    }
    if (pending !== null && (!isAddress || piece.name !== '')) joined.push(pending);
    const name = isAddress && piece.name === '' ? (pending?.address ?? '') : piece.name;
    joined.push({ ...piece, name });
    pending = null;
  }
  return pending === null ? joined : [...joined, pending];
}

function couldBeName(piece: Recipient): boolean {
  const { address, name } = piece;
  return name === '' && (ONE_NAME.test(address) || SEVERAL_NAMES.test(address));
}
