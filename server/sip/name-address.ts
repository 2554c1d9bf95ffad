import {
  findOutside,
  QUOTE,
  LESS_THAN,
  SEMICOLON,
  parameter,
  trimmed,
  unquote,
} from './header-value.ts';
import { skipQuoted } from './header-value.ts';
import { SipParseError } from './sip-parse-error.ts';

/** A value of From, To, Contact, Route and their like (RFC 3261 §20.10). Octet strings. */
export interface NameAddress {
  /** Without quotes and escapes. */
  readonly displayName: string;
  readonly uri: string;
  /** Header parameters, `;name=value;flag`, or empty. */
  readonly parameters: string;
}

/**
 * Reads `"Name" <uri>;parameters` or `uri;parameters`. Without angle brackets all parameters are the header's.
 * @throws SipParseError when quotes or brackets are not closed, or there is no URI.
 */
export function parseNameAddress(value: string): NameAddress {
  const nameEnd = value.charCodeAt(0) === QUOTE ? skipQuoted(value, 0) : 0;
  const open = value.indexOf('<', nameEnd);
  if (open === -1) {
    if (nameEnd !== 0) throw new SipParseError('Bad Address');
    const end = findOutside(value, SEMICOLON, 0);
    return nonEmpty({
      displayName: '',
      uri: trimmed(value, 0, end),
      parameters: value.slice(end),
    });
  }
  const close = value.indexOf('>', open);
  if (close === -1) throw new SipParseError('Unbalanced Angle Brackets');
  return nonEmpty({
    displayName: unquote(trimmed(value, 0, open)),
    uri: trimmed(value, open + 1, close),
    parameters: parametersAfter(value, close + 1),
  });
}

function parametersAfter(value: string, at: number): string {
  const rest = trimmed(value, at, value.length);
  if (rest !== '' && rest.charCodeAt(0) !== SEMICOLON) throw new SipParseError('Bad Address');
  return rest;
}

function nonEmpty(address: NameAddress): NameAddress {
  if (address.uri === '' || address.uri.charCodeAt(0) === LESS_THAN) {
    throw new SipParseError('Bad Address');
  }
  return address;
}

/** The `tag` parameter (RFC 3261 §19.3), or `''`. */
export function tagOf(address: NameAddress): string {
  return address.parameters === '' ? '' : (parameter(address.parameters, 'tag') ?? '');
}
