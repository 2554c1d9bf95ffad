import { refreshTarget } from './dialog.ts';
import type { Dialog } from './dialog.ts';
import { parseDigits } from './header-value.ts';
import type { HeaderLine } from './message-writer.ts';
import type { ReceivedRequest } from './received-request.ts';
import { SipParseError } from './sip-parse-error.ts';
import { parseUri } from './sip-uri.ts';

/** Methods that are served, as they stand in Allow. */
export const ALLOW: HeaderLine = ['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS'];
/** The one body type that is understood. */
export const ACCEPT: HeaderLine = ['Accept', 'application/sdp'];
/** No extension is supported, which an empty value says (RFC 3261 §20.37). */
export const SUPPORTED: HeaderLine = ['Supported', ''];

const SERVED_METHODS: ReadonlySet<string> = new Set(['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS']);

/** Methods that exist but are not served: 405. Every other name is 501 (RFC 3261 §21.4.6 and §21.5.2). */
const KNOWN_METHODS: ReadonlySet<string> = new Set([
  'INFO',
  'MESSAGE',
  'NOTIFY',
  'PRACK',
  'PUBLISH',
  'REFER',
  'REGISTER',
  'SUBSCRIBE',
  'UPDATE',
]);

/** An answer that needs no application. */
export interface Reply {
  readonly status: number;
  readonly phrase?: string;
  readonly headers: readonly HeaderLine[];
}

/**
 * What RFC 3261 §8.2 makes of a request before anybody looks at what it asks for; null when it may go on.
 * Hops are counted only for requests that open something: a dialog's own requests have arrived, and an OPTIONS that
 * runs out of hops here was meant for us (§11).
 */
export function checkRequest(request: ReceivedRequest): Reply | null {
  try {
    return (
      checkMethod(request) ??
      checkUri(request) ??
      checkHops(request) ??
      checkRequire(request) ??
      (request.message.method === 'INVITE' ? checkBody(request) : null)
    );
  } catch (error) {
    return badRequest(error);
  }
}

/** Whether a re-INVITE's Contact can be read; it becomes the remote target when the re-INVITE is accepted. */
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
  const required = headers.list('require');
  if (required.length === 0) return null;
  return { status: 420, headers: [['Unsupported', required.join(', ')]] };
}

/** RFC 3261 §8.2.3. A body that the sender calls optional (§20.11) is passed over. */
function checkBody(request: ReceivedRequest): Reply | null {
  const { headers, body } = request.message;
  if (body.length === 0) return null;
  const type = headers.first('content-type');
  if (type === undefined) throw new SipParseError('Missing Content-Type');
  const encoding = headers.first('content-encoding')?.trim().toLowerCase();
  if (encoding !== undefined && encoding !== '' && encoding !== 'identity') {
    return { status: 415, headers: [ACCEPT, ['Accept-Encoding', 'identity']] };
  }
  if (bodyKind(request) === 'unknown') return { status: 415, headers: [ACCEPT] };
  return null;
}

/** What the body of a request is: session description, nothing that matters, or something that we cannot read. */
export function bodyKind(request: ReceivedRequest): 'sdp' | 'none' | 'unknown' {
  const { headers, body } = request.message;
  if (body.length === 0) return 'none';
  const type = headers.first('content-type') ?? '';
  const semicolon = type.indexOf(';');
  const mediaType = type.slice(0, semicolon === -1 ? undefined : semicolon);
  if (mediaType.replace(/[ \t]/g, '').toLowerCase() === 'application/sdp') return 'sdp';
  const disposition = headers.first('content-disposition') ?? '';
  return /;\s*handling\s*=\s*optional/i.test(disposition) ? 'none' : 'unknown';
}
