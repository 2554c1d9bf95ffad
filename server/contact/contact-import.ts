import type { ContactProblem } from './contact.ts';
import { readContactFields, type ReadContact } from './contact-reading.ts';

/** A line that was understood, counted from 1. */
export interface ImportedLine extends ReadContact {
  readonly line: number;
}

/** Lines that were understood, and what is wrong with the others. */
export interface ImportedLines {
  readonly lines: readonly ImportedLine[];
  readonly problems: readonly ContactProblem[];
}

/** Most lines worth reading: more than a profile may have contacts. */
const MOST_LINES = 5000;

/** Most problems that are told: after that the reader has understood. */
const MOST_PROBLEMS = 200;

/** `Anna Nowak <anna@example.com>`, RFC 5322 §3.4; the name may be quoted. */
const NAMED_ADDRESS = /^([^<>]*)<\s*([^<>\s]+@[^<>\s]+)\s*>$/u;

/**
 * Reads pasted lines of "name; mail; phone". Parts are separated by tabs, semicolons or commas, whichever the line has
 * first in this order; mail and phone may stand in any place; a name may be quoted, or stand before `<mail>`. Lines
 * without mail and phone are refused, but for a heading in the first one. `defaultCountry`: see `readPhone`.
 */
export function readImport(text: string, defaultCountry: string): ImportedLines {
  const lines: ImportedLine[] = [];
  const problems: ContactProblem[] = [];
  const written = text.replace(/^\uFEFF/u, '').split(/\r\n|\r|\n/u, MOST_LINES);
  for (const [index, row] of written.entries()) {
    if (row.trim() === '' || (index === 0 && isHeading(row))) continue;
    const read = readLine(row, index + 1, defaultCountry);
    if ('problems' in read) problems.push(...read.problems);
    else lines.push(read);
  }
  return { lines, problems: problems.slice(0, MOST_PROBLEMS) };
}

function readLine(
  row: string,
  line: number,
  defaultCountry: string,
): ImportedLine | { readonly problems: readonly ContactProblem[] } {
  const found = sorted(splitFields(row));
  const problemAt = (code: ContactProblem['code'], facts: ContactProblem['facts'] = {}) => ({
    problems: [{ code, field: null, line, facts }],
  });
  const [email = null, ...moreEmails] = found.emails;
  const [phone = null, ...morePhones] = found.phones;
  if (moreEmails.length > 0) return problemAt('one-only', { given: moreEmails.join(', ') });
  if (morePhones.length > 0) return problemAt('one-only', { given: morePhones.join(', ') });
  const name = found.names.join(' ');
  const read = readContactFields({ name, email, phone, groupIds: [] }, defaultCountry);
  if (read.outcome === 'bad') {
    return { problems: read.problems.map((problem) => ({ ...problem, field: null, line })) };
  }
  return { ...read.contact, line };
}

interface SortedFields {
  readonly names: readonly string[];
  readonly emails: readonly string[];
  readonly phones: readonly string[];
}

/** What each part is, by its looks. */
function sorted(fields: readonly string[]): SortedFields {
  const names: string[] = [];
  const emails: string[] = [];
  const phones: string[] = [];
  for (const field of fields) {
    const [, name = '', address = ''] = NAMED_ADDRESS.exec(field) ?? [];
    if (address !== '') {
      emails.push(address);
      if (name.trim() !== '') names.push(unquoted(name.trim()));
    } else if (field.includes('@')) emails.push(field.replace(/^mailto:/iu, ''));
    else if (looksLikePhone(field)) phones.push(field.replace(/^tel:/iu, ''));
    else if (field !== '') names.push(field);
  }
  return { names, emails, phones };
}

/** Five digits at least, and hardly anything else. */
function looksLikePhone(field: string): boolean {
  return /^(?:tel:)?\s*[+(]?[\d\s().\-/]+$/iu.test(field) && field.replace(/\D/gu, '').length >= 5;
}

/** A first line such as "Imię i nazwisko; E-mail; Telefon". */
function isHeading(row: string): boolean {
  return !row.includes('@') && !/\d{3}/u.test(row) && /mail|telefon|phone/iu.test(row);
}

/** Parts of a line, trimmed. What stands between quotation marks is one part (RFC 4180 §2). */
function splitFields(row: string): readonly string[] {
  const separator = separatorOf(row);
  const fields: string[] = [];
  let field = '';
  let quotes: 'open' | 'closed' = 'closed';
  for (const character of row) {
    if (character === '"') quotes = quotes === 'open' ? 'closed' : 'open';
    if (character === separator && quotes === 'closed') {
      fields.push(field);
      field = '';
    } else field += character;
  }
  return [...fields, field].map((part) => unquoted(part.trim()));
}

function separatorOf(row: string): string {
  const bare = row.replace(/"[^"]*"/gu, '');
  return ['\t', ';', ','].find((separator) => bare.includes(separator)) ?? ';';
}

/** `"Nowak, ""Ania"""` is `Nowak, "Ania"`. */
function unquoted(part: string): string {
  const [, inside = part] = /^"(.*)"$/u.exec(part) ?? [];
  return inside === part ? part : inside.replaceAll('""', '"').trim();
}
