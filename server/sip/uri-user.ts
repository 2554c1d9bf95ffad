import { parameter } from './header-value.ts';
import { decodeUtf8, presentable } from './octet-string.ts';
import { SipParseError } from './sip-parse-error.ts';
import { parseUri, unescapeUri, uriParameter } from './sip-uri.ts';
import type { SipUri } from './sip-uri.ts';

const MAX_USER_CHARACTERS = 128;

/** Telephone numbers in `sip:` URIs may carry parameters of their own (RFC 3261 §19.1.6). */
const NUMBER_WITH_PARAMETERS = /^[+0-9][0-9\-.()]*;/;

/** A country that a local number is to be read in (RFC 3966 §5.1.5); contexts that are domains say nothing of it. */
const GLOBAL_CONTEXT = /^\+[0-9\-.()]{1,16}$/;

/** What `read` returns, or null when what it reads is no SIP: a label is no reason to refuse a call. */
export function readable<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof SipParseError) return null;
    throw error;
  }
}

/**
 * The user part of a URI, decoded and bounded; empty when it has none or cannot be read. Of the parameters of a telephone
 * number only a global context stays: `223500908;phone-context=+48`.
 */
export function userOf(uriText: string): string {
  const uri = readable(() => parseUri(uriText));
  return uri === null ? '' : userOfUri(uri);
}

/** As `userOf`, of a URI that was read. */
export function userOfUri(uri: SipUri): string {
  if (uri.kind === 'other') return '';
  if (uri.kind === 'tel') return withContext(uri.number, contextOf(uri.parameters));
  if (!NUMBER_WITH_PARAMETERS.test(uri.user)) {
    const user = presentable(decodeUtf8(unescapeUri(uri.user)), MAX_USER_CHARACTERS);
    return withContext(user, readable(() => uriParameter(uri, 'phone-context')) ?? '');
  }
  const end = uri.user.indexOf(';');
  const number = presentable(uri.user.slice(0, end), MAX_USER_CHARACTERS);
  return withContext(number, contextOf(uri.user.slice(end)));
}

function contextOf(parameters: string): string {
  const context = readable(() => parameter(parameters, 'phone-context')) ?? '';
  return unescapeUri(context);
}

function withContext(number: string, context: string): string {
  const isLocal = /^[0-9]/.test(number);
  return isLocal && GLOBAL_CONTEXT.test(context) ? `${number};phone-context=${context}` : number;
}
