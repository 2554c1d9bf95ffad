import { forEachParameter, isToken, parameter, parseDigits, trimmed } from './header-value.ts';
import { SipParseError } from './sip-parse-error.ts';

/** A `sip:` or `sips:` URI, RFC 3261 §19.1. Strings are octet strings as written, escapes kept. */
export interface SipsUri {
  readonly kind: 'sip';
  readonly scheme: 'sip' | 'sips';
  readonly user: string;
  /** In lower case; IPv6 addresses without brackets. */
  readonly host: string;
  readonly port: number | null;
  /** `;name=value;flag`, or empty. */
  readonly parameters: string;
  /** What follows a question mark, or empty. Has no place in a Request-URI. */
  readonly headers: string;
}

/** A `tel:` URI, RFC 3966: the number without visual separators. */
export interface TelUri {
  readonly kind: 'tel';
  readonly number: string;
  readonly parameters: string;
}

/** A URI of a scheme that we cannot serve. */
export interface OtherUri {
  readonly kind: 'other';
  readonly scheme: string;
}

/** Any URI. */
export type SipUri = SipsUri | TelUri | OtherUri;

/**
 * Reads a URI.
 * @throws SipParseError when it is no URI, or a `sip:` URI without a host.
 */
export function parseUri(text: string): SipUri {
  const colon = text.indexOf(':');
  if (colon < 1) throw new SipParseError('Bad URI');
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    // Blanks, controls, quotes and brackets have no place in a URI (RFC 3986 §2).
    if (code <= 32 || code === 34 || code === 60 || code === 62 || code === 127) {
      throw new SipParseError('Bad URI');
    }
  }
  const scheme = text.slice(0, colon).toLowerCase();
  if (scheme === 'sip' || scheme === 'sips') return parseSipUri(scheme, text, colon + 1);
  if (scheme === 'tel') return parseTelUri(text, colon + 1);
  if (!isToken(scheme)) throw new SipParseError('Bad URI');
  return { kind: 'other', scheme };
}

function parseSipUri(scheme: 'sip' | 'sips', text: string, start: number): SipsUri {
  const at = text.indexOf('@', start);
  let user = '';
  if (at !== -1) {
    const userinfo = text.slice(start, at);
    const password = userinfo.indexOf(':');
    user = password === -1 ? userinfo : userinfo.slice(0, password);
  }
  const hostStart = at === -1 ? start : at + 1;
  const question = text.indexOf('?', hostStart);
  const end = question === -1 ? text.length : question;
  const semicolon = text.indexOf(';', hostStart);
  const hostEnd = semicolon === -1 || semicolon > end ? end : semicolon;
  const hostPort = parseHostPort(text.slice(hostStart, hostEnd));
  const parameters = text.slice(hostEnd, end);
  return { kind: 'sip', scheme, user, ...hostPort, parameters, headers: text.slice(end + 1) };
}

function parseTelUri(text: string, start: number): TelUri {
  const semicolon = text.indexOf(';', start);
  const end = semicolon === -1 ? text.length : semicolon;
  let number = '';
  for (let i = start; i < end; i += 1) {
    const character = text.charAt(i);
    if ('-.()'.includes(character)) continue;
    if (!'0123456789+*#ABCDabcd'.includes(character)) throw new SipParseError('Bad URI');
    number += character;
  }
  if (number === '') throw new SipParseError('Bad URI');
  return { kind: 'tel', number, parameters: text.slice(end) };
}

/**
 * Reads `host`, `host:port` or `[IPv6]:port`.
 * @throws SipParseError when the host is empty or holds characters that no host has, or the port is no port.
 */
export function parseHostPort(text: string): {
  readonly host: string;
  readonly port: number | null;
} {
  let host: string;
  let rest: string;
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    if (close === -1) throw new SipParseError('Bad Host');
    host = text.slice(1, close);
    rest = text.slice(close + 1).trimStart();
    if (!isHost(host, 'ipv6')) throw new SipParseError('Bad Host');
  } else {
    const colon = text.indexOf(':');
    host = trimmed(text, 0, colon === -1 ? text.length : colon);
    rest = colon === -1 ? '' : text.slice(colon);
    if (!isHost(host, 'name')) throw new SipParseError('Bad Host');
  }
  if (rest === '') return { host: host.toLowerCase(), port: null };
  if (!rest.startsWith(':')) throw new SipParseError('Bad Host');
  const port = parseDigits(trimmed(rest, 1, rest.length), 65_535, 'Port');
  if (port === 0) throw new SipParseError('Bad Port');
  return { host: host.toLowerCase(), port };
}

function isHost(host: string, form: 'name' | 'ipv6'): boolean {
  if (host.length > 255) return false;
  for (let i = 0; i < host.length; i += 1) {
    const code = host.charCodeAt(i) | 0x20;
    const isDigit = host.charCodeAt(i) >= 48 && host.charCodeAt(i) <= 57;
    const isLetter = code >= 97 && code <= (form === 'ipv6' ? 102 : 122);
    const isMark = form === 'ipv6' ? ':.'.includes(host.charAt(i)) : '-._'.includes(host.charAt(i));
    if (!isDigit && !isLetter && !isMark) return false;
  }
  return host !== '';
}

/** `host` as it stands in a URI or Via: IPv6 addresses in brackets. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** A parameter of a URI (RFC 3261 §19.1.1), `''` for a flag, undefined when it is not there. */
export function uriParameter(uri: SipsUri, name: string): string | undefined {
  return uri.parameters === '' ? undefined : parameter(uri.parameters, name);
}

/** Resolves `%41` escapes of an octet string (RFC 3261 §19.1.2). What is no escape stays as it is. */
export function unescapeUri(text: string): string {
  if (text.indexOf('%') === -1) return text;
  let plain = '';
  for (let i = 0; i < text.length; i += 1) {
    const escape = text.slice(i + 1, i + 3);
    if (text.charAt(i) === '%' && /^[0-9a-fA-F]{2}$/.test(escape)) {
      plain += String.fromCharCode(Number.parseInt(escape, 16));
      i += 2;
    } else {
      plain += text.charAt(i);
    }
  }
  return plain;
}

/** Text of the URI as a Request-URI: without headers and without `method` (RFC 3261 §19.1.1, table 1). */
export function asRequestUri(uri: SipsUri): string {
  let parameters = '';
  forEachParameter(uri.parameters, (name, value) => {
    if (name.toLowerCase() === 'method') return;
    parameters += value === undefined ? `;${name}` : `;${name}=${value}`;
  });
  const user = uri.user === '' ? '' : `${uri.user}@`;
  const port = uri.port === null ? '' : `:${uri.port}`;
  return `${uri.scheme}:${user}${bracketed(uri.host)}${port}${parameters}`;
}
