import { readEmails } from '../reservation/email-list.ts';
import { readPhone } from '../reservation/phone-list.ts';
import type { ContactFields, ContactProblem } from './contact.ts';

/** The fields of a contact as they are kept: a number as E.164, a name on one line. */
export type ReadContact = ContactFields;

/** What was read, or all that is wrong with it. */
export type ReadOutcome =
  | { readonly outcome: 'good'; readonly contact: ReadContact }
  | { readonly outcome: 'bad'; readonly problems: readonly ContactProblem[] };

/** Longest name, in characters. */
const LONGEST_NAME = 200;

/** Reads what was entered for a contact. `defaultCountry`: see `readPhone`. Groups are not looked at. */
export function readContactFields(fields: ContactFields, defaultCountry: string): ReadOutcome {
  const name = readName(fields.name);
  const email = readEmail(filled(fields.email));
  const phone = filled(fields.phone);
  const problems: ContactProblem[] = [];
  if (Array.from(name).length > LONGEST_NAME) {
    problems.push(problem('too-long', 'name', { allowed: LONGEST_NAME }));
  }
  problems.push(...email.problems);
  if (email.given === null && phone === null) problems.push(problem('contact-empty', null));
  const number = phone === null ? null : readPhone(phone, defaultCountry);
  if (number !== null && number.outcome !== 'mobile') {
    const code = number.outcome === 'landline' ? 'landline' : 'bad-phone';
    problems.push(problem(code, 'phone', { given: (phone ?? '').slice(0, 50) }));
  }
  if (problems.length > 0) return { outcome: 'bad', problems };
  const e164 = number?.outcome === 'mobile' ? number.phone : null;
  const groupIds = [...new Set(fields.groupIds)];
  return { outcome: 'good', contact: { name, email: email.value, phone: e164, groupIds } };
}

/** A name on one line: control characters and runs of blanks are one blank. */
export function readName(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}

/** A problem of a field, not of an import. */
export function problem(
  code: ContactProblem['code'],
  field: ContactProblem['field'],
  facts: ContactProblem['facts'] = {},
): ContactProblem {
  return { code, field, line: null, facts };
}

interface ReadEmail {
  readonly given: string | null;
  readonly value: string | null;
  readonly problems: readonly ContactProblem[];
}

function readEmail(given: string | null): ReadEmail {
  if (given === null) return { given, value: null, problems: [] };
  const facts = { given: given.slice(0, 100) };
  const { emails, problems } = readEmails([given], 2);
  const [value = null, ...more] = emails;
  if (more.length > 0) return { given, value, problems: [problem('one-only', 'email', facts)] };
  if (problems.length === 0 && value !== null) return { given, value, problems: [] };
  return { given, value, problems: [problem('bad-email', 'email', facts)] };
}

function filled(text: string | null): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}
