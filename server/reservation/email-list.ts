import type { BookingProblem } from './booking-problem.ts';

/** The good addresses, each once, in the order written; and what is wrong with the others, entry by entry. */
export interface EmailList {
  readonly emails: readonly string[];
  readonly problems: readonly BookingProblem[];
}

/** Atoms joined by dots, RFC 5322 §3.2.3; quoted local parts, which nobody has, are refused. */
const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
/** Labels of RFC 1123 §2.1, letters of any language (IDN), at least two, the last not a number. */
const DOMAIN =
  /^([\p{L}\p{N}]([\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)+(?!\d+$)[\p{L}\p{N}-]*[\p{L}\p{N}]$/u;

/** Longest local part and address, RFC 5321 §4.5.3.1. */
const LONGEST_LOCAL_PART = 64;
const LONGEST_ADDRESS = 254;
const LONGEST_LABEL = 63;

/**
 * Reads addresses as a person types them: several in an entry may be separated by commas, semicolons or blanks.
 * Duplicates are merged without regard to case; the first spelling stays. `most`: how many there may be.
 */
export function readEmails(entries: readonly string[], most: number): EmailList {
  const seen = new Set<string>();
  const emails: string[] = [];
  const problems: BookingProblem[] = [];
  for (const [index, entry] of entries.entries()) {
    for (const given of entry.split(/[\s,;]+/)) {
      const folded = given.toLowerCase();
      if (given === '' || seen.has(folded)) continue;
      seen.add(folded);
      if (isEmail(given)) emails.push(given);
      else problems.push({ code: 'bad-email', field: 'emails', facts: { given, index } });
    }
  }
  if (seen.size > most) {
    const facts = { given: seen.size, allowed: most };
    problems.push({ code: 'too-many-emails', field: 'emails', facts });
  }
  return { emails, problems };
}

function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (at < 1 || at > LONGEST_LOCAL_PART || text.length > LONGEST_ADDRESS) return false;
  const domain = text.slice(at + 1);
  const labels = domain.split('.');
  return (
    LOCAL_PART.test(text.slice(0, at)) &&
    DOMAIN.test(domain) &&
    labels.every((label) => label.length <= LONGEST_LABEL)
  );
}
