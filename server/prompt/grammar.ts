import type { DateTime } from 'luxon';

/** Names of recordings of one language, without its prefix. */
export type Pieces = readonly string[];

/** How one language puts numbers, times and lengths of time into sentences. */
export interface Grammar {
  /** "There are two other people in the room": `count` besides the one who listens. */
  others(count: number): Pieces;
  /** "There are three people in the room": everybody counted. */
  people(count: number): Pieces;
  /** "five minutes.": what follows "in" or "by", at the end of a sentence. 1 minute or more. */
  minutes(count: number): Pieces;
  /** "thirty seconds.", likewise. */
  seconds(count: number): Pieces;
  /** "five digits.", at the end of a sentence. */
  digitCount(count: number): Pieces;
  /** A number without a noun, at the end of a sentence. */
  bareNumber(count: number): Pieces;
  /** Day and time of day as heard in `at`'s zone. `day`: a piece that stands for the date, if it has one. */
  instant(at: DateTime, day: 'today' | 'tomorrow' | 'date'): Pieces;
}

/** Largest number that is spoken; more is said as this. */
const LARGEST = 9999;

/** A whole number 0–9999 nearest to `value`. */
export function countable(value: number): number {
  return Number.isNaN(value) ? 0 : Math.min(LARGEST, Math.max(0, Math.trunc(value)));
}

/** One member of a length of time: how many, and of what. */
export interface DurationPart {
  readonly count: number;
  readonly unit: 'day' | 'hour' | 'minute';
  /** `last`: ends the sentence; `and`: the last follows; `more`: two more follow. */
  readonly place: 'last' | 'and' | 'more';
}

/** Cuts whole minutes into days, hours and minutes, without those that are zero. At least one part. */
export function durationParts(minutes: number): readonly DurationPart[] {
  const whole = Math.max(1, Math.trunc(minutes) || 0);
  const counted = [
    { count: countable(whole / 1440), unit: 'day' },
    { count: Math.trunc(whole / 60) % 24, unit: 'hour' },
    { count: whole % 60, unit: 'minute' },
  ] as const;
  const spoken = counted.filter((part) => part.count > 0);
  const places = ['last', 'and', 'more'] as const;
  return spoken.map((part, index) => ({
    ...part,
    place: places[spoken.length - 1 - index] ?? 'more',
  }));
}
