import { test } from 'uvu';
import * as assert from 'uvu/assert';

import type { DtmfKey } from '../../../mixer/protocol/dtmf.ts';
import { NEVER } from '../../../mixer/protocol/units.ts';
import type { EntryDialogue } from '../../../server/ivr/entry-dialogue.ts';
import { createEntryDialogue } from '../../../server/ivr/entry-dialogue.ts';
import type {
  EntryAction,
  EntryInput,
  EntryTime,
  PinVerdict,
} from '../../../server/ivr/entry-message.ts';
import { DEFAULT_ENTRY_OPTIONS } from '../../../server/ivr/entry-options.ts';
import type { Timeout } from '../../../server/runtime/core.ts';
import { MENU, MENU_JOIN_ONLY, TERMS } from './entry-rig.ts';
import { SeededRandom } from './seeded-random.ts';

const KEYS = [
  '1',
  '1',
  '1',
  '1',
  '1',
  '2',
  '2',
  '2',
  '2',
  '2',
  '3',
  '5',
  '7',
  '0',
  '#',
  '*',
] as const;
const INPUTS_TO_FEED = 10_000;

/** What has been seen of one dialogue, for the rules that must hold whatever is fed to it. */
interface Seen {
  readonly dialogue: EntryDialogue;
  readonly createByPhone: 'allowed' | 'not-allowed';
  /** A silent caller lets every deadline come. */
  readonly habit: 'keys' | 'silence';
  mayEnter: boolean;
  /** The room has been asked and has not answered. */
  atDoor: boolean;
  goodbyeSaid: boolean;
  over: boolean;
  music: 'on' | 'off';
}

function begin(random: SeededRandom): Seen {
  const createByPhone = random.pick(['allowed', 'not-allowed'] as const);
  return {
    dialogue: createEntryDialogue(DEFAULT_ENTRY_OPTIONS),
    createByPhone,
    habit: random.integer(8) === 0 ? 'silence' : 'keys',
    mayEnter: false,
    atDoor: false,
    goodbyeSaid: false,
    over: false,
    music: 'off',
  };
}

function start(seen: Seen, random: SeededRandom): EntryInput {
  if (random.integer(5) === 0) {
    const pin = random.pick(['asked', 'not-asked'] as const);
    return { type: 'start', entryPoint: { type: 'room', number: '12321', pin } };
  }
  return { type: 'start', entryPoint: seen.createByPhone === 'allowed' ? MENU : MENU_JOIN_ONLY };
}

function verdict(random: SeededRandom): PinVerdict {
  const early = (mayWait: 'may-wait' | 'may-not-wait'): EntryTime => ({
    time: 'too-early',
    startAtMs: 1,
    zone: 'Europe/Warsaw',
    opensInMs: random.integer(100_000),
    mayWait,
  });
  const time = random.pick<EntryTime>([
    { time: 'open' },
    early('may-wait'),
    early('may-not-wait'),
    { time: 'over' },
  ]);
  const role = random.pick(['participant', 'moderator'] as const);
  return random.pick<PinVerdict>([
    { verdict: 'right', role, terms: TERMS, time },
    { verdict: 'wrong', delayMs: 0 },
    { verdict: 'wrong', delayMs: random.integer(20_000) },
    { verdict: 'refused-for-a-while' },
  ]);
}

function answer(action: EntryAction, random: SeededRandom): EntryInput | null {
  switch (action.type) {
    case 'check-number':
      return { type: 'number-checked', outcome: random.pick(['known', 'known', 'unknown']) };
    case 'check-pin':
      return { type: 'pin-checked', verdict: verdict(random) };
    case 'check-new-number':
      return { type: 'new-number-checked', outcome: random.pick(['free', 'taken', 'too-simple']) };
    case 'make-room':
      return random.pick<EntryInput>([
        { type: 'room-made', terms: TERMS },
        { type: 'room-not-made', why: random.pick(['taken', 'pin-too-simple', 'fault', 'fault']) },
      ]);
    case 'enter':
      return random.pick<EntryInput>([
        { type: 'entered' },
        { type: 'not-entered', why: random.pick(['locked', 'full', 'full', 'over']) },
      ]);
    default:
      return null;
  }
}

/** Most often what a caller does; now and then something that makes no sense. */
function anyInput(seen: Seen, random: SeededRandom): EntryInput | Timeout {
  const chance = random.integer(20);
  if (chance < 12) return { type: 'key', key: random.pick<DtmfKey>(KEYS) };
  if (chance < 15) return { type: 'said' };
  if (chance < 18) return { type: 'timeout' };
  if (chance < 19) return start(seen, random);
  return random.pick<EntryInput>([
    { type: 'entered' },
    { type: 'not-entered', why: 'full' },
    { type: 'number-checked', outcome: 'known' },
    { type: 'new-number-checked', outcome: 'free' },
    { type: 'room-not-made', why: 'taken' },
  ]);
}

function check(seen: Seen, action: EntryAction): void {
  assert.not.ok(seen.over, `${action.type} after the end`);
  if (action.type === 'enter') {
    assert.ok(seen.mayEnter, 'entered without a right verdict');
    assert.is(seen.music, 'off');
    seen.atDoor = true;
  }
  if (action.type === 'music') seen.music = action.music;
  if (action.type === 'make-room') assert.is(seen.createByPhone, 'allowed');
  if (action.type === 'check-pin' || action.type === 'check-number') {
    assert.match(action.number, /^[0-9]{1,5}$/);
  }
  if (action.type === 'say') {
    seen.goodbyeSaid = action.utterances.some((utterance) => utterance.say === 'goodbye');
    // Behind an entry of full length the dialogue cuts its words short itself.
    if (seen.goodbyeSaid) assert.is(action.interruptible, 'not-by-key');
  }
  if (action.type === 'hang-up') {
    assert.ok(seen.goodbyeSaid, 'hung up without goodbye');
    seen.over = true;
  }
}

test('holds its rules whatever it is fed', () => {
  const random = new SeededRandom(20_240_229);
  let seen = begin(random);
  let nowMs = 0;
  let fed = 0;
  const ends = new Map<string, number>();
  const count = (end: string): Map<string, number> => ends.set(end, (ends.get(end) ?? 0) + 1);

  function feed(input: EntryInput | Timeout): void {
    fed += 1;
    const right = input.type === 'pin-checked' && input.verdict.verdict === 'right';
    if (right || input.type === 'room-made') seen.mayEnter = true;
    const actions = seen.dialogue.handle(input, nowMs);
    if (input.type === 'entered' && seen.atDoor) {
      seen.over = true;
      count('entered');
    }
    if (input.type === 'not-entered') seen.atDoor = false;
    for (const action of actions) {
      check(seen, action);
      if (action.type === 'hang-up') count(action.why);
      const next = answer(action, random);
      if (next !== null) feed(next);
    }
  }

  while (fed < INPUTS_TO_FEED) {
    const wake = seen.dialogue.deadlineMs;
    nowMs =
      (seen.habit === 'silence' || random.integer(8) === 0) && wake !== NEVER
        ? Math.max(nowMs, wake)
        : nowMs + random.integer(900);
    feed(nowMs >= wake ? { type: 'timeout' } : anyInput(seen, random));
    if (seen.over) assert.is(seen.dialogue.deadlineMs, NEVER);
    if (random.integer(seen.over ? 5 : 300) === 0) seen = begin(random);
    if (!seen.mayEnter && seen.dialogue.deadlineMs === NEVER && !seen.over)
      feed(start(seen, random));
  }

  const met = [...ends.keys()].sort();
  const all = [
    'entered',
    'fault',
    'full',
    'locked',
    'no-input',
    'over',
    'refused-for-a-while',
    'too-early',
    'too-many-tries',
  ];
  assert.equal(met, all);
});

test.run();
