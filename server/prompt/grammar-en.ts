import type { DateTime } from 'luxon';
import type { DurationPart, Grammar, Pieces } from './grammar.ts';
import { countable, durationParts } from './grammar.ts';

/** English, with British "and" in numbers and the twelve-hour clock. */
export const GRAMMAR_EN: Grammar = {
  others: (count) =>
    countable(count) === 1
      ? ['others-1']
      : ['there-are', ...cardinal(countable(count)), 'others-many'],
  people(count) {
    if (countable(count) === 0) return ['room-empty'];
    return countable(count) === 1
      ? ['room-has-1']
      : ['there-are', ...cardinal(countable(count)), 'people-many'];
  },
  minutes: (count) => durationParts(count).flatMap(durationPart),
  seconds: (count) => withNoun(countable(count), 'second', ''),
  digitCount: (count) => withNoun(countable(count), 'digit', ''),
  bareNumber: (count) =>
    countable(count) <= 9 ? [`number-${countable(count)}-end`] : cardinal(countable(count)),
  instant: (at, day) => [
    ...(day === 'date' ? [...dayOfMonth(at.day), `month-${at.month}`] : [day]),
    ...timeOfDay(at),
  ],
};

/** "on the fifth", "on the twenty" and "first". */
function dayOfMonth(day: number): Pieces {
  return day > 20 && day < 30 ? ['on-the-20', `and-day-${day - 20}`] : [`day-of-month-${day}`];
}

/** "at three p.m.", "at three oh five p.m.", "at three thirty-six p.m.", "at noon", "at midnight". */
function timeOfDay(at: DateTime): Pieces {
  if (at.minute === 0 && at.hour % 12 === 0) return [at.hour === 0 ? 'at-midnight' : 'at-noon'];
  return [
    `hour-of-day-${at.hour % 12 === 0 ? 12 : at.hour % 12}`,
    ...(at.minute > 0 && at.minute < 10 ? ['oh'] : []),
    ...(at.minute > 0 ? cardinal(at.minute) : []),
    at.hour < 12 ? 'am' : 'pm',
  ];
}

function durationPart(part: DurationPart): Pieces {
  return withNoun(part.count, part.unit, part.place === 'last' ? '' : `-${part.place}`);
}

function withNoun(count: number, noun: string, ending: string): Pieces {
  return count === 1 ? [`${noun}-1${ending}`] : [...cardinal(count), `${noun}s-many${ending}`];
}

/** 0–9999: "two thousand one hundred and five". */
function cardinal(count: number): Pieces {
  const pieces: string[] = [];
  const thousands = Math.trunc(count / 1000);
  if (thousands > 0) pieces.push(`number-${thousands}`, 'thousand');
  const hundreds = Math.trunc((count % 1000) / 100);
  if (hundreds > 0) pieces.push(`number-${hundreds * 100}`);
  const rest = count % 100;
  if (rest === 0 && count > 0) return pieces;
  if (pieces.length > 0) pieces.push('and');
  if (rest <= 20) return [...pieces, `number-${rest}`];
  const units = rest % 10;
  return [...pieces, `number-${rest - units}`, ...(units > 0 ? [`number-${units}`] : [])];
}
