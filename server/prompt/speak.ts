import { DateTime } from 'luxon';
import type { ClipName } from '../../mixer/protocol/mixer-command.ts';
import type { WallclockMs } from '../../mixer/protocol/units.ts';
import { GRAMMAR_EN } from './grammar-en.ts';
import { GRAMMAR_PL } from './grammar-pl.ts';
import type { Grammar, Pieces } from './grammar.ts';
import { countable } from './grammar.ts';
import type { PlainUtteranceName } from './plain-utterance.ts';
import type { Language, Utterance } from './utterance.ts';

const GRAMMARS: Readonly<Record<Language, Grammar>> = { pl: GRAMMAR_PL, en: GRAMMAR_EN };

/** Help of a participant: one sentence for each key, in the order of the keys. */
const HELP_PARTICIPANT: Pieces = [
  'help-microphone',
  'help-listen',
  'help-hand',
  'help-talk',
  'help-status',
  'help-leave',
  'help-again',
];

const HELP_MODERATOR: Pieces = [
  'help-microphone',
  'help-lock',
  'help-remove',
  'help-listen',
  'help-hand',
  'help-talk',
  'help-extend',
  'help-end',
  'help-status',
  'help-leave',
  'help-again',
];

/**
 * The recordings that say `utterance`, in order; names as in the clip bank (`pl/menu-join`).
 * Numbers above 9999 are said as 9999. With `nowMs`, a day that is today or tomorrow is called so.
 */
export function speak(
  utterance: Utterance,
  language: Language,
  nowMs?: WallclockMs,
): readonly ClipName[] {
  return pieces(utterance, GRAMMARS[language], nowMs).map((piece) => `${language}/${piece}`);
}

/** One line for each utterance that is made of pieces. A new member of the union that is not is a type error in `plain`. */
function pieces(utterance: Utterance, grammar: Grammar, nowMs: WallclockMs | undefined): Pieces {
  switch (utterance.say) {
    case 'menu-join-or-create':
      return ['menu-join', 'menu-create'];
    case 'too-early':
      return ['starts-on', ...instant(utterance, grammar, nowMs), 'call-then'];
    case 'too-early-may-wait':
      return ['starts-on', ...instant(utterance, grammar, nowMs), 'may-wait'];
    case 'entered-with':
      return utterance.others < 1 ? ['entered-first'] : grammar.others(utterance.others);
    case 'ask-new-number':
    case 'new-number-too-short':
      return [utterance.say, ...length('number-length', utterance.digits, grammar)];
    case 'ask-new-pin':
    case 'new-pin-too-short':
      return [utterance.say, ...length('pin-length', utterance.digits, grammar)];
    case 'new-number-too-simple':
    case 'new-pin-too-simple':
      return [utterance.say, 'too-simple'];
    case 'room-created':
      return ['room-created', ...digits(utterance.number)];
    case 'listen-volume':
    case 'talk-volume':
      return [utterance.say, ...volume(utterance.step, grammar)];
    case 'room-status':
      return roomStatus(utterance, grammar);
    case 'help-participant':
      return HELP_PARTICIPANT;
    case 'help-moderator':
      return HELP_MODERATOR;
    case 'extended':
      return ['extended-by', ...grammar.minutes(utterance.minutes)];
    case 'ends-in-minutes':
      return endsIn(utterance.minutes, grammar);
    case 'ends-in-minutes-extend':
      return [...endsIn(utterance.minutes, grammar), 'how-to-extend'];
    case 'ends-in-seconds':
      return endsInSeconds(utterance.seconds, grammar);
    default:
      return plain(utterance);
  }
}

/** Every other utterance has a recording of its own name. */
function plain(utterance: { readonly say: PlainUtteranceName }): Pieces {
  return [utterance.say];
}

function instant(
  start: { readonly startAtMs: WallclockMs; readonly zone: string },
  grammar: Grammar,
  nowMs: WallclockMs | undefined,
): Pieces {
  const at = inZone(start.startAtMs, start.zone);
  if (nowMs === undefined) return grammar.instant(at, 'date');
  const today = inZone(nowMs, start.zone);
  if (at.hasSame(today, 'day')) return grammar.instant(at, 'today');
  const tomorrow = at.hasSame(today.plus({ days: 1 }), 'day');
  return grammar.instant(at, tomorrow ? 'tomorrow' : 'date');
}

/** A zone that is not known (it was checked at booking) is better spoken in UTC than not at all. */
function inZone(atMs: WallclockMs, zone: string): DateTime {
  const local = DateTime.fromMillis(atMs, { zone });
  return local.isValid ? local : DateTime.fromMillis(atMs, { zone: 'utc' });
}

function length(opening: string, count: number | undefined, grammar: Grammar): Pieces {
  return count === undefined ? [] : [opening, ...grammar.digitCount(count)];
}

/** Digit by digit, each with the pause of a sentence so that it can be written down. Whatever is no digit is not said. */
function digits(number: string): Pieces {
  return Array.from(number)
    .filter((digit) => digit >= '0' && digit <= '9')
    .map((digit) => `number-${digit}-end`);
}

function volume(step: number, grammar: Grammar): Pieces {
  const size = countable(Math.abs(step));
  if (size === 0) return ['volume-normal'];
  return [step > 0 ? 'plus' : 'minus', ...grammar.bareNumber(size)];
}

function roomStatus(
  status: Extract<Utterance, { readonly say: 'room-status' }>,
  grammar: Grammar,
): Pieces {
  return [
    ...grammar.people(status.people),
    status.microphone === 'live' ? 'microphone-on' : 'microphone-off',
    status.locked === 'locked' ? 'lock-on' : 'lock-off',
    ...(status.minutesLeft === null ? [] : endsIn(status.minutesLeft, grammar)),
  ];
}

function endsIn(minutes: number, grammar: Grammar): Pieces {
  return minutes >= 1 ? ['ends-in', ...grammar.minutes(minutes)] : ['ends-now'];
}

/** Whole minutes are said as minutes. */
function endsInSeconds(seconds: number, grammar: Grammar): Pieces {
  if (seconds >= 60 && seconds % 60 === 0) return endsIn(seconds / 60, grammar);
  return seconds >= 1 ? ['ends-in', ...grammar.seconds(seconds)] : ['ends-now'];
}
