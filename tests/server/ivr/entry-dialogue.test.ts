import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { NEVER } from '../../../mixer/protocol/units.ts';
import type { PinVerdict } from '../../../server/ivr/entry-message.ts';
import type { Desk, RigOptions } from './entry-rig.ts';
import { DESK, EntryRig, MENU_JOIN_ONLY, TERMS, right } from './entry-rig.ts';

interface Scenario {
  readonly name: string;
  readonly rig?: RigOptions;
  readonly script: string;
  readonly lines: readonly string[];
}

const TOO_EARLY = {
  time: 'too-early',
  startAtMs: 1_000_000,
  zone: 'Europe/Warsaw',
  opensInMs: 60_000,
} as const;

function verdictDesk(verdict: PinVerdict): Desk {
  return { ...DESK, pin: () => verdict };
}

function timeDesk(mayWait: 'may-wait' | 'may-not-wait'): Desk {
  return verdictDesk({
    verdict: 'right',
    role: 'participant',
    terms: TERMS,
    time: { ...TOO_EARLY, mayWait },
  });
}

const JOINED = ['enters as participant guest refuse'];
const TO_PIN = [
  'says welcome menu-join-or-create',
  'says ask-number',
  'stops',
  'number 12321?',
  'says ask-pin',
];

const MENU_SCENARIOS: readonly Scenario[] = [
  {
    name: 'greets and offers to join or create',
    script: '!',
    lines: ['says welcome menu-join-or-create'],
  },
  {
    name: 'offers only to join where nobody may create',
    rig: { entryPoint: MENU_JOIN_ONLY },
    script: '!',
    lines: ['says welcome menu-join'],
  },
  {
    name: 'refuses to create where it is not allowed, and stays in the menu',
    rig: { entryPoint: MENU_JOIN_ONLY },
    script: '! . 2',
    lines: ['says welcome menu-join', 'says create-not-allowed menu-join'],
  },
  {
    name: 'names an unknown key and repeats the menu',
    script: '! . 5 . #',
    lines: [
      'says welcome menu-join-or-create',
      'says key-unknown menu-join-or-create',
      'says key-unknown menu-join-or-create',
    ],
  },
  {
    name: 'repeats the menu twice after silence and then says goodbye',
    script: '! . ~7000 . ~7000 . ~7000 .',
    lines: [
      'says welcome menu-join-or-create',
      'says nothing-keyed menu-join-or-create',
      'says nothing-keyed menu-join-or-create',
      'says nothing-keyed goodbye',
      'hangs up no-input',
    ],
  },
  {
    name: 'counts silence only from the end of the prompt',
    script: '! ~59000 . ~6999',
    lines: ['says welcome menu-join-or-create'],
  },
  {
    name: 'counts a prompt as heard when its end is never reported, and last words too',
    script: '! ~67000 ~67000 ~67000 ~29999 ~1',
    lines: [
      'says welcome menu-join-or-create',
      'says nothing-keyed menu-join-or-create',
      'says nothing-keyed menu-join-or-create',
      'says nothing-keyed goodbye',
      'hangs up no-input',
    ],
  },
  {
    name: 'gives up on a line that sends nothing but meaningless keys',
    script: '! 9999999999 .',
    lines: [
      'says welcome menu-join-or-create',
      ...Array.from({ length: 9 }, () => 'says key-unknown menu-join-or-create'),
      'says key-unknown too-many-tries goodbye',
      'hangs up too-many-tries',
    ],
  },
  {
    name: 'does nothing more after hanging up',
    script: '! . ~7000 . ~7000 . ~7000 . . 1 ~60000 !',
    lines: [
      'says welcome menu-join-or-create',
      'says nothing-keyed menu-join-or-create',
      'says nothing-keyed menu-join-or-create',
      'says nothing-keyed goodbye',
      'hangs up no-input',
    ],
  },
  {
    name: 'hears last words to their end whatever is keyed',
    script: '! . ~7000 . ~7000 . ~7000 1 2 3 #',
    lines: [
      'says welcome menu-join-or-create',
      'says nothing-keyed menu-join-or-create',
      'says nothing-keyed menu-join-or-create',
      'says nothing-keyed goodbye',
    ],
  },
];

const JOIN_SCENARIOS: readonly Scenario[] = [
  {
    name: 'leads through number and PIN, # ending the PIN early',
    script: '! . 1 . 12321 . 54345#',
    lines: [
      'says welcome menu-join-or-create',
      'says ask-number',
      'number 12321?',
      'says ask-pin',
      'pin 54345?',
      ...JOINED,
    ],
  },
  {
    name: 'takes a PIN without # after a short time, since an ADMIN PIN would be longer',
    script: '! 1 12321 54345 ~1499 ~1',
    lines: [...TO_PIN, 'stops', 'pin 54345?', ...JOINED],
  },
  {
    name: 'takes an ADMIN PIN of full length at once and makes the caller a moderator',
    script: '! 1 12321 7654367',
    lines: [...TO_PIN, 'stops', 'pin 7654367?', 'enters as moderator guest refuse'],
  },
  {
    name: 'uses keys typed ahead, even from before the greeting',
    script: '1123217654367* !',
    lines: ['stops', 'number 12321?', 'stops', 'pin 7654367?', 'enters as moderator guest refuse'],
  },
  {
    name: 'repeats the PIN prompt after # behind a number of full length',
    script: '! 1 12321#',
    lines: [...TO_PIN, 'says ask-pin'],
  },
  {
    name: 'forgets the digits before *',
    script: '! . 1 . 99*12321',
    lines: [
      'says welcome menu-join-or-create',
      'says ask-number',
      'says ask-number',
      'stops',
      'number 12321?',
      'says ask-pin',
    ],
  },
  {
    name: 'takes a short number when no further key comes',
    script: '! . 1 . 12 ~4000',
    lines: [
      'says welcome menu-join-or-create',
      'says ask-number',
      'number 12?',
      'says number-unknown ask-number',
    ],
  },
  {
    name: 'gives a number three tries, the reason spoken each time',
    script: '! . 1 . 99999 . 99998 . 99997 .',
    lines: [
      'says welcome menu-join-or-create',
      'says ask-number',
      'number 99999?',
      'says number-unknown ask-number',
      'number 99998?',
      'says number-unknown ask-number',
      'number 99997?',
      'says number-unknown too-many-tries goodbye',
      'hangs up too-many-tries',
    ],
  },
  {
    name: 'gives a PIN three tries, the reason spoken each time',
    script: '! . 1 . 12321 . 11111# . 22222# . 33333# .',
    lines: [
      'says welcome menu-join-or-create',
      'says ask-number',
      'number 12321?',
      'says ask-pin',
      'pin 11111?',
      'says pin-wrong ask-pin',
      'pin 22222?',
      'says pin-wrong ask-pin',
      'pin 33333?',
      'says pin-wrong too-many-tries goodbye',
      'hangs up too-many-tries',
    ],
  },
  {
    name: 'repeats the question for a number and a PIN after silence',
    script: '! . 1 . ~7000 . 12321 . ~7000 . ~7000 . ~7000 .',
    lines: [
      'says welcome menu-join-or-create',
      'says ask-number',
      'says nothing-keyed ask-number',
      'number 12321?',
      'says ask-pin',
      'says nothing-keyed ask-pin',
      'says nothing-keyed ask-pin',
      'says nothing-keyed goodbye',
      'hangs up no-input',
    ],
  },
  {
    name: 'waits as long as a wrong PIN costs before it says so',
    rig: { desk: verdictDesk({ verdict: 'wrong', delayMs: 5000 }) },
    script: '! . 1 . 12321 . 11111# ~4999 ~1',
    lines: [
      'says welcome menu-join-or-create',
      'says ask-number',
      'number 12321?',
      'says ask-pin',
      'pin 11111?',
      'says pin-wrong ask-pin',
    ],
  },
  {
    name: 'keeps what is keyed during such a wait for the next try',
    rig: { desk: verdictDesk({ verdict: 'wrong', delayMs: 5000 }) },
    script: '! . 1 . 12321 . 11111# 22222# ~5000',
    lines: [
      'says welcome menu-join-or-create',
      'says ask-number',
      'number 12321?',
      'says ask-pin',
      'pin 11111?',
      'stops',
      'pin 22222?',
    ],
  },
  {
    name: 'sends a caller away for a while after too many wrong PINs across calls',
    rig: { desk: verdictDesk({ verdict: 'refused-for-a-while' }) },
    script: '! 1 12321 54345# .',
    lines: [
      ...TO_PIN,
      'stops',
      'pin 54345?',
      'says refused-for-a-while goodbye',
      'hangs up refused-for-a-while',
    ],
  },
  {
    name: 'takes numbers of several lengths, the longest without #',
    rig: { options: { numberLengths: [3, 5] } },
    script: '! . 1 . 123 ~1500 . 12321',
    lines: [
      'says welcome menu-join-or-create',
      'says ask-number',
      'number 123?',
      'says number-unknown ask-number',
      'number 12321?',
      'says ask-pin',
    ],
  },
  {
    name: 'takes a PIN of full length at once when the room has no longer one',
    rig: {
      desk: {
        ...DESK,
        number: () => ({ type: 'number-checked', outcome: 'known', pinLengths: [5] }),
      },
    },
    script: '! 1 12321 54345',
    lines: [...TO_PIN, 'stops', 'pin 54345?', ...JOINED],
  },
  {
    name: 'asks for no PIN where the room has none',
    rig: {
      desk: {
        ...DESK,
        number: () => ({ type: 'number-checked', outcome: 'known', pinLengths: [] }),
        pin: () => right('participant'),
      },
    },
    script: '! . 1 . 12321',
    lines: [
      'says welcome menu-join-or-create',
      'says ask-number',
      'number 12321?',
      'pin ?',
      ...JOINED,
    ],
  },
];

const STRAIGHT_SCENARIOS: readonly Scenario[] = [
  {
    name: 'asks only for the PIN on a number that leads straight to a room',
    rig: { entryPoint: { type: 'room', number: '12321', pin: 'asked' } },
    script: '! . 54345#',
    lines: ['says welcome ask-pin', 'pin 54345?', ...JOINED],
  },
  {
    name: 'enters without a word where no PIN is asked',
    rig: {
      entryPoint: { type: 'room', number: '12321', pin: 'not-asked' },
      desk: verdictDesk(right('participant')),
    },
    script: '!',
    lines: ['pin ?', ...JOINED],
  },
  {
    name: 'asks for a PIN after all when it turns out to be needed',
    rig: { entryPoint: { type: 'room', number: '12321', pin: 'not-asked' } },
    script: '! . 54345#',
    lines: ['pin ?', 'says ask-pin', 'pin 54345?', ...JOINED],
  },
];

const DOOR_SCENARIOS: readonly Scenario[] = [
  {
    name: 'tells who comes too early the start',
    rig: { desk: timeDesk('may-not-wait') },
    script: '! 1 12321 54345# .',
    lines: [...TO_PIN, 'stops', 'pin 54345?', 'says too-early goodbye', 'hangs up too-early'],
  },
  {
    name: 'lets who comes little too early wait on music and enter by itself',
    rig: { desk: timeDesk('may-wait') },
    script: '! 1 12321 54345# . ~5000 1 . 2 * # ~54999 ~1',
    lines: [
      ...TO_PIN,
      'stops',
      'pin 54345?',
      'says too-early-may-wait',
      'says waiting-for-start',
      'music on',
      'music off',
      ...JOINED,
    ],
  },
  {
    name: 'enters at once when the room has opened before 1 was pressed',
    rig: { desk: timeDesk('may-wait'), options: { speechTimeoutMs: 120_000 } },
    script: '! 1 12321 54345# ~60000 1',
    lines: [...TO_PIN, 'stops', 'pin 54345?', 'says too-early-may-wait', 'stops', ...JOINED],
  },
  {
    name: 'names an unknown key at the offer to wait',
    rig: { desk: timeDesk('may-wait') },
    script: '! 1 12321 54345# . 2',
    lines: [
      ...TO_PIN,
      'stops',
      'pin 54345?',
      'says too-early-may-wait',
      'says key-unknown too-early-may-wait',
    ],
  },
  {
    name: 'lets go of who does not take the offer to wait',
    rig: { desk: timeDesk('may-wait') },
    script: '! 1 12321 54345# . ~7000 . ~7000 . ~7000 .',
    lines: [
      ...TO_PIN,
      'stops',
      'pin 54345?',
      'says too-early-may-wait',
      'says nothing-keyed too-early-may-wait',
      'says nothing-keyed too-early-may-wait',
      'says nothing-keyed goodbye',
      'hangs up too-early',
    ],
  },
  {
    name: 'tells that the reservation is over',
    rig: {
      desk: verdictDesk({
        verdict: 'right',
        role: 'participant',
        terms: TERMS,
        time: { time: 'over' },
      }),
    },
    script: '! 1 12321 54345# .',
    lines: [...TO_PIN, 'stops', 'pin 54345?', 'says reservation-over goodbye', 'hangs up over'],
  },
  ...(['locked', 'full', 'over'] as const).map((why): Scenario => ({
    name: `tells a participant whom the room refuses as ${why}`,
    rig: { desk: { ...DESK, door: () => ({ type: 'not-entered', why }) } },
    script: '! 1 12321 54345# .',
    lines: [
      ...TO_PIN,
      'stops',
      'pin 54345?',
      ...JOINED,
      `says ${why === 'over' ? 'reservation-over' : `room-${why}`} goodbye`,
      `hangs up ${why}`,
    ],
  })),
  {
    name: 'lets a moderator enter a full room by removing the last one',
    rig: {
      desk: {
        ...DESK,
        door: (whenFull) =>
          whenFull === 'refuse' ? { type: 'not-entered', why: 'full' } : { type: 'entered' },
      },
    },
    script: '! 1 12321 7654367 . 1',
    lines: [
      ...TO_PIN,
      'stops',
      'pin 7654367?',
      'enters as moderator guest refuse',
      'says room-full-moderator',
      'enters as moderator guest remove-last',
    ],
  },
  {
    name: 'sends a moderator away when nobody can be removed',
    rig: { desk: { ...DESK, door: () => ({ type: 'not-entered', why: 'full' }) } },
    script: '! 1 12321 7654367 . 3 . 1 .',
    lines: [
      ...TO_PIN,
      'stops',
      'pin 7654367?',
      'enters as moderator guest refuse',
      'says room-full-moderator',
      'says key-unknown room-full-moderator',
      'enters as moderator guest remove-last',
      'says room-full goodbye',
      'hangs up full',
    ],
  },
  {
    name: 'lets go of a moderator who does not answer at a full room',
    rig: {
      desk: { ...DESK, door: () => ({ type: 'not-entered', why: 'full' }) },
      options: { repeats: 0 },
    },
    script: '! 1 12321 7654367 . ~7000 .',
    lines: [
      ...TO_PIN,
      'stops',
      'pin 7654367?',
      'enters as moderator guest refuse',
      'says room-full-moderator',
      'says nothing-keyed goodbye',
      'hangs up full',
    ],
  },
];

for (const scenario of [
  ...MENU_SCENARIOS,
  ...JOIN_SCENARIOS,
  ...STRAIGHT_SCENARIOS,
  ...DOOR_SCENARIOS,
]) {
  test(scenario.name, () => {
    const rig = new EntryRig(scenario.rig);

    assert.equal(rig.play(scenario.script), scenario.lines);
  });
}

test('waits for nothing before the start, at a question to others, and after the end', () => {
  const unanswered = new EntryRig({ desk: {} });
  const entered = new EntryRig();
  const hungUp = new EntryRig({ desk: verdictDesk({ verdict: 'refused-for-a-while' }) });

  assert.is(unanswered.dialogue.deadlineMs, NEVER);
  unanswered.play('! 1 12321');
  entered.play('! 1 12321 54345#');
  hungUp.play('! 1 12321 54345# .');

  assert.is(unanswered.dialogue.deadlineMs, NEVER);
  assert.is(entered.dialogue.deadlineMs, NEVER);
  assert.is(hungUp.dialogue.deadlineMs, NEVER);
});

test('hands keys that came while the room was asked on to the room', () => {
  const rig = new EntryRig({ desk: { ...DESK, door: () => undefined } });

  rig.play('! 1 12321 54345# *1');
  rig.feed({ type: 'entered' });

  assert.equal(rig.dialogue.typedAhead, ['*', '1']);
  assert.is(rig.lines.at(-1), 'enters as participant guest refuse');
});

test('does not take a key typed ahead for the wish to remove somebody', () => {
  const rig = new EntryRig({ desk: { ...DESK, door: () => undefined } });

  rig.play('! 1 12321 7654367 *1');
  rig.feed({ type: 'not-entered', why: 'full' });

  assert.is(rig.lines.at(-1), 'says room-full-moderator');
});

test('keeps a bounded number of keys typed ahead', () => {
  const rig = new EntryRig();

  rig.play('1'.repeat(500));

  assert.is(rig.dialogue.typedAhead.length, 48);
});

test('ignores a timeout that is not due and answers to questions it has not asked', () => {
  const rig = new EntryRig();
  rig.play('! 1');
  const before = rig.lines.length;

  rig.feed({ type: 'timeout' });
  rig.feed({ type: 'pin-checked', verdict: right('moderator') });
  rig.feed({ type: 'room-made', terms: TERMS });
  rig.feed({ type: 'entered' });

  assert.is(rig.lines.length, before);
});

test('lets only last words be deaf to keys', () => {
  const rig = new EntryRig();

  rig.play('! . 1 . 99999 . 99999 . 99999');

  const kinds = rig.actions.flatMap((action) =>
    action.type === 'say' ? [action.interruptible] : [],
  );
  assert.equal(kinds, ['by-key', 'by-key', 'by-key', 'by-key', 'not-by-key']);
});

test('tells the start in the zone of the room', () => {
  const rig = new EntryRig({ desk: timeDesk('may-not-wait') });

  rig.play('! 1 12321 54345#');

  assert.equal(rig.actions.at(-1), {
    type: 'say',
    utterances: [
      { say: 'too-early', startAtMs: 1_000_000, zone: 'Europe/Warsaw' },
      { say: 'goodbye' },
    ],
    interruptible: 'not-by-key',
  });
});

test.run();
