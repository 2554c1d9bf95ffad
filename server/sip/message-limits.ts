import type { SipHeaders } from './message.ts';

/** What is wrong with a message: a sentence of ours, and the status of the answer. */
export interface Fault {
  readonly sentence: string;
  readonly status: number;
}

/** What a message may take of us. */
export interface MessageLimits {
  /** Longest message, headers and body together. */
  readonly messageBytes: number;
  /** Most header fields. */
  readonly headers: number;
}

/** The most that settings allow, and what holds without any. */
export const DEFAULT_MESSAGE_LIMITS: MessageLimits = { messageBytes: 65_536, headers: 256 };

/** Longest Request-URI. Real ones stay below 300. */
const MAX_URI_CHARACTERS = 2048;

/** Most values of a header that lists hops or places. No path is so long. */
const MAX_LIST_VALUES = 64;

/** Longest line of a header that is taken to pieces, echoed or kept with a call. */
const MAX_VALUE_CHARACTERS = 8192;

/** Most parameters in one line of such a header. */
const MAX_PARAMETERS = 256;

/** Longest Call-ID: it is kept in memory, in the call record and in the trace. */
const MAX_CALL_ID_CHARACTERS = 1024;

const COMMA = 44;
const SEMICOLON = 59;

/** Headers whose values are bounded in number, as they are spelt. */
const LISTS: readonly (readonly [name: string, spelling: string])[] = [
  ['via', 'Via'],
  ['route', 'Route'],
  ['record-route', 'Record-Route'],
  ['contact', 'Contact'],
  ['diversion', 'Diversion'],
  ['history-info', 'History-Info'],
  ['p-asserted-identity', 'P-Asserted-Identity'],
];

/** Headers whose lines are bounded in length and parameters, as they are spelt. */
const BOUNDED: ReadonlyMap<string, string> = new Map([
  ...LISTS,
  ['from', 'From'],
  ['to', 'To'],
  ['cseq', 'CSeq'],
  ['content-type', 'Content-Type'],
  ['session-expires', 'Session-Expires'],
  ['replaces', 'Replaces'],
  ['refer-to', 'Refer-To'],
]);

/** Whether a Request-URI is too long to be of use: 414 (RFC 3261 §21.4.12). */
export function uriFault(uri: string): Fault | null {
  return uri.length > MAX_URI_CHARACTERS ? { sentence: 'Request-URI Too Long', status: 414 } : null;
}

/** Whether one line of a header is longer, or has more parameters, than anybody means. */
export function valueFault(name: string, value: string): Fault | null {
  // Nothing that is bounded can pass its bound in so few characters, and most values are short.
  if (value.length <= MAX_PARAMETERS) return null;
  if (name === 'call-id') {
    const isTooLong = value.length > MAX_CALL_ID_CHARACTERS;
    return isTooLong ? { sentence: 'Call-ID Too Long', status: 400 } : null;
  }
  const spelling = BOUNDED.get(name);
  if (spelling === undefined) return null;
  if (value.length > MAX_VALUE_CHARACTERS) return { sentence: `${spelling} Too Long`, status: 400 };
  if (countOf(value, SEMICOLON) <= MAX_PARAMETERS) return null;
  return { sentence: `Too Many Parameters in ${spelling}`, status: 400 };
}

/** Whether a header that lists hops or places has more values than any path; commas in quotes count too. */
export function listFault(headers: SipHeaders): Fault | null {
  for (const [name, spelling] of LISTS) {
    if (headers.count(name) === 0) continue;
    let values = 0;
    for (const line of headers.lines(name)) values += 1 + countOf(line, COMMA);
    if (values > MAX_LIST_VALUES) {
      return { sentence: `Too Many Values of ${spelling}`, status: 400 };
    }
  }
  return null;
}

function countOf(text: string, wanted: number): number {
  let count = 0;
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) === wanted) count += 1;
  return count;
}
