import { test } from 'uvu';
import * as assert from 'uvu/assert';

import type { RoomAction } from '../../../server/room/room-message.ts';
import { RoomRig } from './room-rig.ts';

/** A moderator m and a participant a by browser, a participant p by phone. */
function meeting(): RoomRig {
  const rig = new RoomRig({ terms: { maxParticipants: 4 } });
  rig.joinByBrowser('m', { role: 'moderator' });
  rig.joinByBrowser('a');
  rig.join('p');
  return rig;
}

interface Case {
  readonly action: RoomAction;
  readonly role: 'participant' | 'moderator';
  /** What a click leads to, besides its answer. */
  readonly clicked: readonly string[];
  /** What is heard by who presses a key instead; null: nothing. */
  readonly heard: string | null;
}

const CASES: readonly Case[] = [
  {
    action: { type: 'toggle-microphone' },
    role: 'participant',
    clicked: ['mixer set-microphone leg-m muted'],
    heard: 'microphone-off',
  },
  {
    action: { type: 'set-microphone', microphone: 'muted' },
    role: 'participant',
    clicked: ['mixer set-microphone leg-m muted'],
    heard: 'microphone-off',
  },
  {
    action: { type: 'set-microphone', microphone: 'live' },
    role: 'participant',
    clicked: [],
    heard: 'microphone-on',
  },
  { action: { type: 'toggle-hand' }, role: 'participant', clicked: [], heard: 'hand-raised' },
  {
    action: { type: 'set-hand', hand: 'raised' },
    role: 'participant',
    clicked: [],
    heard: 'hand-raised',
  },
  {
    action: { type: 'set-hand', hand: 'lowered' },
    role: 'participant',
    clicked: [],
    heard: 'hand-lowered',
  },
  {
    action: { type: 'mute-person', personId: 'p' },
    role: 'moderator',
    clicked: ['mixer set-microphone leg-p muted', 'p hears muted-by-moderator'],
    heard: null,
  },
  {
    action: { type: 'mute-person', personId: 'a' },
    role: 'moderator',
    clicked: ['mixer set-microphone leg-a muted'],
    heard: null,
  },
  {
    action: { type: 'mute-all' },
    role: 'moderator',
    clicked: [
      'note a moderator muted all',
      'mixer set-microphone leg-a muted',
      'mixer set-microphone leg-p muted',
      'p hears muted-by-moderator',
    ],
    heard: null,
  },
  {
    action: { type: 'lower-hand-of', personId: 'p' },
    role: 'moderator',
    clicked: [],
    heard: null,
  },
  {
    action: { type: 'remove-person', personId: 'a' },
    role: 'moderator',
    clicked: [
      'note a moderator removed somebody',
      'mixer leave-room leg-a',
      'a expelled removed',
      'all hear tone-leave',
    ],
    heard: null,
  },
  {
    action: { type: 'set-lock', lock: 'locked' },
    role: 'moderator',
    clicked: ['note a moderator locked the room'],
    heard: 'lock-on',
  },
  { action: { type: 'set-lock', lock: 'open' }, role: 'moderator', clicked: [], heard: 'lock-off' },
  {
    action: { type: 'end-for-all' },
    role: 'moderator',
    clicked: [
      'note a moderator ended the conference',
      'mixer leave-room leg-m',
      'm expelled ended-by-moderator',
      'mixer leave-room leg-a',
      'a expelled ended-by-moderator',
      'mixer leave-room leg-p',
      'p expelled ended-by-moderator',
      'mixer close-room room-1',
      'emptied reservation-stands',
    ],
    heard: null,
  },
];

for (const { action, role, clicked, heard } of CASES) {
  const words = Object.values(action).join(' ');

  test(`a click on ${words} does the same as a key, and is answered instead of confirmed`, () => {
    assert.equal(meeting().click('m', action), ['click 7 done', ...clicked]);
    const confirmed = heard === null ? [] : [`m hears ${heard}`];
    assert.equal(meeting().act('m', action), [...clicked, ...confirmed]);
  });

  test(`${words} is for ${role}s`, () => {
    const rig = meeting();
    const before = rig.room.view;

    const answer = rig.click('a', action)[0];

    assert.is(answer, role === 'moderator' ? 'click 7 moderator-only' : 'click 7 done');
    if (role === 'moderator') {
      assert.is(rig.room.view, before, 'nothing has changed');
      assert.equal(meeting().act('p', action), ['p hears moderator-only']);
    }
  });
}

for (const type of ['mute-person', 'remove-person', 'lower-hand-of'] as const) {
  test(`${type} meets nobody where nobody is`, () => {
    const rig = meeting();

    assert.equal(rig.click('m', { type, personId: 'x' }), ['click 7 nobody-there']);
  });
}

test('a click from outside is answered', () => {
  assert.equal(meeting().click('x', 'toggle-hand'), ['click 7 not-in-the-room']);
  assert.equal(new RoomRig().click('x', 'toggle-hand'), ['click 7 not-in-the-room']);
  assert.equal(meeting().act('x', 'toggle-hand'), []);
});

test('who was muted by a moderator may unmute, and says who muted last', () => {
  const rig = meeting();

  rig.click('m', { type: 'mute-person', personId: 'a' });
  assert.is(rig.look('a'), 'participant muted moderator lowered leg-a');
  rig.click('a', { type: 'set-microphone', microphone: 'live' });
  assert.is(rig.look('a'), 'participant live unmuted lowered leg-a');
  rig.click('a', 'toggle-microphone');
  rig.click('m', 'mute-all');
  assert.is(rig.look('a'), 'participant muted self lowered leg-a');
});

test('mute-all leaves moderators their microphones', () => {
  const rig = meeting();
  rig.joinByBrowser('n', { role: 'moderator' });

  rig.click('n', 'mute-all');

  assert.is(rig.look('m'), 'moderator live unmuted lowered leg-m');
  assert.is(rig.look('p'), 'participant muted moderator lowered leg-p');
});

test('a moderator may mute another, and themselves', () => {
  const rig = meeting();
  rig.joinByBrowser('n', { role: 'moderator' });

  rig.click('n', { type: 'mute-person', personId: 'm' });
  rig.click('n', { type: 'mute-person', personId: 'n' });

  assert.is(rig.look('m'), 'moderator muted moderator lowered leg-m');
  assert.is(rig.look('n'), 'moderator muted self lowered leg-n');
});

test('tells a phone whose hand is taken down', () => {
  const rig = meeting();
  rig.act('p', 'toggle-hand');

  assert.equal(rig.click('m', { type: 'lower-hand-of', personId: 'p' }), [
    'click 7 done',
    'p hears hand-lowered',
  ]);
  assert.is(rig.look('p'), 'participant live unmuted lowered leg-p');
});

test('a moderator removes another one, as everybody else', () => {
  const rig = meeting();
  rig.joinByBrowser('n', { role: 'moderator' });

  assert.equal(rig.click('n', { type: 'remove-person', personId: 'm' }), [
    'click 7 done',
    'note a moderator removed somebody',
    'mixer leave-room leg-m',
    'm expelled removed',
    'all hear tone-leave',
  ]);
  assert.equal(rig.click('m', { type: 'mute-all' }), ['click 7 not-in-the-room']);
});

test('nobody removes themselves, nor the host whose room it is', () => {
  const rig = meeting();
  assert.equal(rig.click('m', { type: 'remove-person', personId: 'm' }), ['click 7 nobody-there']);

  const made = new RoomRig();
  made.join('h', { role: 'moderator', tie: 'host' });
  made.joinByBrowser('m', { role: 'moderator' });
  assert.equal(made.click('m', { type: 'remove-person', personId: 'h' }), ['click 7 nobody-there']);
});

test.run();
