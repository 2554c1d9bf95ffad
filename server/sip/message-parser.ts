import { canonicalHeaderName } from './header-name.ts';
import { isBlank, isToken, parseDigits, trimmed } from './header-value.ts';
import { SipHeaders } from './message.ts';
import type { SipMessage } from './message.ts';
import { DEFAULT_MESSAGE_LIMITS, listFault, uriFault, valueFault } from './message-limits.ts';
import type { Fault, MessageLimits } from './message-limits.ts';
import { octetsToString } from './octet-string.ts';
import { SipParseError } from './sip-parse-error.ts';

/** Longest message that is read, headers and body together. */
export const MAX_MESSAGE_BYTES = DEFAULT_MESSAGE_LIMITS.messageBytes;

const CRLF = '\r\n';
const END_OF_HEAD = Buffer.from('\r\n\r\n', 'latin1');
const TAB = 9;
const BACKSLASH = 92;
const DELETE = 127;
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

const HEAD_WITHOUT_END: Fault = { sentence: 'Headers Without an End', status: 400 };
const BAD_REQUEST_LINE: Fault = { sentence: 'Bad Request-Line', status: 400 };
const OTHER_VERSION: Fault = { sentence: 'Version Not Supported', status: 505 };
const TOO_LARGE: Fault = { sentence: 'Message Too Large', status: 513 };

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
export function parseMessage(
  bytes: Uint8Array,
  limits: MessageLimits = DEFAULT_MESSAGE_LIMITS,
): SipMessage {
  const isTooLarge = bytes.length > limits.messageBytes;
  const start = skipLeadingLineEnds(bytes);
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const foundEnd = view.indexOf(END_OF_HEAD, start);
  const headEnd = foundEnd === -1 ? bytes.length : foundEnd;
  // Of a message that is too large no more is read than the head, to refuse it by.
  if (headEnd > limits.messageBytes) throw new SipParseError(TOO_LARGE.sentence);
  const head = octetsToString(bytes, start, headEnd);

  const firstLineEnd = head.indexOf(CRLF);
  const startLine = parseStartLine(firstLineEnd === -1 ? head : head.slice(0, firstLineEnd));
  const headers = new SipHeaders();
  const headerFault =
    firstLineEnd === -1 ? null : readHeaders(head, firstLineEnd + 2, { headers, limits });
  const body = bytes.subarray(headEnd + END_OF_HEAD.length);
  const length = contentLength(headers, body.length);
  const endFault = foundEnd === -1 ? HEAD_WITHOUT_END : null;
  const fault =
    startLine.fault ??
    (isTooLarge ? TOO_LARGE : null) ??
    headerFault ??
    endFault ??
    listFault(headers) ??
    (typeof length === 'number' ? null : length);
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
  const isWellFormed = uri !== '' && uri.indexOf(' ') === -1 && end === line.length;
  let fault: Fault | null = BAD_REQUEST_LINE;
  if (version !== 'SIP/2.0') fault = OTHER_VERSION;
  else if (isWellFormed) fault = uriFault(uri);
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
function readHeaders(
  head: string,
  from: number,
  into: { readonly headers: SipHeaders; readonly limits: MessageLimits },
): Fault | null {
  const { headers, limits } = into;
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
      const sentence =
        colon === -1 || colon > lineEnd ? 'Header Without a Colon' : 'Bad Header Name';
      fault ??= { sentence, status: 400 };
      continue;
    }
    if (headers.size >= limits.headers) return { sentence: 'Too Many Headers', status: 400 };
    const raw = trimmed(head, colon + 1, lineEnd);
    const headerFault = appendHeader(headers, name, folded ? unfold(raw) : raw);
    fault ??= headerFault;
  }
  return fault;
}

function appendHeader(headers: SipHeaders, name: string, value: string): Fault | null {
  const canonical = canonicalHeaderName(name);
  const stray = strayCharacter(value);
  headers.append(canonical, stray === null ? value : withoutStray(value));
  return stray === null ? valueFault(canonical, value) : { sentence: stray, status: 400 };
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

/**
 * What must not be in a header value, because it would end a line of our answer or upset who looks at one. Behind a
 * backslash control characters may stand (quoted-pair, RFC 3261 §25.1), but line ends may not.
 */
function strayCharacter(value: string): 'Stray Line End' | 'Control Character in Header' | null {
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i);
    if (code >= 32 && code !== DELETE) continue;
    if (code === 10 || code === 13) return 'Stray Line End';
    if (code !== TAB && value.charCodeAt(i - 1) !== BACKSLASH) return 'Control Character in Header';
  }
  return null;
}

function withoutStray(value: string): string {
  // eslint-disable-next-line no-control-regex
  return value.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, ' ');
}

function contentLength(headers: SipHeaders, available: number): number | Fault {
  const text = headers.first('content-length');
  if (text === undefined) return available;
  if (headers.count('content-length') > 1) {
    return { sentence: 'More Than One Content-Length', status: 400 };
  }
  if (!/^\d{1,9}$/.test(text)) return { sentence: 'Bad Content-Length', status: 400 };
  const length = Number(text);
  return length > available
    ? { sentence: 'Body Shorter Than Content-Length', status: 400 }
    : length;
}
