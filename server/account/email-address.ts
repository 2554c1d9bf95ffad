import { domainToASCII } from 'node:url';

/** Longest local part, address and label of a domain: RFC 5321 §4.5.3.1, RFC 1035 §2.3.4. */
const LONGEST_LOCAL_PART = 64;
const LONGEST_ADDRESS = 254;
const LONGEST_LABEL = 63;

/** Atoms joined by dots, RFC 5322 §3.2.3, with letters of any language (RFC 6531 §3.3). */
const LOCAL_PART =
  /^[\w!#$%&'*+/=?^`{|}~\p{L}\p{M}\p{N}-]+(\.[\w!#$%&'*+/=?^`{|}~\p{L}\p{M}\p{N}-]+)*$/u;

/** Labels of RFC 1123 §2.1, at least two, the last not a number. */
const ASCII_DOMAIN = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+(?!\d+$)[a-z0-9-]*[a-z0-9]$/u;

/** An address as it was written, and as two spellings of it are compared. */
export interface EmailAddress {
  /** Trimmed and in Unicode normal form C. */
  readonly email: string;
  /** In lower case, the domain as IDNA writes it in ASCII. */
  readonly emailKey: string;
}

/**
 * Reads one e-mail address; null when it is none. Case is ignored in the whole address: RFC 5321 §2.4 lets a mail
 * server tell local parts apart by case, but none of consequence does, and people do not.
 */
export function readEmailAddress(text: string): EmailAddress | null {
  const email = text.trim().normalize('NFC');
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at);
  if (at < 1 || email.length > LONGEST_ADDRESS || !LOCAL_PART.test(local)) return null;
  if (Buffer.byteLength(local) > LONGEST_LOCAL_PART) return null;
  // Characters that a host name in a URL ends at must not get as far as the URL parser.
  const written = email.slice(at + 1);
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(written)) return null;
  const domain = domainToASCII(written);
  const labels = domain.split('.');
  if (!ASCII_DOMAIN.test(domain) || labels.some((label) => label.length > LONGEST_LABEL))
    return null;
  // Compatibility forms (full-width letters) would let one mailbox have several accounts.
  const folded = local.normalize('NFKC').toLowerCase();
  return { email, emailKey: `${folded}@${domain}` };
}
