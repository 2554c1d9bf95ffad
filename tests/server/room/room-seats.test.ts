import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { DEFAULT_ROOM_SETTINGS } from '../../../server/room/room-options.ts';
import { RoomRig } from './room-rig.ts';

const { graceMs, aloneMusicDelayMs } = DEFAULT_ROOM_SETTINGS;

/** A participant a by browser and a participant p by phone. */
function meeting(): RoomRig {
  const rig = new RoomRig();
  rig.joinByBrowser('a');
  rig.join('p');
  return rig;
}

test('a browser is greeted by no words and has music while it is alone', () => {
  const rig = new RoomRig();

  assert.equal(rig.joinByBrowser('a', { role: 'moderator' }), [
    'mixer open-room room-1',
    'mixer join-room leg-a room-1',
    'a joined 0 others as moderator',
    'mixer set-music leg-a on',
  ]);
});

test('who is away is unheard and unannounced, and keeps the seat', () => {
  const rig = meeting();

  assert.equal(rig.lose('a'), ['note a guest has lost the connection', 'mixer leave-room leg-a']);
  assert.is(rig.look('a'), 'participant live unmuted lowered away');
  assert.is(rig.room.people, 2);
});

test('a phone that is lost has left', () => {
  const rig = meeting();

  assert.equal(rig.lose('p'), ['mixer leave-room leg-p', 'all hear tone-leave']);
  assert.is(rig.look('p'), 'not there');
});

test('who is back is heard as before: microphone, volumes, no tone, no words', () => {
  const rig = meeting();
  rig.click('a', 'toggle-microphone');
  rig.click('a', 'listen-louder');
  rig.click('a', 'talk-quieter');
  rig.click('a', 'toggle-hand');
  rig.lose('a');

  assert.equal(rig.joinByBrowser('a', { legId: 'leg-2' }), [
    'mixer join-room leg-2 room-1',
    'a joined 1 others as participant',
    'mixer set-microphone leg-2 muted',
    'mixer set-gains leg-2 -3 3',
  ]);
  assert.is(rig.look('a'), 'participant muted self raised leg-2');
});

test('what is clicked while away holds when back', () => {
  const rig = meeting();
  rig.lose('a');

  assert.equal(rig.click('a', 'toggle-microphone'), ['click 7 done']);

  assert.ok(rig.joinByBrowser('a').includes('mixer set-microphone leg-a muted'));
});

test('the role is that of the seat, whatever the new call says', () => {
  const rig = meeting();
  rig.lose('a');

  rig.joinByBrowser('a', { role: 'moderator' });

  assert.is(rig.look('a'), 'participant live unmuted lowered leg-a');
});

test('a new leg takes over from one that still stands, which is let go of first', () => {
  const rig = meeting();

  assert.equal(rig.joinByBrowser('a', { legId: 'leg-2' }), [
    'mixer leave-room leg-a',
    'leg-a taken over',
    'mixer join-room leg-2 room-1',
    'a joined 1 others as participant',
  ]);
});

test('the end of a leg that was replaced changes nothing', () => {
  const rig = meeting();
  rig.joinByBrowser('a', { legId: 'leg-2' });

  assert.equal(rig.lose('a', 'leg-a'), []);
  assert.equal(rig.leave('a'), []);
  assert.is(rig.look('a'), 'participant live unmuted lowered leg-2');
});

test('comes back to a room that is locked and full', () => {
  const rig = meeting();
  rig.join('m', { role: 'moderator' });
  rig.act('m', 'toggle-lock');
  rig.lose('a');

  assert.equal(rig.joinByBrowser('b'), ['b refused locked']);
  assert.ok(rig.joinByBrowser('a').includes('a joined 2 others as participant'));
});

test('a seat counts among the places while it waits', () => {
  const rig = meeting();
  rig.joinByBrowser('b');
  rig.lose('a');
  rig.lose('b');

  assert.equal(rig.join('q'), ['q refused full']);
});

test('leaves when the grace is over, with a tone, and the last one gets music', () => {
  const rig = meeting();
  rig.lose('a');

  assert.equal(rig.waitUntil(graceMs - 1), []);
  assert.equal(rig.waitUntil(graceMs), ['note a guest did not come back', 'all hear tone-leave']);
  assert.equal(rig.waitUntil(graceMs + aloneMusicDelayMs), [
    'p hears alone-again',
    'mixer set-music leg-p on',
  ]);
});

test('the grace begins anew with each loss', () => {
  const rig = meeting();
  rig.lose('a');
  rig.waitUntil(graceMs - 1);
  rig.joinByBrowser('a');
  rig.lose('a');

  assert.equal(rig.waitUntil(graceMs + 1), []);
  assert.is(rig.look('a'), 'participant live unmuted lowered away');
});

test('a room in which all are away stays for their grace, then it is empty', () => {
  const rig = new RoomRig();
  rig.joinByBrowser('a');
  rig.joinByBrowser('b');
  rig.lose('a');
  rig.nowMs = 1000;
  rig.lose('b');

  assert.equal(rig.waitUntil(graceMs), ['note a guest did not come back', 'all hear tone-leave']);
  const lines = rig.waitUntil(graceMs + 1000);
  assert.ok(lines.includes('emptied reservation-stands'));
});

test('who was alone with music is back with music; who finds company is not', () => {
  const rig = new RoomRig();
  rig.joinByBrowser('a');
  assert.ok(rig.lose('a').includes('mixer set-music leg-a off'));
  assert.ok(rig.joinByBrowser('a').includes('mixer set-music leg-a on'));

  rig.lose('a');
  rig.join('p');
  assert.not.ok(rig.joinByBrowser('a').some((line) => line.includes('music')));
});

test('who is away may be removed, or leave for good', () => {
  const rig = meeting();
  rig.join('m', { role: 'moderator' });
  rig.lose('a');
  assert.equal(rig.click('m', { type: 'remove-person', personId: 'a' }), [
    'click 7 done',
    'note a moderator removed somebody',
    'a expelled removed',
    'all hear tone-leave',
  ]);

  rig.joinByBrowser('b');
  rig.lose('b');
  assert.equal(rig.feed({ type: 'leave', participantId: 'b', legId: null }), [
    'all hear tone-leave',
  ]);
});

test('the end of the reservation puts those out who are away too', () => {
  const rig = meeting();
  rig.nowMs = 3_599_000;
  rig.lose('a');

  const lines = rig.waitUntil(3_600_000);

  assert.ok(lines.includes('a expelled reservation-ended'));
  assert.ok(lines.includes('emptied over'));
});

test('a lost worker leaves the seats; the room opens again for the first who is back', () => {
  const rig = meeting();
  rig.joinByBrowser('b');
  rig.join('m', { role: 'moderator' });

  assert.equal(rig.feed({ type: 'worker-lost' }), []);
  assert.is(rig.look('p'), 'not there');
  assert.is(rig.look('a'), 'participant live unmuted lowered away');
  assert.equal(rig.joinByBrowser('b', { legId: 'leg-2' }), [
    'mixer open-room room-1',
    'mixer join-room leg-2 room-1',
    'b joined 1 others as participant',
  ]);
  assert.equal(rig.joinByBrowser('a', { legId: 'leg-3' }), [
    'mixer join-room leg-3 room-1',
    'a joined 1 others as participant',
  ]);
});

test('after a lost worker a newcomer opens the room too', () => {
  const rig = meeting();
  rig.feed({ type: 'worker-lost' });

  const lines = rig.join('q');

  assert.equal(lines.slice(0, 2), ['mixer open-room room-1', 'mixer join-room leg-q room-1']);
});

test('lock, hands and microphones outlive the worker', () => {
  const rig = new RoomRig();
  rig.joinByBrowser('m', { role: 'moderator' });
  rig.joinByBrowser('a');
  rig.click('m', 'toggle-lock');
  rig.click('a', 'toggle-hand');
  rig.click('m', { type: 'mute-person', personId: 'a' });

  rig.feed({ type: 'worker-lost' });
  rig.joinByBrowser('a', { legId: 'leg-2' });

  assert.is(rig.look('a'), 'participant muted moderator raised leg-2');
  assert.is(rig.room.view.lock, 'locked');
});

test('a room with nobody but phones is empty after a lost worker', () => {
  const rig = new RoomRig();
  rig.join('p');
  rig.join('q');

  assert.ok(rig.feed({ type: 'worker-lost' }).includes('emptied reservation-stands'));
});

test('a room made by phone is over when its host is lost with the worker', () => {
  const rig = new RoomRig();
  rig.join('h', { role: 'moderator', tie: 'host' });
  rig.joinByBrowser('a');

  const lines = rig.feed({ type: 'worker-lost' });

  assert.ok(lines.includes('a expelled host-left'));
  assert.ok(lines.includes('emptied over'));
});

test('the view is the same object until something changes', () => {
  const rig = meeting();
  const { view } = rig.room;

  rig.act('p', 'say-status');
  assert.is(rig.room.view, view);
  rig.act('p', 'toggle-hand');
  assert.is.not(rig.room.view, view);
  assert.is(view.people[1]?.hand, 'lowered', 'an old view stays as it was');
});

test.run();
