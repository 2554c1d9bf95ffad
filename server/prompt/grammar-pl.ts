import type { DateTime } from 'luxon';
import type { DurationPart, Grammar, Pieces } from './grammar.ts';
import { countable, durationParts } from './grammar.ts';

/** Form of a noun after a number: jedna osoba, dwie osoby, pięć osób. */
type NounForm = '1' | 'few' | 'many';

/** Polish. Whatever is counted here is feminine (osoba, minuta, cyfra) except the day. */
export const GRAMMAR_PL: Grammar = {
  others: (count) => counted('others', countable(count)),
  people: (count) =>
    countable(count) === 0 ? ['room-empty'] : counted('room-has', countable(count)),
  minutes: (count) => durationParts(count).flatMap(durationPart),
  seconds: (count) => withNoun(countable(count), { one: 'second', more: 'seconds', ending: '' }),
  digitCount: (count) => withNoun(countable(count), { one: 'digit', more: 'digits', ending: '' }),
  bareNumber: (count) =>
    countable(count) <= 9
      ? [`number-${countable(count)}-end`]
      : cardinal(countable(count), 'masculine'),
  instant: (at, day) => [
    ...(day === 'date' ? [...ordinal('day-of-month', at.day), `month-${at.month}`] : [day]),
    'at-hour',
    ...ordinal('hour-of-day', at.hour),
    ...minuteOfHour(at),
  ],
};

/** "piętnastej", "piętnastej zero pięć", "piętnastej trzydzieści dwie": minutes are feminine. */
function minuteOfHour(at: DateTime): Pieces {
  if (at.minute === 0) return [];
  const minute = cardinal(at.minute, 'feminine');
  return at.minute < 10 ? ['number-0', ...minute] : minute;
}

function counted(opening: 'others' | 'room-has', count: number): Pieces {
  const form = nounForm(count);
  if (form === '1') return [`${opening}-1`];
  return [`${opening}-${form}`, ...cardinal(count, 'feminine'), `people-${form}`];
}

function durationPart(part: DurationPart): Pieces {
  const ending = part.place === 'last' ? '' : `-${part.place}`;
  if (part.unit !== 'day') {
    return withNoun(part.count, { one: part.unit, more: `${part.unit}s`, ending });
  }
  return part.count === 1
    ? [`day-1${ending}`]
    : [...cardinal(part.count, 'masculine'), `days${ending}`];
}

/** A feminine noun. */
interface Noun {
  /** Names of the recordings, without the form and the ending. */
  readonly one: string;
  readonly more: string;
  readonly ending: string;
}

function withNoun(count: number, noun: Noun): Pieces {
  const form = nounForm(count);
  if (form === '1') return [`${noun.one}-1${noun.ending}`];
  return [...cardinal(count, 'feminine'), `${noun.more}-${form}${noun.ending}`];
}

/** 2–4, 22–24, 32–34 … take the nominative plural; 12–14 and all else the genitive. */
function nounForm(count: number): NounForm {
  if (count === 1) return '1';
  const tens = count % 100;
  const units = count % 10;
  return units >= 2 && units <= 4 && (tens < 12 || tens > 14) ? 'few' : 'many';
}

type Gender = 'masculine' | 'feminine';

/** 0–9999 before a noun. Only a final two shows the gender: dwadzieścia dwie, dwadzieścia dwa. */
function cardinal(count: number, gender: Gender): Pieces {
  const pieces: string[] = [];
  const thousands = Math.trunc(count / 1000);
  if (thousands === 1) pieces.push('number-1000');
  if (thousands > 1) pieces.push(`number-${thousands}`, `thousands-${nounForm(thousands)}`);
  const hundreds = Math.trunc((count % 1000) / 100);
  if (hundreds > 0) pieces.push(`number-${hundreds * 100}`);
  const rest = count % 100;
  if (rest > 0 || count === 0) pieces.push(...belowHundred(rest, gender));
  return pieces;
}

function belowHundred(count: number, gender: Gender): Pieces {
  if (count > 20) {
    const units = count % 10;
    const tens = `number-${count - units}`;
    return units === 0 ? [tens] : [tens, ...belowHundred(units, gender)];
  }
  return [count === 2 && gender === 'feminine' ? 'number-2-f' : `number-${count}`];
}

/** Ordinals above twenty in two words, which both decline: "dwudziestego pierwszego". */
function ordinal(name: 'day-of-month' | 'hour-of-day', value: number): Pieces {
  if (value <= 20) return [`${name}-${value}`];
  const units = value % 10;
  return [`${name}-${value - units}`, ...(units === 0 ? [] : [`${name}-${units}`])];
}
