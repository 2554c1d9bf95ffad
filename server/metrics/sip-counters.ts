/** Counts SIP messages where they come in and go out. Costs a microsecond or less each, and never throws. */
export interface SipCounters {
  received(bytes: Uint8Array): void;
  /** `again`: it was sent before. */
  sent(bytes: Uint8Array, kind: 'first' | 'again'): void;
  /** What was counted so far, without what is zero. */
  readonly counts: readonly SipCount[];
  /** Messages received that are neither a request nor a response by their first line. */
  readonly neither: number;
}

/** Messages of one kind so far. */
export interface SipCount {
  readonly direction: 'in' | 'out';
  /** Whether all of the kind are counted, or those that had been sent before. */
  readonly which: 'all' | 'again';
  /** A method of `METHODS`, or `other`; of a response that of CSeq. */
  readonly method: string;
  /** 0: a request. A status that no RFC knows counts as the x00 of its class. */
  readonly status: number;
  readonly count: number;
}

/** Methods that are told apart: RFC 3261, 3262, 3311, 3428, 3515, 3903, 6086, 6665. Others could be made up without end. */
const METHODS = [
  ...['INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'REGISTER', 'INFO', 'PRACK', 'UPDATE'],
  ...['REFER', 'SUBSCRIBE', 'NOTIFY', 'MESSAGE', 'PUBLISH'],
];
const OTHER_METHOD = METHODS.length;
/** Cells for the statuses of a method: 0 is for requests, 100 to 699 for responses. */
const STATUSES = 700;
/** The registry of IANA. Others could be made up, 600 for each method. */
const KNOWN_STATUSES: ReadonlySet<number> = new Set([
  ...[100, 180, 181, 182, 183, 199, 200, 202, 204, 300, 301, 302, 305, 380],
  ...[400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417],
  ...[420, 421, 422, 423, 424, 425, 428, 429, 430, 433, 436, 437, 438, 439, 440, 469, 470],
  ...[480, 481, 482, 483, 484, 485, 486, 487, 488, 489, 491, 493, 494],
  ...[500, 501, 502, 503, 504, 505, 513, 555, 580, 600, 603, 604, 606, 607, 608],
]);
/** CSeq stands within so many octets, or the response counts as one of another method. */
const LOOKED_AT_BYTES = 2048;
const LONGEST_METHOD = 32;
const SPACE = 0x20;

/** Counters at zero. */
export function createSipCounters(): SipCounters {
  return new Counters();
}

/** One cell for each method and status. */
type Tally = Float64Array;

class Counters implements SipCounters {
  readonly #received: Tally = newTally();
  readonly #sent: Tally = newTally();
  readonly #sentAgain: Tally = newTally();
  #neither = 0;

  get neither(): number {
    return this.#neither;
  }

  get counts(): readonly SipCount[] {
    return [
      ...countsOf(this.#received, 'in', 'all'),
      ...countsOf(this.#sent, 'out', 'all'),
      ...countsOf(this.#sentAgain, 'out', 'again'),
    ];
  }

  received(bytes: Uint8Array): void {
    const cell = cellOf(bytes);
    if (cell === -1) this.#neither += 1;
    else bump(this.#received, cell);
  }

  sent(bytes: Uint8Array, kind: 'first' | 'again'): void {
    const cell = cellOf(bytes);
    if (cell === -1) return;
    bump(this.#sent, cell);
    if (kind === 'again') bump(this.#sentAgain, cell);
  }
}

function newTally(): Tally {
  return new Float64Array((METHODS.length + 1) * STATUSES);
}

function bump(tally: Tally, cell: number): void {
  tally[cell] = (tally[cell] ?? 0) + 1;
}

function countsOf(
  tally: Tally,
  direction: SipCount['direction'],
  which: SipCount['which'],
): readonly SipCount[] {
  const counts: SipCount[] = [];
  tally.forEach((count, cell) => {
    if (count === 0) return;
    const method = METHODS[Math.floor(cell / STATUSES)] ?? 'other';
    counts.push({ direction, which, method, status: cell % STATUSES, count });
  });
  return counts;
}

/** The cell of a message, or −1 when it is none. */
function cellOf(bytes: Uint8Array): number {
  const length = Math.min(bytes.length, LOOKED_AT_BYTES);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('latin1');
  if (text.startsWith('SIP/2.0 ')) return responseCell(text);
  const end = text.indexOf(' ');
  if (end < 1 || end > LONGEST_METHOD) return -1;
  const line = text.indexOf('\n');
  // The version stands at the end of the line.
  if (line === -1 || !text.slice(Math.max(0, line - 8), line).startsWith('SIP/2.0')) {
    return text.indexOf(' SIP/2.0', end) === -1 ? -1 : methodIndex(text.slice(0, end)) * STATUSES;
  }
  return methodIndex(text.slice(0, end)) * STATUSES;
}

function responseCell(text: string): number {
  const status = Number(text.slice(8, 11));
  const after = text.charCodeAt(11);
  if (!(status >= 100 && status < STATUSES) || after > SPACE) return -1;
  return methodIndex(cseqMethodOf(text)) * STATUSES + knownStatus(status);
}

/** What is not known is taken for the x00 of its class, RFC 3261 §8.1.3.2. */
function knownStatus(status: number): number {
  return KNOWN_STATUSES.has(status) ? status : status - (status % 100);
}

function cseqMethodOf(text: string): string {
  let from = text.indexOf('\nCSeq:');
  if (from === -1) from = text.search(/\ncseq[ \t]*:/iu);
  if (from === -1) return '';
  const end = text.indexOf('\n', from + 1);
  const line = text.slice(from, end === -1 ? text.length : end).trim();
  return line.slice(line.lastIndexOf(' ') + 1);
}

function methodIndex(method: string): number {
  const index = METHODS.indexOf(method);
  return index === -1 ? OTHER_METHOD : index;
}
