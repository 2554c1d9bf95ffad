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
    ...(day === 'date' ? [`day-of-month-${at.day}`, `month-${at.month}`] : [day]),
    `hour-of-day-${at.hour}`,
    ...minuteOfHour(at),
  ],
};

/** "piętnastej", "piętnastej zero pięć", "piętnastej trzydzieści dwie": minutes are feminine. */
function minuteOfHour(at: DateTime): Pieces {
  if (at.minute === 0) return [];
  return at.minute < 10 ? [`minute-0${at.minute}`] : cardinal(at.minute, 'feminine');
}

function counted(opening: 'others' | 'room-has', count: number): Pieces {
  const form = nounForm(count);
  if (form === '1') return [`${opening}-1`];
  return [`${opening}-${form}`, ...cardinal(count, 'feminine'), `people-${form}`];
}

function durationPart(part: DurationPart): Pieces {
  return withNoun(part.count, {
    one: part.unit,
    more: `${part.unit}s`,
    ending: part.place === 'last' ? '' : `-${part.place}`,
    gender: part.unit === 'day' ? 'masculine' : 'feminine',
  });
}

interface Noun {
  /** Names of the recordings, without the form and the ending. */
  readonly one: string;
  readonly more: string;
  readonly ending: string;
  readonly gender?: Gender;
}

function withNoun(count: number, noun: Noun): Pieces {
  const form = nounForm(count);
  if (form === '1') return [`${noun.one}-1${noun.ending}`];
  return [...cardinal(count, noun.gender ?? 'feminine'), `${noun.more}-${form}${noun.ending}`];
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
  if (count >= 60) {
    const units = count % 10;
    const tens = `number-${count - units}`;
    return units === 0 ? [tens] : [tens, ...belowHundred(units, gender)];
  }
  const feminineTwo = gender === 'feminine' && count % 10 === 2 && count !== 12;
  return [feminineTwo ? `number-${count}-f` : `number-${count}`];
}
