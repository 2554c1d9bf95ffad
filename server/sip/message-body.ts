import { parameter } from './header-value.ts';
import type { SipHeaders, SipMessage } from './message.ts';
import { readMultipart } from './multipart.ts';
import type { BodyPart } from './multipart.ts';
import { SipParseError } from './sip-parse-error.ts';

/** What a body is for somebody who understands certain types. */
export type BodyReading =
  /** The one thing that is understood, alone or as a part of a multipart; `mediaType` in lower case. */
  | { readonly kind: 'content'; readonly mediaType: string; readonly content: Uint8Array }
  /** No body, or none that matters. */
  | { readonly kind: 'none' }
  /** Something that must be understood and is not: 415. */
  | { readonly kind: 'unknown' }
  /** A multipart that cannot be taken apart: 400 with this sentence of ours. */
  | { readonly kind: 'malformed'; readonly sentence: string };

/** How one body or part is to be taken. */
type Verdict = Exclude<BodyReading, { readonly kind: 'malformed' }>;

/** Media types, in lower case, and how a part must be meant to count. */
interface Understood {
  readonly mediaTypes: readonly string[];
  /** Dispositions, in lower case; `''`: none is written. */
  readonly dispositions: readonly string[];
  /** Whether what stands beside it and must be understood spoils it. */
  readonly company: 'must-be-understood' | 'any';
}

const SESSION: Understood = {
  mediaTypes: ['application/sdp'],
  dispositions: ['', 'session'],
  company: 'must-be-understood',
};

/** A multipart in a multipart is read, one in that is not: nobody has a reason for more. */
const MAX_DEPTH = 2;

/** Encodings that leave the octets as they are (RFC 2045 §6.2): SIP needs no other (RFC 5621 §3.2). */
const PLAIN_ENCODINGS: ReadonlySet<string> = new Set(['', 'binary', '8bit', '7bit']);

/** Signalling of telephone exchanges (RFC 3204). What it says to us stands in the SIP headers too (RFC 3398). */
const TUNNELLED: ReadonlySet<string> = new Set(['application/isup', 'application/qsig']);

const NONE: Verdict = { kind: 'none' };
const UNKNOWN: Verdict = { kind: 'unknown' };

/**
 * Finds the session description in a message: its body, or the part of a multipart that is one (RFC 5621 §4). Not any
 * SDP is: what is called `early-session` (RFC 3959) describes another. The first in a multipart counts, and in a
 * multipart/alternative the last (RFC 2046 §5.1.4).
 *
 * A part that is not understood is passed over when it says `handling=optional`, and refused when it says
 * `handling=required`. When it says neither it would have to be refused too (RFC 3261 §20.11); but next to a session
 * description it is passed over, since carriers add charging, location and exchange signalling to any call without a
 * word, and a conference misses nothing of these. Signalling of exchanges (`disposition` `signal`) is passed over alone too.
 */
export function readSession(message: SipMessage): BodyReading {
  // What nearly every message has: no need to look further.
  if (message.body.length === 0) return NONE;
  return readBody(message, SESSION);
}

/**
 * The session description of a message, or null when there is none that can be read. `readSession` says before which
 * requests are refused; what cannot be refused, an answer or an ACK, is taken whatever stands beside the description:
 * the call would end, and nobody would be told why.
 */
export function sessionIn(message: SipMessage): string | null {
  if (message.body.length === 0) return null;
  const reading = readBody(message, { ...SESSION, company: 'any' });
  if (reading.kind !== 'content') return null;
  const { buffer, byteOffset, byteLength } = reading.content;
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}

/** Finds what is of one of these types, in lower case and however it is meant, in a message. See `readSession`. */
export function readTyped(message: SipMessage, mediaTypes: readonly string[]): BodyReading {
  if (message.body.length === 0) return NONE;
  return readBody(message, { mediaTypes, dispositions: [], company: 'must-be-understood' });
}

function readBody(message: SipMessage, understood: Understood): BodyReading {
  try {
    const verdict = readEntity(message, understood, 1);
    return verdict.kind === 'content' || verdict.kind === 'none'
      ? verdict
      : passedOver(message.headers, 'required');
  } catch (error) {
    if (!(error instanceof SipParseError)) throw error;
    return { kind: 'malformed', sentence: error.message };
  }
}

/** `unknown`: not understood, whatever that means for the whole. */
function readEntity(entity: BodyPart, understood: Understood, depth: number): Verdict {
  const { headers, body } = entity;
  const written = headers.first('content-type') ?? '';
  const mediaType = wordOf(written);
  if (!isPlain(headers)) return UNKNOWN;
  if (mediaType.startsWith('multipart/')) {
    if (depth > MAX_DEPTH) return UNKNOWN;
    const parts = readMultipart(body, boundaryIn(written));
    return mediaType === 'multipart/alternative'
      ? readAlternatives(parts, understood, depth + 1)
      : readMixed(parts, understood, depth + 1);
  }
  if (!understood.mediaTypes.includes(mediaType)) return UNKNOWN;
  if (!isMeant(headers, understood, depth)) return UNKNOWN;
  return body.length === 0 ? NONE : { kind: 'content', mediaType, content: body };
}

/** All of it counts (RFC 2046 §5.1.3); subtypes that are not known are read so too. */
function readMixed(parts: readonly BodyPart[], understood: Understood, depth: number): Verdict {
  const read = parts.map((part) => ({ part, verdict: readEntity(part, understood, depth) }));
  const found = read.find(({ verdict }) => verdict.kind === 'content');
  if (found !== undefined && understood.company === 'any') return found.verdict;
  const unwritten = found === undefined ? 'required' : 'optional';
  for (const { part, verdict } of read) {
    if (verdict.kind !== 'unknown') continue;
    if (passedOver(part.headers, unwritten).kind === 'unknown') return UNKNOWN;
  }
  return found?.verdict ?? NONE;
}

/** The last that is understood is the best (RFC 2046 §5.1.4); the others may be anything. */
function readAlternatives(
  parts: readonly BodyPart[],
  understood: Understood,
  depth: number,
): Verdict {
  let best: Verdict = UNKNOWN;
  for (const part of parts) {
    const verdict = readEntity(part, understood, depth);
    if (verdict.kind === 'content' || best.kind === 'unknown') best = verdict;
  }
  return best;
}

/** What becomes of something that is not understood; `unwritten`: how it is handled when it does not say. */
function passedOver(headers: SipHeaders, unwritten: 'required' | 'optional'): Verdict {
  switch (handlingOf(headers) ?? unwritten) {
    case 'optional':
      return NONE;
    case 'required':
      return UNKNOWN;
  }
}

/** RFC 3261 §20.11; null when nothing is said. */
function handlingOf(headers: SipHeaders): 'required' | 'optional' | null {
  const disposition = headers.first('content-disposition') ?? '';
  const written = parameter(parametersOf(disposition), 'handling')?.toLowerCase();
  if (written === 'optional' || written === 'required') return written;
  const isTunnelled = TUNNELLED.has(wordOf(headers.first('content-type') ?? ''));
  return isTunnelled || wordOf(disposition) === 'signal' ? 'optional' : null;
}

/** A body that stands alone is what its type says, unless it is expressly of another session. */
function isMeant(headers: SipHeaders, understood: Understood, depth: number): boolean {
  const disposition = wordOf(headers.first('content-disposition') ?? '');
  const { dispositions } = understood;
  if (dispositions.length === 0 || dispositions.includes(disposition)) return true;
  return depth === 1 && disposition !== 'early-session';
}

function isPlain(headers: SipHeaders): boolean {
  const packing = (headers.first('content-encoding') ?? '').trim().toLowerCase();
  const transfer = (headers.first('content-transfer-encoding') ?? '').trim().toLowerCase();
  return (packing === '' || packing === 'identity') && PLAIN_ENCODINGS.has(transfer);
}

/** @throws SipParseError when there is none. */
function boundaryIn(contentType: string): string {
  const boundary = parameter(parametersOf(contentType), 'boundary');
  if (boundary === undefined || boundary === '') {
    throw new SipParseError('Multipart Without a Boundary');
  }
  return boundary;
}

/** `application/sdp` of ` Application / SDP ; charset=utf-8`. */
function wordOf(value: string): string {
  const semicolon = value.indexOf(';');
  const word = semicolon === -1 ? value : value.slice(0, semicolon);
  return word.replace(/[ \t]/g, '').toLowerCase();
}

function parametersOf(value: string): string {
  const semicolon = value.indexOf(';');
  return semicolon === -1 ? '' : value.slice(semicolon + 1);
}
