import { test } from 'uvu';

import { DESK, right, verdictDesk } from './entry-rig.ts';
import type { Scenario } from './entry-scenario.ts';
import { TO_PIN, runScenarios } from './entry-scenario.ts';

const JOINED = ['enters as participant guest refuse'];

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
    name: 'takes no notice of # behind a number of full length, once and for a while',
    script: '! 1 12321# # ~4001 #',
    lines: [...TO_PIN, 'says ask-pin', 'says ask-pin'],
  },
  {
    name: 'does not cut the reason short at # behind a wrong number of full length',
    script: '! . 1 . 99999# .',
    lines: [
      'says welcome menu-join-or-create',
      'says ask-number',
      'number 99999?',
      'says number-unknown ask-number',
    ],
  },
  {
    name: 'takes # behind number and ADMIN PIN typed ahead for part of them',
    script: '112321#7654367#* !',
    lines: ['stops', 'number 12321?', 'stops', 'pin 7654367?', 'enters as moderator guest refuse'],
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

runScenarios([...JOIN_SCENARIOS, ...STRAIGHT_SCENARIOS]);

test.run();
