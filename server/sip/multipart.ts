import { canonicalHeaderName } from './header-name.ts';
import { isBlank, isToken, trimmed } from './header-value.ts';
import { SipHeaders } from './message.ts';
import { octetsToString } from './octet-string.ts';
import { SipParseError } from './sip-parse-error.ts';

/** One part of a multipart body. */
export interface BodyPart {
  /** The part's own MIME headers, under canonical names. */
  readonly headers: SipHeaders;
  /** A view of the message's octets, without the line end before the delimiter. */
  readonly body: Uint8Array;
}

/** Most parts of one multipart. Carriers send two or three. */
const MAX_PARTS = 16;
/** Most header fields of one part, and most octets of them all. */
const MAX_PART_HEADERS = 32;
const MAX_PART_HEAD_BYTES = 4096;
/** RFC 2046 §5.1.1. */
const MAX_BOUNDARY_CHARACTERS = 70;

const LINE_FEED = 10;
const RETURN = 13;
const HYPHEN = 45;

/** Printable characters, and none at the end that transport might take away. More than RFC 2046 §5.1.1 has. */
const BOUNDARY = /^[\x20-\x7e]*[\x21-\x7e]$/;

/**
 * Reads the parts between the delimiters of a multipart body (RFC 2046 §5.1.1). Preamble and epilogue are passed over;
 * lines may end with a bare line feed. Nothing is decoded and nothing copied.
 * @throws SipParseError when the boundary is none, no delimiter or no end is found, a header of a part cannot be read, or
 * there is more than anybody means.
 */
export function readMultipart(body: Uint8Array, boundary: string): readonly BodyPart[] {
  if (boundary.length > MAX_BOUNDARY_CHARACTERS || !BOUNDARY.test(boundary)) {
    throw new SipParseError('Bad Multipart Boundary');
  }
  const view = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const mark = Buffer.from(`--${boundary}`, 'latin1');
  const parts: BodyPart[] = [];
  let delimiter = findDelimiter(view, mark, 0);
  if (delimiter === null) throw new SipParseError('Multipart Without Its Boundary');
  // Every round takes a part, and of these there are few.
  while (delimiter.kind === 'part') {
    if (parts.length === MAX_PARTS) throw new SipParseError('Too Many Parts in Multipart');
    const next = findDelimiter(view, mark, delimiter.end);
    if (next === null) throw new SipParseError('Multipart Without an End');
    parts.push(readPart(body.subarray(delimiter.end, next.start)));
    delimiter = next;
  }
  if (parts.length === 0) throw new SipParseError('Multipart Without Parts');
  return parts;
}

/** A delimiter line: where the line end before it begins, and where the line after it does. */
interface Delimiter {
  readonly kind: 'part' | 'close';
  readonly start: number;
  readonly end: number;
}

/** The next line from `from` on, which begins a line itself, that is a delimiter and nothing else. */
function findDelimiter(view: Buffer, mark: Buffer, from: number): Delimiter | null {
  // Each round looks further on, and no octet is looked at twice but for the blanks behind a mark.
  for (let at = view.indexOf(mark, from); at !== -1; at = view.indexOf(mark, at + mark.length)) {
    if (at !== from && view[at - 1] !== LINE_FEED) continue;
    const after = at + mark.length;
    const isClose = view[after] === HYPHEN && view[after + 1] === HYPHEN;
    const end = endOfBlankLine(view, isClose ? after + 2 : after);
    if (end === null) continue;
    return { kind: isClose ? 'close' : 'part', start: beforeLineEnd(view, at, from), end };
  }
  return null;
}

/** Where the line after `at` begins when only blanks are left of this one (transport padding), else null. */
function endOfBlankLine(view: Buffer, at: number): number | null {
  let i = at;
  while (i < view.length && isBlank(view[i] ?? 0)) i += 1;
  if (i === view.length || view[i] === LINE_FEED) return Math.min(i + 1, view.length);
  return view[i] === RETURN && view[i + 1] === LINE_FEED ? i + 2 : null;
}

/** The line end before a delimiter belongs to the delimiter. */
function beforeLineEnd(view: Buffer, at: number, from: number): number {
  if (at === from) return at;
  return view[at - 2] === RETURN && at - 2 >= from ? at - 2 : at - 1;
}

function readPart(part: Uint8Array): BodyPart {
  const headers = new SipHeaders();
  const head = octetsToString(part, 0, Math.min(part.length, MAX_PART_HEAD_BYTES));
  let at = 0;
  while (at < head.length) {
    const line = nextField(head, at);
    at = line.next;
    if (line.text === '') return { headers, body: part.subarray(at) };
    if (headers.size === MAX_PART_HEADERS) throw new SipParseError('Too Many Headers in Part');
    appendField(headers, line.text);
  }
  if (part.length > head.length) throw new SipParseError('Headers of Part Too Long');
  // Headers and nothing else: the empty line may be the one that belongs to the delimiter.
  return { headers, body: part.subarray(part.length) };
}

/** One header field with its folded lines as one line, and where the next begins. */
function nextField(head: string, at: number): { readonly text: string; readonly next: number } {
  let end = lineFeedFrom(head, at);
  if (trimmed(head, at, withoutReturn(head, at, end)) === '') return { text: '', next: end + 1 };
  while (end + 1 < head.length && isBlank(head.charCodeAt(end + 1))) {
    const next = lineFeedFrom(head, end + 1);
    // A line of blanks is where somebody meant the empty line to be.
    if (head.slice(end + 1, next).trim() === '') break;
    end = next;
  }
  return { text: head.slice(at, withoutReturn(head, at, end)), next: end + 1 };
}

function appendField(headers: SipHeaders, text: string): void {
  const colon = text.indexOf(':');
  const name = trimmed(text, 0, Math.max(0, colon));
  if (!isToken(name)) throw new SipParseError('Bad Header in Part');
  headers.append(
    canonicalHeaderName(name),
    text
      .slice(colon + 1)
      .replace(/\s+/g, ' ')
      .trim(),
  );
}

function lineFeedFrom(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

function withoutReturn(text: string, start: number, end: number): number {
  return end > start && text.charCodeAt(end - 1) === RETURN ? end - 1 : end;
}
