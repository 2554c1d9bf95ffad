import type { NameAddress } from './name-address.ts';
import { parseNameAddress } from './name-address.ts';
import { decodeUtf8, presentable } from './octet-string.ts';
import type { ReceivedRequest } from './received-request.ts';
import { bodyKind } from './request-check.ts';
import { SipParseError } from './sip-parse-error.ts';
import { parseUri, unescapeUri } from './sip-uri.ts';
import { isWebSocket } from './user-agent.ts';
import type { InboundInvite } from './user-agent.ts';

const MAX_USER_CHARACTERS = 128;
const MAX_TEXT_CHARACTERS = 256;
const MAX_BEARER_CHARACTERS = 256;

/** RFC 6750 §2.1: the scheme, and a `b64token`. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** Telephone numbers in `sip:` URIs may carry parameters of their own (RFC 3261 §19.1.6). */
const NUMBER_WITH_PARAMETERS = /^[+0-9][0-9\-.()]*;/;

/** What the calls are told of an INVITE: strings decoded, bounded and without control characters. */
export function describeInvite(request: ReceivedRequest): InboundInvite {
  const { envelope, message } = request;
  return {
    callIdHeader: text(envelope.callId),
    flow: request.flow,
    calledUser: userOf(message.uri),
    fromUser: userOf(envelope.fromAddress.uri),
    fromDisplayName: text(envelope.fromAddress.displayName),
    assertedUser: assertedUser(request),
    privacy: privacyOf(request),
    bearer: bearerOf(request),
    userAgent: text(message.headers.first('user-agent') ?? ''),
    offer: sdpOf(request),
  };
}

/** The session description in the body of a request, or null. */
export function sdpOf(request: ReceivedRequest): string | null {
  if (bodyKind(request) !== 'sdp') return null;
  return Buffer.from(request.message.body).toString('utf8');
}

function text(octets: string): string {
  return presentable(decodeUtf8(octets), MAX_TEXT_CHARACTERS);
}

/** The user part of a URI; empty when it has none or cannot be read, for a label is no reason to refuse a call. */
function userOf(uriText: string): string {
  const uri = readable(() => parseUri(uriText));
  if (uri === null || uri.kind === 'other') return '';
  if (uri.kind === 'tel') return uri.number;
  const isNumber = NUMBER_WITH_PARAMETERS.test(uri.user);
  const user = isNumber ? uri.user.slice(0, uri.user.indexOf(';')) : uri.user;
  return presentable(decodeUtf8(unescapeUri(user)), MAX_USER_CHARACTERS);
}

/** RFC 3325 §9.1: one or two values, of which the first that names a user counts. */
function assertedUser(request: ReceivedRequest): string | null {
  const { headers } = request.message;
  const values = readable(() => headers.list('p-asserted-identity')) ?? [];
  for (const value of values) {
    const address: NameAddress | null = readable(() => parseNameAddress(value));
    const user = address === null ? '' : userOf(address.uri);
    if (user !== '') return user;
  }
  return null;
}

/** RFC 3323 §4.2. */
function privacyOf(request: ReceivedRequest): InboundInvite['privacy'] {
  const wanted = request.message.headers
    .lines('privacy')
    .flatMap((line) => line.split(/[;,]/))
    .map((value) => value.trim().toLowerCase());
  return wanted.includes('id') || wanted.includes('user') ? 'withheld' : 'none';
}

/** RFC 8898 §2.2. Telephones have no tokens: theirs are not looked at. */
function bearerOf(request: ReceivedRequest): string | null {
  if (!isWebSocket(request.flow)) return null;
  for (const line of request.message.headers.lines('authorization')) {
    const token = BEARER.exec(line.trim())?.[1];
    if (token !== undefined && token.length <= MAX_BEARER_CHARACTERS) return token;
  }
  return null;
}

function readable<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof SipParseError) return null;
    throw error;
  }
}
