import { addresses, diversionsOf, wishes } from './diversions.ts';
import { parameter } from './header-value.ts';
import { sessionIn } from './message-body.ts';
import type { SipHeaders } from './message.ts';
import type { NameAddress } from './name-address.ts';
import { decodeUtf8, presentable } from './octet-string.ts';
import type { ReceivedRequest } from './received-request.ts';
import { parseUri } from './sip-uri.ts';
import type { SipUri } from './sip-uri.ts';
import { readable, userOf, userOfUri } from './uri-user.ts';
import { isWebSocket } from './user-agent.ts';
import type { InboundInvite } from './user-agent.ts';

const MAX_TEXT_CHARACTERS = 256;
const MAX_BEARER_CHARACTERS = 256;

/** RFC 6750 §2.1: the scheme, and a `b64token`. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** Headers that say who calls, the one that is believed first (RFC 3325; draft-ietf-sip-privacy-04). */
const ASSERTIONS = ['p-asserted-identity', 'remote-party-id'] as const;

const TELEPHONE_NUMBER = /^\+?[0-9][0-9\-.()]*(?:;|$)/;

/** Words of Privacy by which a caller is not to be named. */
const HIDING: ReadonlySet<string> = new Set(['id', 'user', 'full', 'header']);

/** What the calls are told of an INVITE: strings decoded, bounded and without control characters. */
export function describeInvite(request: ReceivedRequest): InboundInvite {
  const { envelope, message } = request;
  const { headers } = message;
  const from = readable(() => parseUri(envelope.fromAddress.uri));
  return {
    callIdHeader: text(envelope.callId),
    flow: request.flow,
    calledUser: userOf(message.uri),
    calledParties: calledParties(headers),
    fromUser: from === null ? '' : userOfUri(from),
    fromDisplayName: text(envelope.fromAddress.displayName),
    assertedUser: assertedUser(headers),
    privacy: privacyOf(headers, from),
    bearer: bearerOf(request),
    userAgent: text(headers.first('user-agent') ?? ''),
    diversions: diversionsOf(headers),
    offer: sdpOf(request),
  };
}

/** The session description in the body of a request, or null. */
export function sdpOf(request: ReceivedRequest): string | null {
  return sessionIn(request.message);
}

function text(octets: string): string {
  return presentable(decodeUtf8(octets), MAX_TEXT_CHARACTERS);
}

/** A registrar sends to our Contact, whose user is no number; the number stands here. */
function calledParties(headers: SipHeaders): readonly string[] {
  const users = ['p-called-party-id', 'to'].flatMap((header) =>
    addresses(headers, header).map(({ uri }) => userOf(uri)),
  );
  return users.filter((user) => user !== '').slice(0, 2);
}

/**
 * RFC 3325 §9.1: one or two values, of which a telephone number counts first, then any other name. A trunk that has none
 * may say the same by Remote-Party-ID, its forerunner.
 */
function assertedUser(headers: SipHeaders): string | null {
  for (const header of ASSERTIONS) {
    const users = addresses(headers, header).map(({ uri }) => userOf(uri));
    const named = users.filter((user) => user !== '');
    const chosen = named.find((user) => TELEPHONE_NUMBER.test(user)) ?? named[0];
    if (chosen !== undefined) return chosen;
  }
  return null;
}

/** RFC 3323 §4.2, RFC 3325 §9.3; the anonymous From of RFC 3323 §4.1.1.3 where nothing is said to the contrary. */
function privacyOf(headers: SipHeaders, from: SipUri | null): InboundInvite['privacy'] {
  const wanted = wishes(headers.lines('privacy'));
  if (wanted.some((wish) => HIDING.has(wish))) return 'withheld';
  const isHidden = addresses(headers, 'remote-party-id').some(isHiddenParty);
  if (isHidden) return 'withheld';
  const isAnonymous = from?.kind === 'sip' && from.host === 'anonymous.invalid';
  return isAnonymous && !wanted.includes('none') ? 'withheld' : 'none';
}

/** `privacy=full`, `privacy=uri` and any word that is not known hide who it is. */
function isHiddenParty({ parameters }: NameAddress): boolean {
  const privacy = readable(() => parameter(parameters, 'privacy')) ?? 'off';
  return !['off', 'none', 'name'].includes(privacy.toLowerCase());
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
