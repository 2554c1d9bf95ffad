import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { NEVER } from '../../../mixer/protocol/units.ts';
import { RoomRig, heard } from './room-rig.ts';

test('opens with the first one, who is told so and hears music', () => {
  const rig = new RoomRig();

  assert.equal(rig.join('a'), [
    'mixer open-room room-1',
    'mixer join-room leg-a room-1',
    'a joined 0 others as participant',
    'mixer set-music leg-a on',
    'a hears entered-first',
  ]);
});

test('ends the music when somebody comes, tells them how many are there and the others by a tone', () => {
  const rig = new RoomRig();
  rig.join('a');

  assert.equal(rig.join('b'), [
    'mixer join-room leg-b room-1',
    'b joined 1 others as participant',
    'mixer set-music leg-a off',
    'all hear tone-enter but leg-b',
    'b hears entered-with 1',
  ]);
});

test('tells moderators that they are', () => {
  const rig = new RoomRig();

  const first = rig.join('a', { role: 'moderator' });
  const second = rig.join('b', { role: 'moderator' });

  assert.equal(first.slice(-2), ['a hears entered-first', 'a hears you-are-moderator']);
  assert.equal(second.slice(-2), ['b hears entered-with 1', 'b hears you-are-moderator']);
});

test('plays no tone where announcements are off', () => {
  const rig = new RoomRig({ terms: { announcements: 'off' } });
  rig.join('a');

  assert.equal(heard(rig.join('b')), [
    'b joined 1 others as participant',
    'b hears entered-with 1',
  ]);
  assert.equal(rig.leave('b'), ['mixer leave-room leg-b']);
});

test('plays the tone where names would be announced', () => {
  const rig = new RoomRig({ terms: { announcements: 'name' } });
  rig.join('a');

  assert.ok(rig.join('b').includes('all hear tone-enter but leg-b'));
});

test('counts everybody and refuses who is one too many', () => {
  const rig = new RoomRig({ terms: { maxParticipants: 30 } });
  for (let index = 0; index < 30; index += 1) {
    const id = `p${index}`;
    assert.ok(rig.join(id).includes(`${id} joined ${index} others as participant`));
  }

  assert.equal(rig.join('z'), ['z refused full']);
  assert.equal(rig.join('m', { role: 'moderator' }), ['m refused full']);
  assert.equal(rig.join('y', { whenFull: 'remove-last' }), ['y refused full']);
});

test('lets a moderator into a full room in place of the last one who joined', () => {
  const rig = new RoomRig();
  rig.join('a');
  rig.join('b');
  rig.join('c');

  assert.equal(rig.join('m', { role: 'moderator', whenFull: 'remove-last' }), [
    'note the last one was removed to make room',
    'mixer leave-room leg-c',
    'c expelled removed',
    'all hear tone-leave',
    'mixer join-room leg-m room-1',
    'm joined 2 others as moderator',
    'all hear tone-enter but leg-m',
    'm hears entered-with 2',
    'm hears you-are-moderator',
  ]);
});

test('does not remove the host of a room to make room, and refuses where nobody else is', () => {
  const rig = new RoomRig({ terms: { maxParticipants: 1, origin: 'phone', endAtMs: null } });
  rig.join('h', { role: 'moderator', tie: 'host' });

  assert.equal(rig.join('m', { role: 'moderator', whenFull: 'remove-last' }), ['m refused full']);
});

test('locks out participants but not moderators', () => {
  const rig = new RoomRig();
  rig.join('m', { role: 'moderator' });
  rig.act('m', 'toggle-lock');

  assert.equal(rig.join('a'), ['a refused locked']);
  assert.ok(rig.join('n', { role: 'moderator' }).includes('n joined 1 others as moderator'));
});

test('says locked rather than full to a participant when it is both', () => {
  const rig = new RoomRig({ terms: { maxParticipants: 1 } });
  rig.join('m', { role: 'moderator' });
  rig.act('m', 'toggle-lock');

  assert.equal(rig.join('a'), ['a refused locked']);
});

test('refuses nobody twice and lets nobody in twice', () => {
  const rig = new RoomRig();
  rig.join('a');

  assert.equal(rig.join('a'), ['note somebody who is inside joined again']);
});

test('tells the others by a tone that somebody has left', () => {
  const rig = new RoomRig();
  rig.join('a');
  rig.join('b');
  rig.join('c');

  assert.equal(rig.leave('b'), ['mixer leave-room leg-b', 'all hear tone-leave']);
});

test('tells the last one who is left, after a moment, and plays music', () => {
  const rig = new RoomRig();
  rig.join('a');
  rig.join('b');
  rig.leave('a');

  assert.equal(rig.waitUntil(2999), []);
  assert.equal(rig.waitUntil(3000), ['b hears alone-again', 'mixer set-music leg-b on']);
});

test('plays no music to who was alone only for a moment', () => {
  const rig = new RoomRig();
  rig.join('a');
  rig.join('b');
  rig.leave('a');
  rig.nowMs = 1000;

  const lines = rig.join('c');

  assert.not.ok(lines.some((line) => line.includes('set-music')));
  assert.equal(rig.waitUntil(10_000), []);
});

test('is over with the last one, and another conference begins afresh', () => {
  const rig = new RoomRig();
  rig.join('m', { role: 'moderator' });
  rig.act('m', 'toggle-lock');
  rig.act('m', 'toggle-microphone');
  rig.act('m', 'listen-louder');

  assert.equal(rig.leave('m'), [
    'mixer set-music leg-m off',
    'mixer leave-room leg-m',
    'mixer close-room room-1',
    'emptied reservation-stands',
  ]);
  assert.is(rig.room.deadlineMs, NEVER);
  assert.is(rig.join('a')[0], 'mixer open-room room-1');
  assert.equal(rig.act('a', 'say-status'), ['a hears room-status 1 live open 60']);
  assert.ok(rig.act('a', 'listen-louder').includes('a hears listen-volume 1'));
});

test('ends with its host when it was made by phone', () => {
  const rig = new RoomRig({ terms: { origin: 'phone', endAtMs: null } });
  rig.join('h', { role: 'moderator', tie: 'host' });
  rig.join('a');
  rig.join('b');

  assert.equal(rig.leave('h'), [
    'mixer leave-room leg-h',
    'note the host of the room has left',
    'mixer leave-room leg-a',
    'a expelled host-left',
    'mixer leave-room leg-b',
    'b expelled host-left',
    'mixer close-room room-1',
    'emptied over',
  ]);
  assert.equal(rig.join('c'), ['c refused over', 'emptied over']);
});

test('goes on when a guest of a room made by phone leaves', () => {
  const rig = new RoomRig({ terms: { origin: 'phone', endAtMs: null } });
  rig.join('h', { role: 'moderator', tie: 'host' });
  rig.join('a');

  assert.equal(rig.leave('a'), ['mixer leave-room leg-a', 'all hear tone-leave']);
});

test('is over when the host of a room made by phone leaves it alone', () => {
  const rig = new RoomRig({ terms: { origin: 'phone', endAtMs: null } });
  rig.join('h', { role: 'moderator', tie: 'host' });

  assert.is(rig.leave('h').at(-1), 'emptied over');
});

test('passes over people who are not inside', () => {
  const rig = new RoomRig();

  assert.equal(rig.leave('x'), []);
  assert.equal(rig.act('x', 'end-for-all'), []);
  rig.join('a');
  assert.equal(rig.leave('x'), []);
  assert.equal(rig.act('x', 'end-for-all'), []);
});

test.run();
