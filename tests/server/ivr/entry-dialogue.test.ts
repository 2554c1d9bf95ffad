import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { NEVER } from '../../../mixer/protocol/units.ts';
import type { EntryInput } from '../../../server/ivr/entry-message.ts';
import type { Desk } from './entry-rig.ts';
import { DESK, EntryRig, MENU_JOIN_ONLY, TERMS, right, verdictDesk } from './entry-rig.ts';
import type { Scenario } from './entry-scenario.ts';
import { runScenarios } from './entry-scenario.ts';

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

runScenarios(MENU_SCENARIOS);

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

test('takes no answer for another while it waits for one', () => {
  const answers: readonly EntryInput[] = [
    { type: 'number-checked', outcome: 'known' },
    { type: 'pin-checked', verdict: right('moderator') },
    { type: 'new-number-checked', outcome: 'free' },
    { type: 'room-made', terms: TERMS },
    { type: 'not-entered', why: 'full' },
    { type: 'entered' },
    { type: 'said' },
  ];
  const { number, newNumber } = DESK;
  const waiting: readonly (readonly [Desk, string, EntryInput['type']])[] = [
    [{}, '! 1 12321', 'number-checked'],
    [{ number }, '! 1 12321 54345#', 'pin-checked'],
    [{}, '! 2 24680', 'new-number-checked'],
    [{ newNumber }, '! 2 24680 13579', 'room-made'],
  ];

  for (const [desk, script, awaited] of waiting) {
    const rig = new EntryRig({ desk });
    rig.play(script);
    const before = rig.lines.length;
    for (const answer of answers.filter((input) => input.type !== awaited)) rig.feed(answer);
    if (awaited !== 'room-made') rig.feed({ type: 'room-not-made', why: 'fault' });
    const after = rig.lines.length;
    for (const answer of answers.filter((input) => input.type === awaited)) rig.feed(answer);

    assert.is(after, before, `${script} took another answer`);
    assert.ok(rig.lines.length > after, `${script} did not take its answer`);
  }
});

test('lets only last words be deaf to keys', () => {
  const rig = new EntryRig();

  rig.play('! . 1 . 999# . 999# . 999#');

  const kinds = rig.actions.flatMap((action) =>
    action.type === 'say' ? [action.interruptible] : [],
  );
  assert.equal(kinds, ['by-key', 'by-key', 'by-key', 'by-key', 'not-by-key']);
});

test('keeps the worker from cutting what is said after a full length, and cuts it itself at a key', () => {
  const rig = new EntryRig();
  rig.play('! . 1 . 99999');

  const said = rig.actions.at(-1);
  assert.equal(said?.type === 'say' ? said.interruptible : '', 'not-by-key');
  assert.equal(rig.play('#'), []);
  assert.equal(rig.play('1'), ['stops']);
});

test('tells # behind an entry that was complete without it from a key for the room', () => {
  const rig = new EntryRig();
  rig.play('! . 1 . 12321 . 7654367');

  assert.is(rig.dialogue.closesEntry('#', rig.nowMs + 1000), true);
  assert.is(rig.dialogue.closesEntry('#', rig.nowMs + 1100), false, 'it comes once');
  const late = new EntryRig();
  late.play('! . 1 . 12321 . 54345 ~1500');
  assert.is(late.dialogue.closesEntry('#', late.nowMs + 4001), false, 'it comes soon');
});

test.run();
