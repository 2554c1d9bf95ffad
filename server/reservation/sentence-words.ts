import type { WallclockMs } from '../../mixer/protocol/units.ts';

/** How facts are written within the sentence of a problem. */
export interface SentenceWords {
  readonly at: (atMs: WallclockMs) => string;
  /** With the offset from UTC: tells two readings of one local time apart. */
  readonly exactly: (atMs: WallclockMs) => string;
  /** What a person entered, in quotation marks, cut to a bearable length. */
  readonly quote: (text: string) => string;
  /** `milli`: thousandths of the unit of `currency` (ISO 4217). */
  readonly money: (milli: number, currency: string) => string;
}

/** Longest part of a person's entry that is repeated to them. */
const LONGEST_QUOTE = 80;

/** The beginning of what a person entered, as far as it is repeated to them. */
export function cut(text: string): string {
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}
