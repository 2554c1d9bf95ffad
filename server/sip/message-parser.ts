import { canonicalHeaderName } from './header-name.ts';
import { isBlank, isToken, parseDigits, trimmed } from './header-value.ts';
import { SipHeaders } from './message.ts';
import type { SipMessage } from './message.ts';
import { octetsToString } from './octet-string.ts';
import { SipParseError } from './sip-parse-error.ts';

/** Longest message that is read, headers and body together. */
export const MAX_MESSAGE_BYTES = 65_536;

/** Most header fields that are read. */
export const MAX_HEADERS = 256;

const CRLF = '\r\n';
const END_OF_HEAD = Buffer.from('\r\n\r\n', 'latin1');
const NO_BODY = new Uint8Array(0);

/** `SIP/`: how a response begins, and no request does. */
const STATUS_LINE: readonly number[] = [0x53, 0x49, 0x50, 0x2f];

/** Whether a message begins as a response does. */
export function looksLikeResponse(bytes: Uint8Array): boolean {
  return STATUS_LINE.every((octet, i) => bytes[i] === octet);
}

/** Whether a datagram is no message but a few line ends or zeros, which keep an address translator awake. */
export function isKeepAlive(bytes: Uint8Array): boolean {
  return bytes.length <= 4 && bytes.every((octet) => octet === 13 || octet === 10 || octet === 0);
}

/** What is known about a fault before it is known whether the message can be answered. */
interface Fault {
  readonly sentence: string;
  readonly status: number;
}

const HEAD_WITHOUT_END: Fault = { sentence: 'Headers Without an End', status: 400 };

interface StartLine {
  readonly method: string;
  readonly uri: string;
  readonly status: number;
  readonly reasonPhrase: string;
  readonly fault: Fault | null;
}

/**
 * Reads one message: start line, header fields and body. Header values are only unfolded and trimmed; what they mean is
 * read by those who want to know. Octets behind Content-Length are left out (RFC 3261 §18.3); without a
 * Content-Length the body reaches to the end. The body is a view of `bytes`.
 * @throws SipParseError when it is no SIP message; with `request` set when a request can be answered all the same.
 */
export function parseMessage(bytes: Uint8Array): SipMessage {
  if (bytes.length > MAX_MESSAGE_BYTES) throw new SipParseError('Message Too Large');
  const start = skipLeadingLineEnds(bytes);
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const foundEnd = view.indexOf(END_OF_HEAD, start);
  const headEnd = foundEnd === -1 ? bytes.length : foundEnd;
  const head = octetsToString(bytes, start, headEnd);

  const firstLineEnd = head.indexOf(CRLF);
  const startLine = parseStartLine(firstLineEnd === -1 ? head : head.slice(0, firstLineEnd));
  const headers = new SipHeaders();
  const headerFault = firstLineEnd === -1 ? null : readHeaders(head, firstLineEnd + 2, headers);
  const body = bytes.subarray(headEnd + END_OF_HEAD.length);
  const length = contentLength(headers, body.length);
  const endFault = foundEnd === -1 ? HEAD_WITHOUT_END : null;
  const fault =
    startLine.fault ?? headerFault ?? endFault ?? (typeof length === 'number' ? null : length);
  const whole = typeof length === 'number' && fault === null ? body.subarray(0, length) : NO_BODY;

  if (startLine.method === '') {
    if (fault !== null) throw new SipParseError(fault.sentence);
    const { status, reasonPhrase } = startLine;
    return { kind: 'response', status, reasonPhrase, headers, body: whole };
  }
  const { method, uri } = startLine;
  const request = { kind: 'request', method, uri, headers, body: whole } as const;
  if (fault !== null) throw new SipParseError(fault.sentence, { status: fault.status, request });
  return request;
}

/** Line ends before a message are ignored, RFC 3261 §7.5. */
function skipLeadingLineEnds(bytes: Uint8Array): number {
  let start = 0;
  while (start < bytes.length && (bytes[start] === 13 || bytes[start] === 10)) start += 1;
  return start;
}

function parseStartLine(line: string): StartLine {
  if (line.startsWith('SIP/')) return parseStatusLine(line);
  const firstSpace = line.indexOf(' ');
  const end = line.trimEnd().length;
  const lastSpace = line.lastIndexOf(' ', end - 1);
  const version = line.slice(lastSpace + 1, end).toUpperCase();
  const method = line.slice(0, firstSpace);
  if (firstSpace === -1 || lastSpace <= firstSpace || !version.startsWith('SIP/')) {
    throw new SipParseError('Not a SIP Message');
  }
  if (!isToken(method)) throw new SipParseError('Bad Method');
  const uri = line.slice(firstSpace + 1, lastSpace);
  let fault: Fault | null = null;
  if (version !== 'SIP/2.0') fault = { sentence: 'Version Not Supported', status: 505 };
  else if (uri === '' || uri.indexOf(' ') !== -1 || end !== line.length) {
    fault = { sentence: 'Bad Request-Line', status: 400 };
  }
  return { method, uri, status: 0, reasonPhrase: '', fault };
}

function parseStatusLine(line: string): StartLine {
  const version = line.slice(0, 8).toUpperCase();
  if (version !== 'SIP/2.0 ') throw new SipParseError('Bad Status-Line');
  if (line.length > 11 && line.charAt(11) !== ' ') throw new SipParseError('Bad Status-Line');
  const status = parseDigits(line.slice(8, 11), 699, 'Status-Line');
  if (status < 100) throw new SipParseError('Bad Status-Line');
  return { method: '', uri: '', status, reasonPhrase: line.slice(12), fault: null };
}

/** Reads all header lines into `headers` and returns the first fault, so that the rest can still serve an answer. */
function readHeaders(head: string, from: number, headers: SipHeaders): Fault | null {
  let fault: Fault | null = null;
  let at = from;
  while (at < head.length) {
    const lineStart = at;
    let lineEnd = endOfLine(head, at);
    at = lineEnd + 2;
    let folded = false;
    while (at < head.length && isBlank(head.charCodeAt(at))) {
      folded = true;
      lineEnd = endOfLine(head, at);
      at = lineEnd + 2;
    }
    const colon = head.indexOf(':', lineStart);
    const name = colon === -1 || colon > lineEnd ? '' : trimmed(head, lineStart, colon);
    if (!isToken(name)) {
      fault ??= { sentence: 'Bad Header Line', status: 400 };
      continue;
    }
    if (headers.size === MAX_HEADERS) return { sentence: 'Too Many Headers', status: 400 };
    const raw = trimmed(head, colon + 1, lineEnd);
    const value = folded ? unfold(raw) : raw;
    if (hasStrayLineEnd(value)) {
      fault ??= { sentence: 'Stray Line End', status: 400 };
      headers.append(canonicalHeaderName(name), value.replace(/[\r\n]/g, ' '));
    } else {
      headers.append(canonicalHeaderName(name), value);
    }
  }
  return fault;
}

function endOfLine(head: string, at: number): number {
  const end = head.indexOf(CRLF, at);
  return end === -1 ? head.length : end;
}

/** A line end with the blanks around it is one blank, RFC 3261 §7.3.1. */
function unfold(value: string): string {
  return value
    .split(CRLF)
    .map((line) => trimmed(line, 0, line.length))
    .join(' ')
    .trim();
}

/** A lone CR or LF would end a line of our answer. */
function hasStrayLineEnd(value: string): boolean {
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i);
    if (code === 10 || code === 13) return true;
  }
  return false;
}

function contentLength(headers: SipHeaders, available: number): number | Fault {
  const text = headers.first('content-length');
  if (text === undefined) return available;
  const fault: Fault = { sentence: 'Bad Content-Length', status: 400 };
  if (headers.count('content-length') > 1) return fault;
  if (!/^\d{1,9}$/.test(text)) return fault;
  const length = Number(text);
  return length > available ? { sentence: 'Body Cut Short', status: 400 } : length;
}
