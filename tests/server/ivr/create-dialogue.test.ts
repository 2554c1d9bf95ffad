import { test } from 'uvu';
import * as assert from 'uvu/assert';

import type { EntryInput } from '../../../server/ivr/entry-message.ts';
import type { RigOptions } from './entry-rig.ts';
import { DESK, EntryRig, TERMS } from './entry-rig.ts';
import type { Scenario } from './entry-scenario.ts';
import { runScenarios } from './entry-scenario.ts';

const BEGIN = ['says welcome menu-join-or-create', 'says ask-new-number'];
const HOST = 'enters as moderator host refuse';

function notMade(why: 'taken' | 'pin-too-simple' | 'fault'): RigOptions {
  return { desk: { ...DESK, make: (): EntryInput => ({ type: 'room-not-made', why }) } };
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'makes a room of a picked number and PIN, says so and enters its maker as host',
    script: '! . 2 . 24680 . 13579 .',
    lines: [
      ...BEGIN,
      'new number 24680?',
      'says ask-new-pin',
      'makes 24680 13579',
      'says room-created',
      HOST,
    ],
  },
  {
    name: 'takes # behind a number and a PIN of full length for nothing more than habit',
    script: '! . 2 . 24680# . 13579# .',
    lines: [
      ...BEGIN,
      'new number 24680?',
      'says ask-new-pin',
      'makes 24680 13579',
      'says room-created',
      HOST,
    ],
  },
  {
    name: 'enters when the announcement is cut short',
    script: '! . 2 . 24680 . 13579 1',
    lines: [
      ...BEGIN,
      'new number 24680?',
      'says ask-new-pin',
      'makes 24680 13579',
      'says room-created',
      'stops',
      HOST,
    ],
  },
  {
    name: 'enters when the end of the announcement is never reported',
    script: '! . 2 . 24680 . 13579 ~60000',
    lines: [
      ...BEGIN,
      'new number 24680?',
      'says ask-new-pin',
      'makes 24680 13579',
      'says room-created',
      HOST,
    ],
  },
  {
    name: 'refuses a number that # or silence ended too early',
    script: '! . 2 . 246# . 2468 ~4000',
    lines: [
      ...BEGIN,
      'says new-number-too-short ask-new-number',
      'says new-number-too-short ask-new-number',
    ],
  },
  ...(['taken', 'too-simple'] as const).map((outcome): Scenario => ({
    name: `refuses a number that is ${outcome}, three times`,
    rig: { desk: { ...DESK, newNumber: () => outcome } },
    script: '! . 2 . 24680 . 24681 . 24682 .',
    lines: [
      ...BEGIN,
      'new number 24680?',
      `says new-number-${outcome} ask-new-number`,
      'new number 24681?',
      `says new-number-${outcome} ask-new-number`,
      'new number 24682?',
      `says new-number-${outcome} too-many-tries goodbye`,
      'hangs up too-many-tries',
    ],
  })),
  {
    name: 'refuses a PIN that is too short, three times',
    script: '! . 2 . 24680 . 1# . 2# . 3# .',
    lines: [
      ...BEGIN,
      'new number 24680?',
      'says ask-new-pin',
      'says new-pin-too-short ask-new-pin',
      'says new-pin-too-short ask-new-pin',
      'says new-pin-too-short too-many-tries goodbye',
      'hangs up too-many-tries',
    ],
  },
  {
    name: 'asks for another PIN when this one is too simple',
    rig: notMade('pin-too-simple'),
    script: '! . 2 . 24680 . 11111',
    lines: [
      ...BEGIN,
      'new number 24680?',
      'says ask-new-pin',
      'makes 24680 11111',
      'says new-pin-too-simple ask-new-pin',
    ],
  },
  {
    name: 'asks for another number when somebody was faster, counting it as a try',
    rig: notMade('taken'),
    script: '! . 2 . 24680 . 13579 . 24681 . 13579 . 24682 . 13579 .',
    lines: [
      ...BEGIN,
      'new number 24680?',
      'says ask-new-pin',
      'makes 24680 13579',
      'says new-number-taken ask-new-number',
      'new number 24681?',
      'says ask-new-pin',
      'makes 24681 13579',
      'says new-number-taken ask-new-number',
      'new number 24682?',
      'says ask-new-pin',
      'makes 24682 13579',
      'says new-number-taken too-many-tries goodbye',
      'hangs up too-many-tries',
    ],
  },
  {
    name: 'says goodbye when the room cannot be made',
    rig: notMade('fault'),
    script: '! . 2 . 24680 . 13579 .',
    lines: [
      ...BEGIN,
      'new number 24680?',
      'says ask-new-pin',
      'makes 24680 13579',
      'says room-fault goodbye',
      'hangs up fault',
    ],
  },
  {
    name: 'repeats its questions after silence',
    script: '! . 2 . ~7000 . 24680 . ~7000',
    lines: [
      ...BEGIN,
      'says nothing-keyed ask-new-number',
      'new number 24680?',
      'says ask-new-pin',
      'says nothing-keyed ask-new-pin',
    ],
  },
];

runScenarios(SCENARIOS);

test('tells the number of the room that was made', () => {
  const rig = new EntryRig();

  rig.play('! . 2 . 24680 . 13579');

  assert.equal(rig.actions.at(-1), {
    type: 'say',
    utterances: [{ say: 'room-created', number: '24680' }],
    // The worker must not cut it at the # of habit; the dialogue does at any other key.
    interruptible: 'not-by-key',
  });
});

test('leaves the key that cut the announcement short to the room', () => {
  const rig = new EntryRig();

  rig.play('! 2 24680 13579 *');

  assert.equal(rig.dialogue.typedAhead, ['*']);
  assert.is(rig.lines.at(-1), HOST);
});

test('enters the room that was made, not the one that was asked for', () => {
  const terms = { ...TERMS, roomId: 'phone-24680' };
  const rig = new EntryRig({ desk: { ...DESK, make: () => ({ type: 'room-made', terms }) } });

  rig.play('! 2 24680 13579 .');

  assert.equal(rig.actions.at(-1), {
    type: 'enter',
    terms,
    role: 'moderator',
    whenFull: 'refuse',
    tie: 'host',
  });
});

test.run();
