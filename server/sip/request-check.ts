import { refreshTarget } from './dialog.ts';
import type { Dialog } from './dialog.ts';
import { parseDigits } from './header-value.ts';
import { INFO_ACCEPT } from './info-key.ts';
import { readSession } from './message-body.ts';
import type { HeaderLine } from './message-writer.ts';
import type { ReceivedRequest } from './received-request.ts';
import { readTimerTerms } from './session-timer.ts';
import { SipParseError } from './sip-parse-error.ts';
import { parseUri } from './sip-uri.ts';

/** Methods that are served, as they stand in Allow. */
export const ALLOW: HeaderLine = [
  'Allow',
  'INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO',
];
/** A session description, alone or among other things (RFC 5621 §4). */
const SESSION_TYPES = 'application/sdp, multipart/mixed, multipart/alternative';

/** Body types that are understood. */
export const ACCEPT: HeaderLine = ['Accept', `${SESSION_TYPES}, ${INFO_ACCEPT}`];
/** RFC 4028 and RFC 3262. */
export const SUPPORTED: HeaderLine = ['Supported', 'timer, 100rel'];

/** Body types that describe a session. */
const ACCEPT_SESSION: HeaderLine = ['Accept', SESSION_TYPES];

const SUPPORTED_EXTENSIONS: ReadonlySet<string> = new Set(['timer', '100rel']);

const SERVED_METHODS: ReadonlySet<string> = new Set([
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'PRACK',
  'UPDATE',
  'INFO',
]);

/** Methods that get an answer of their own within a dialog. */
const ANSWERED_IN_DIALOGS: ReadonlySet<string> = new Set(['REFER', 'SUBSCRIBE', 'NOTIFY']);

/** Methods that exist but are not served: 405. Every other name is 501 (RFC 3261 §21.4.6 and §21.5.2). */
const KNOWN_METHODS: ReadonlySet<string> = new Set([
  'MESSAGE',
  'NOTIFY',
  'PUBLISH',
  'REFER',
  'REGISTER',
  'SUBSCRIBE',
]);

/** Methods whose body can be a session description. */
const DESCRIBED_METHODS: ReadonlySet<string> = new Set(['INVITE', 'UPDATE', 'PRACK']);

/** An answer that needs no application. */
export interface Reply {
  readonly status: number;
  readonly phrase?: string;
  readonly headers: readonly HeaderLine[];
}

/**
 * What RFC 3261 §8.2 makes of a request before anybody looks at what it asks for; null when it may go on.
 * Hops are counted only for requests that open something: a dialog's own requests have arrived, and an OPTIONS that
 * runs out of hops here was meant for us (§11). `minSessionSeconds`: see `SessionTimerSettings`.
 */
export function checkRequest(request: ReceivedRequest, minSessionSeconds: number): Reply | null {
  try {
    return (
      checkMethod(request) ??
      checkUri(request) ??
      checkHops(request) ??
      checkRequire(request) ??
      checkReplaced(request) ??
      checkBody(request) ??
      checkInterval(request, minSessionSeconds)
    );
  } catch (error) {
    return badRequest(error);
  }
}

/** Whether the Contact of a re-INVITE or UPDATE can be read; it becomes the remote target with the 2xx. */
export function checkContact(dialog: Dialog, reinvite: ReceivedRequest): Reply | null {
  try {
    refreshTarget(dialog, reinvite);
    return null;
  } catch (error) {
    return badRequest(error);
  }
}

function badRequest(error: unknown): Reply {
  if (!(error instanceof SipParseError)) throw error;
  return { status: error.status, phrase: error.message, headers: [] };
}

function checkMethod(request: ReceivedRequest): Reply | null {
  const { method } = request.message;
  if (SERVED_METHODS.has(method)) return null;
  if (request.envelope.toTag !== '' && ANSWERED_IN_DIALOGS.has(method)) return null;
  return { status: KNOWN_METHODS.has(method) ? 405 : 501, headers: [ALLOW] };
}

function checkUri(request: ReceivedRequest): Reply | null {
  const uri = parseUri(request.message.uri);
  if (uri.kind === 'other') return { status: 416, headers: [] };
  if (uri.kind === 'sip' && uri.headers !== '') throw new SipParseError('Headers in Request-URI');
  return null;
}

function checkHops(request: ReceivedRequest): Reply | null {
  const { headers, method } = request.message;
  const text = headers.first('max-forwards');
  if (text === undefined) return null;
  const hops = parseDigits(text, 1_000_000, 'Max-Forwards');
  const opens = request.envelope.toTag === '' && method !== 'OPTIONS' && method !== 'CANCEL';
  return hops === 0 && opens ? { status: 483, headers: [] } : null;
}

/** RFC 3261 §8.2.2.3; a CANCEL is not refused for this. */
function checkRequire(request: ReceivedRequest): Reply | null {
  const { headers, method } = request.message;
  if (method === 'CANCEL' || headers.count('require') === 0) return null;
  const unknown = headers
    .list('require')
    .filter((each) => !SUPPORTED_EXTENSIONS.has(each.toLowerCase()));
  if (unknown.length === 0) return null;
  return { status: 420, headers: [['Unsupported', unknown.join(', ')]] };
}

/** A call that is to take the place of another (RFC 3891), or to join it (RFC 3911), must not become one beside it. */
function checkReplaced(request: ReceivedRequest): Reply | null {
  const { headers, method } = request.message;
  if (method !== 'INVITE') return null;
  const isMeant = headers.count('replaces') > 0 || headers.count('join') > 0;
  return isMeant ? { status: 603, phrase: 'Calls Are Not Replaced Here', headers: [] } : null;
}

/** RFC 4028 §9: only who knows session timers can be told that an interval is too short. */
function checkInterval(request: ReceivedRequest, minSessionSeconds: number): Reply | null {
  const { headers, method } = request.message;
  if (method !== 'INVITE' && method !== 'UPDATE') return null;
  const { expiresSeconds, knowledge } = readTimerTerms(headers);
  if (expiresSeconds === null || expiresSeconds >= minSessionSeconds) return null;
  if (knowledge === 'unaware') return null;
  return { status: 422, headers: [['Min-SE', String(minSessionSeconds)]] };
}

/** RFC 3261 §8.2.3. What may be passed over is `readSession`'s to say. */
function checkBody(request: ReceivedRequest): Reply | null {
  const { headers, body, method } = request.message;
  if (body.length === 0 || !DESCRIBED_METHODS.has(method)) return null;
  const type = headers.first('content-type');
  if (type === undefined) throw new SipParseError('Missing Content-Type');
  const encoding = headers.first('content-encoding')?.trim().toLowerCase();
  if (encoding !== undefined && encoding !== '' && encoding !== 'identity') {
    return { status: 415, headers: [ACCEPT_SESSION, ['Accept-Encoding', 'identity']] };
  }
  const reading = readSession(request.message);
  if (reading.kind === 'malformed') throw new SipParseError(reading.sentence);
  return reading.kind === 'unknown' ? { status: 415, headers: [ACCEPT_SESSION] } : null;
}
