import { test } from 'uvu';
import * as assert from 'uvu/assert';

import type { DtmfKey } from '../../../mixer/protocol/dtmf.ts';
import { DTMF_KEYS } from '../../../mixer/protocol/dtmf.ts';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { HALONET_KEY_MAP } from '../../../server/ivr/key-map.ts';
import type { RoomMenuInput, RoomMenuOutput } from '../../../server/ivr/room-menu-message.ts';
import { createRoomMenu } from '../../../server/ivr/room-menu.ts';
import type { Role } from '../../../server/reservation/reservation.ts';
import type { Core } from '../../../server/runtime/core.ts';

function menuOf(role: Role): Core<RoomMenuInput, RoomMenuOutput> {
  return createRoomMenu({
    role,
    keyMap: HALONET_KEY_MAP,
    timeoutMs: 8000,
    speechTimeoutMs: 60_000,
  });
}

function press(menu: Core<RoomMenuInput, RoomMenuOutput>, keys: string): readonly string[] {
  const lines: string[] = [];
  for (const sign of keys) {
    const key = DTMF_KEYS.find((candidate) => candidate === sign);
    if (key === undefined) throw new Error(`not a key: ${sign}`);
    for (const output of menu.handle({ type: 'key', key }, 100)) {
      if (output.type === 'say') lines.push(`says ${output.utterance.say}`);
      if (output.type === 'act') lines.push(actionLine(output.action));
    }
  }
  return lines;
}

function actionLine(action: Extract<RoomMenuOutput, { type: 'act' }>['action']): string {
  return action.type === 'extend' ? `extend ${action.minutes}` : action.type;
}

const SCENARIOS: readonly (readonly [string, Role, string, readonly string[]])[] = [
  ['does nothing before *', 'moderator', '1234567890#', []],
  ['opens with *', 'participant', '*', ['says room-menu']],
  [
    'turns the microphone off and on with 1',
    'participant',
    '*1',
    ['says room-menu', 'toggle-microphone'],
  ],
  ['closes after an action', 'participant', '*11', ['says room-menu', 'toggle-microphone']],
  ['locks with 2', 'moderator', '*2', ['says room-menu', 'toggle-lock']],
  ['removes the last one with 3', 'moderator', '*3', ['says room-menu', 'remove-last']],
  ['keeps 2 for the moderator', 'participant', '*2', ['says room-menu', 'says moderator-only']],
  ['keeps 3 for the moderator', 'participant', '*3', ['says room-menu', 'says moderator-only']],
  [
    'repeats volumes without *',
    'participant',
    '*446679',
    [
      'says room-menu',
      'listen-quieter',
      'listen-quieter',
      'listen-louder',
      'listen-louder',
      'talk-quieter',
      'talk-louder',
    ],
  ],
  ['leaves with 8', 'participant', '*841', ['says room-menu', 'leave-menu']],
  ['tells the status with #', 'participant', '*#', ['says room-menu', 'say-status']],
  [
    'helps with * and stays open',
    'participant',
    '**1',
    ['says room-menu', 'say-help', 'toggle-microphone'],
  ],
  [
    'extends by 15 minutes',
    'moderator',
    '*051',
    ['says room-menu', 'says ask-extension', 'extend 15'],
  ],
  [
    'extends by 30 minutes',
    'moderator',
    '*052',
    ['says room-menu', 'says ask-extension', 'extend 30'],
  ],
  [
    'extends by 60 minutes',
    'moderator',
    '*053',
    ['says room-menu', 'says ask-extension', 'extend 60'],
  ],
  [
    'offers to extend to the moderator only',
    'participant',
    '*051',
    ['says room-menu', 'says moderator-only'],
  ],
  ['ends for all after 9 twice', 'moderator', '*099', ['says room-menu', 'end-for-all']],
  ['does not end for all after one 9', 'moderator', '*09', ['says room-menu']],
  [
    'does not end for all when another key follows',
    'moderator',
    '*091',
    ['says room-menu', 'says key-unknown'],
  ],
  [
    'keeps the end for the moderator',
    'participant',
    '*099',
    ['says room-menu', 'says moderator-only'],
  ],
  [
    'names an unknown key and stays open',
    'participant',
    '*A1',
    ['says room-menu', 'says key-unknown', 'toggle-microphone'],
  ],
  ...['01', '02', '03', '04', '06', '07', '00', '0*', '054', 'A'].map(
    (keys) =>
      [
        `knows nothing behind ${keys} yet`,
        'moderator',
        `*${keys}`,
        keys === '054'
          ? ['says room-menu', 'says ask-extension', 'says key-unknown']
          : ['says room-menu', 'says key-unknown'],
      ] as const,
  ),
];

for (const [name, role, keys, lines] of SCENARIOS) {
  test(name, () => {
    assert.equal(press(menuOf(role), keys), lines);
  });
}

test('ends with every key what is being said', () => {
  const menu = menuOf('participant');

  const outside = menu.handle({ type: 'key', key: '5' }, 0);
  const opening = menu.handle({ type: 'key', key: '*' }, 0);

  assert.equal(outside, [{ type: 'stop-saying' }]);
  assert.equal(opening, [
    { type: 'stop-saying' },
    { type: 'say', utterance: { say: 'room-menu' } },
  ]);
});

/** All outputs of each key, which come 100 ms after each other. */
function outputsOf(
  menu: Core<RoomMenuInput, RoomMenuOutput>,
  keys: readonly DtmfKey[],
): readonly string[] {
  return keys.map((key, index) =>
    menu
      .handle({ type: 'key', key }, index * 100)
      .map((output) => (output.type === 'say' ? output.utterance.say : output.type))
      .join(' '),
  );
}

test('lets a refusal be heard when the rest of the sequence was keyed in one go', () => {
  const menu = menuOf('participant');

  const outputs = outputsOf(menu, ['*', '0', '5', '1', '4']);

  assert.equal(outputs, [
    'stop-saying room-menu',
    'stop-saying',
    'stop-saying moderator-only',
    '',
    'stop-saying',
  ]);
  assert.is(menu.deadlineMs, NEVER);
});

test('takes a wrong end of a refused sequence as its end', () => {
  const outputs = outputsOf(menuOf('participant'), ['*', '0', '5', '4', '1']);

  assert.equal(outputs.slice(2), ['stop-saying moderator-only', '', 'stop-saying']);
});

test('opens again with * right after a refusal', () => {
  const outputs = outputsOf(menuOf('participant'), ['*', '0', '5', '*', '1']);

  assert.equal(outputs.slice(2), [
    'stop-saying moderator-only',
    'stop-saying room-menu',
    'stop-saying act',
  ]);
});

test('swallows nothing any more 2 s after a refusal', () => {
  const menu = menuOf('participant');

  outputsOf(menu, ['*', '0', '5']);
  const waitsUntilMs = menu.deadlineMs;
  menu.handle({ type: 'said' }, 1500);
  menu.handle({ type: 'timeout' }, 2200);

  assert.is(waitsUntilMs, 2200);
  assert.is(menu.deadlineMs, NEVER);
  assert.equal(menu.handle({ type: 'key', key: '1' }, 2300), [{ type: 'stop-saying' }]);
});

test('closes by itself after silence, counted from the end of what was said', () => {
  const menu = menuOf('participant');

  press(menu, '*');
  menu.handle({ type: 'said' }, 5000);
  const early = menu.deadlineMs;
  menu.handle({ type: 'timeout' }, 12_999);
  const stillOpen = menu.deadlineMs;
  menu.handle({ type: 'timeout' }, 13_000);

  assert.is(early, 13_000);
  assert.is(stillOpen, 13_000);
  assert.is(menu.deadlineMs, NEVER);
  assert.equal(press(menu, '1'), []);
});

test('closes after the longest time that anything is said, when its end is never reported', () => {
  const menu = menuOf('participant');

  press(menu, '*');

  assert.is(menu.deadlineMs, 60_100);
});

test('waits for the next key of a sequence no longer than for any other', () => {
  const menu = menuOf('moderator');

  press(menu, '*0');

  assert.is(menu.deadlineMs, 8100);
});

test('waits for nothing while it is closed', () => {
  const menu = menuOf('participant');

  menu.handle({ type: 'said' }, 5000);
  menu.handle({ type: 'timeout' }, 5000);

  assert.is(menu.deadlineMs, NEVER);
});

test('follows a change of role', () => {
  const menu = menuOf('participant');

  menu.handle({ type: 'role', role: 'moderator' }, 0);

  assert.equal(press(menu, '*2'), ['says room-menu', 'toggle-lock']);
});

test('has a key map in which no line hides another', () => {
  const sequences = HALONET_KEY_MAP.bindings.map((binding) => binding.keys.join(''));

  for (const one of sequences) {
    assert.equal(
      sequences.filter((other) => other.startsWith(one)),
      [one],
    );
  }
});

test('has a key map whose prompts lead on to a line of the same role', () => {
  const { bindings, prompts } = HALONET_KEY_MAP;

  for (const prompt of prompts) {
    const begun = bindings.filter((line) => startsWith(line.keys, prompt.keys));
    assert.ok(begun.length > 0);
    assert.ok(begun.every((line) => line.role === prompt.role));
  }
});

function startsWith(keys: readonly DtmfKey[], start: readonly DtmfKey[]): boolean {
  return start.every((key, index) => keys[index] === key);
}

test.run();
