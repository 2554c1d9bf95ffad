import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PHRASES_PL } from '../../../server/prompt/phrases-pl.ts';
import { LANGUAGES, PHRASE_TABLES } from '../../../server/prompt/phrase-table.ts';
import { speak } from '../../../server/prompt/speak.ts';
import type { Utterance } from '../../../server/prompt/utterance.ts';

const WARSAW = 'Europe/Warsaw';

/** Every utterance over every value that the product can reach, and some that it cannot. */
function* everything(): Generator<Utterance> {
  for (const say of Object.keys(PHRASES_PL)) {
    // The table's keys are exactly the names of the utterances without parameters.
    yield { say } as Utterance;
  }
  for (const say of [
    'help-participant',
    'help-moderator',
    'menu-join-or-create',
    'new-number-too-simple',
    'new-pin-too-simple',
  ] as const) {
    yield { say };
  }
  for (const digits of [undefined, ...range(0, 40)]) {
    const told = digits === undefined ? {} : { digits };
    yield { say: 'ask-new-number', ...told };
    yield { say: 'new-number-too-short', ...told };
    yield { say: 'ask-new-pin', ...told };
    yield { say: 'new-pin-too-short', ...told };
  }
  yield { say: 'room-created', number: '9876543210' };
  for (const step of range(-70, 70)) {
    yield { say: 'listen-volume', step };
    yield { say: 'talk-volume', step };
  }
  yield* counts();
  yield* lengthsOfTime();
  yield* starts();
}

function* counts(): Generator<Utterance> {
  for (const count of [
    -1,
    0.5,
    Number.NaN,
    Infinity,
    ...range(0, 1200),
    2003,
    5061,
    9998,
    9999,
    10_000,
  ]) {
    yield { say: 'entered-with', others: count };
    yield { say: 'ends-in-seconds', seconds: count };
    for (const [microphone, locked] of [
      ['live', 'open'],
      ['muted', 'locked'],
    ] as const) {
      yield { say: 'room-status', people: count, microphone, locked, minutesLeft: null };
    }
  }
}

function* lengthsOfTime(): Generator<Utterance> {
  for (const minutes of range(0, 20_160)) yield { say: 'ends-in-minutes', minutes };
  for (const minutes of [-5, 0.2, 1e9, ...range(0, 200)]) {
    yield { say: 'ends-in-minutes', minutes };
    yield { say: 'ends-in-minutes-extend', minutes };
    yield { say: 'extended', minutes };
    yield {
      say: 'room-status',
      people: 2,
      microphone: 'live',
      locked: 'open',
      minutesLeft: minutes,
    };
  }
}

/** Every minute of two days (one changes the clocks), every day of a leap year. */
function* starts(): Generator<Utterance> {
  for (const minute of range(0, 2 * 1440)) {
    yield {
      say: 'too-early',
      startAtMs: Date.parse('2027-03-27T12:00:00Z') + minute * 60_000,
      zone: WARSAW,
    };
  }
  for (const day of range(0, 366)) {
    const startAtMs = Date.parse('2028-01-01T12:00:00Z') + day * 86_400_000;
    yield { say: 'too-early-may-wait', startAtMs, zone: 'America/New_York' };
  }
  yield { say: 'too-early', startAtMs: 0, zone: 'No/Such_Zone' };
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

test('names only recordings that exist, whatever is said, and ends with a sentence', () => {
  for (const language of LANGUAGES) {
    const used = new Set(['today', 'tomorrow']);
    let said = 0;

    for (const utterance of everything()) {
      const clips = speak(utterance, language);
      const texts = clips.map((clip) => PHRASE_TABLES[language][clip.slice(3)]);
      for (const clip of clips) used.add(clip.slice(3));
      said += 1;
      // A volume that no phone reaches is the one thing that may end on a bare number.
      const whole =
        texts.at(-1)?.endsWith('.') === true || ('step' in utterance && clips.length > 2);
      if (texts.includes(undefined) || !whole) {
        assert.unreachable(`${JSON.stringify(utterance)}: ${clips.join(' ')}`);
      }
    }

    assert.ok(said > 25_000);
    const unused = Object.keys(PHRASE_TABLES[language]).filter((name) => !used.has(name));
    assert.equal(unused, [], language);
  }
});

test.run();
