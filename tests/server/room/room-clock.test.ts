import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { NEVER } from '../../../mixer/protocol/units.ts';
import { MINUTE_MS, RoomRig, heard } from './room-rig.ts';

const END_MS = 60 * MINUTE_MS;

/** A moderator m and a participant a, who came at the beginning. */
function meeting(): RoomRig {
  const rig = new RoomRig();
  rig.join('m', { role: 'moderator' });
  rig.join('a');
  return rig;
}

test('tells moderators 15 minutes before the end with the key to extend, all at 10 and 1, and ends', () => {
  const rig = meeting();

  assert.equal(rig.waitUntil(45 * MINUTE_MS - 1), []);
  assert.equal(rig.waitUntil(45 * MINUTE_MS), ['m hears ends-in-minutes-extend 15']);
  assert.equal(rig.waitUntil(50 * MINUTE_MS - 1), []);
  assert.equal(rig.waitUntil(50 * MINUTE_MS), ['all hear ends-in-minutes 10']);
  assert.equal(rig.waitUntil(59 * MINUTE_MS), ['all hear ends-in-minutes 1']);
  assert.equal(rig.waitUntil(END_MS - 1), []);
  assert.equal(rig.waitUntil(END_MS), [
    'note the reservation has ended',
    'mixer leave-room leg-m',
    'm expelled reservation-ended',
    'mixer leave-room leg-a',
    'a expelled reservation-ended',
    'mixer close-room room-1',
    'emptied over',
  ]);
  assert.is(rig.room.deadlineMs, NEVER);
});

test('waits for nothing while it is empty, and refuses who comes after the end', () => {
  const rig = new RoomRig();

  assert.is(rig.room.deadlineMs, NEVER);
  rig.nowMs = END_MS;
  assert.equal(rig.join('a'), ['a refused over', 'emptied over']);
});

test('gives no warning for which it was too late when the first one came', () => {
  const rig = new RoomRig();
  rig.nowMs = 52 * MINUTE_MS;
  rig.join('m', { role: 'moderator' });

  assert.equal(rig.waitUntil(58 * MINUTE_MS), []);
  assert.equal(rig.waitUntil(59 * MINUTE_MS), ['all hear ends-in-minutes 1']);
});

test('ends on time for who came in the last minute', () => {
  const rig = new RoomRig();
  rig.nowMs = END_MS - 20_000;
  rig.join('a');
  rig.moveEnd(END_MS);

  assert.is(rig.room.deadlineMs, END_MS);
});

test('lets people in until the end', () => {
  const rig = meeting();
  rig.waitUntil(END_MS - 1);

  assert.ok(rig.join('b').includes('b joined 2 others as participant'));
});

test('says nothing of an end that never comes', () => {
  const rig = new RoomRig({ terms: { endAtMs: null } });
  rig.join('m', { role: 'moderator' });

  assert.is(rig.room.deadlineMs, NEVER);
});

test('tells moderators nothing beforehand when that is switched off', () => {
  const rig = new RoomRig({
    settings: {
      warnings: { moderatorMinutes: 0, allMinutes: [5], movedEndMinutes: 1, deletedSeconds: 30 },
    },
  });
  rig.join('m', { role: 'moderator' });

  assert.equal(rig.waitUntil(END_MS - 1), ['all hear ends-in-minutes 5']);
});

test('tells everybody once when both warnings fall on one moment', () => {
  const rig = new RoomRig({
    settings: {
      warnings: { moderatorMinutes: 10, allMinutes: [10], movedEndMinutes: 1, deletedSeconds: 30 },
    },
  });
  rig.join('m', { role: 'moderator' });
  rig.join('a');

  assert.equal(rig.waitUntil(50 * MINUTE_MS), [
    'm hears ends-in-minutes-extend 10',
    'a hears ends-in-minutes 10',
  ]);
});

test('tells the true minutes, and once, when it was held up', () => {
  const rig = meeting();
  rig.waitUntil(46 * MINUTE_MS);
  rig.nowMs = 59.5 * MINUTE_MS;

  assert.equal(rig.feed({ type: 'timeout' }), ['all hear ends-in-minutes 1']);
});

test('warns again of an end that was moved on', () => {
  const rig = meeting();
  rig.waitUntil(59 * MINUTE_MS);

  assert.equal(rig.moveEnd(75 * MINUTE_MS), []);
  assert.equal(rig.waitUntil(75 * MINUTE_MS - 1), [
    'm hears ends-in-minutes-extend 15',
    'all hear ends-in-minutes 10',
    'all hear ends-in-minutes 1',
  ]);
});

test('gives no late warning of an end that was moved on a little', () => {
  const rig = meeting();
  rig.waitUntil(59.5 * MINUTE_MS);

  assert.equal(rig.moveEnd(65 * MINUTE_MS), []);
  assert.equal(rig.waitUntil(65 * MINUTE_MS - 1), ['all hear ends-in-minutes 1']);
});

test('repeats no warning for the same end when the clock was set', () => {
  const rig = meeting();
  rig.waitUntil(50 * MINUTE_MS);

  assert.equal(rig.moveEnd(END_MS, END_MS + 5 * MINUTE_MS), []);
  assert.equal(rig.waitUntil(65 * MINUTE_MS - 1), ['all hear ends-in-minutes 1']);
});

test('speaks at once of an end that comes sooner than before', () => {
  const rig = meeting();
  rig.nowMs = 10 * MINUTE_MS;

  assert.equal(rig.moveEnd(14 * MINUTE_MS), [
    'm hears ends-in-minutes-extend 4',
    'a hears ends-in-minutes 4',
  ]);
  assert.equal(rig.waitUntil(14 * MINUTE_MS - 1), ['all hear ends-in-minutes 1']);
});

test('ends after a minute when the end was moved before now, and lets nobody in meanwhile', () => {
  const rig = meeting();
  rig.nowMs = 10 * MINUTE_MS;

  assert.equal(rig.moveEnd(5 * MINUTE_MS), ['all hear ends-in-minutes 1']);
  assert.equal(rig.join('b', { role: 'moderator' }), ['b refused over']);
  assert.equal(rig.moveEnd(6 * MINUTE_MS), []);
  assert.equal(rig.waitUntil(11 * MINUTE_MS - 1), []);
  assert.equal(heard(rig.waitUntil(11 * MINUTE_MS)), [
    'm expelled reservation-ended',
    'a expelled reservation-ended',
    'emptied over',
  ]);
});

test('ends after a minute when the clock was set past the end and nobody was warned', () => {
  const rig = meeting();

  assert.equal(rig.moveEnd(END_MS, -5000), ['all hear ends-in-minutes 1']);
  assert.equal(rig.moveEnd(END_MS, -4000), []);
  assert.is(rig.room.deadlineMs, MINUTE_MS);
});

test('ends at once when the clock was set past an end of which people were warned', () => {
  const rig = meeting();
  rig.waitUntil(59 * MINUTE_MS);

  const lines = rig.moveEnd(END_MS, 58 * MINUTE_MS);

  assert.is(lines.at(-1), 'emptied over');
});

test('goes on when a moderator extends in the last minute', () => {
  const rig = meeting();
  rig.nowMs = 10 * MINUTE_MS;
  rig.moveEnd(5 * MINUTE_MS);

  assert.equal(rig.extend('m', 15), ['m requests 15']);
  rig.moveEnd(30 * MINUTE_MS);

  assert.ok(rig.join('b').includes('b joined 2 others as participant'));
  assert.is(rig.room.deadlineMs, 15 * MINUTE_MS);
});

test('is over when everybody leaves in the last minute', () => {
  const rig = meeting();
  rig.moveEnd(-1);
  rig.leave('m');

  assert.is(rig.leave('a').at(-1), 'emptied over');
  assert.is(rig.room.deadlineMs, NEVER);
});

test('ends 30 seconds after a spoken warning when the reservation was deleted', () => {
  const rig = meeting();

  assert.equal(rig.feed({ type: 'deleted' }), ['all hear ends-in-seconds 30']);
  assert.equal(rig.feed({ type: 'deleted' }), []);
  assert.equal(rig.join('b'), ['b refused over']);
  assert.equal(rig.extend('m', 15), ['m hears extension-refused']);
  assert.equal(rig.moveEnd(90 * MINUTE_MS), []);
  assert.equal(rig.waitUntil(29_999), []);
  assert.equal(rig.waitUntil(30_000), [
    'note the reservation was deleted',
    'mixer leave-room leg-m',
    'm expelled deleted',
    'mixer leave-room leg-a',
    'a expelled deleted',
    'mixer close-room room-1',
    'emptied over',
  ]);
});

test('ends sooner when the reservation is deleted in the last minute', () => {
  const rig = meeting();
  rig.moveEnd(-1);

  assert.equal(rig.feed({ type: 'deleted' }), ['all hear ends-in-seconds 30']);
  assert.ok(rig.waitUntil(30_000).includes('a expelled deleted'));
});

test('ends no later than it would have when the reservation was deleted just before its end', () => {
  const rig = meeting();
  rig.waitUntil(END_MS - 10_000);

  assert.equal(rig.feed({ type: 'deleted' }), ['all hear ends-in-seconds 10']);
  assert.is(rig.room.deadlineMs, END_MS);
});

test('is over at once when the reservation is deleted and nobody is inside', () => {
  const rig = new RoomRig();

  assert.equal(rig.feed({ type: 'deleted' }), ['emptied over']);
  assert.equal(rig.feed({ type: 'deleted' }), []);
  assert.equal(rig.join('a'), ['a refused over', 'emptied over']);
});

test('stays over whatever terms come', () => {
  const rig = meeting();
  rig.waitUntil(END_MS);

  assert.equal(rig.moveEnd(90 * MINUTE_MS), []);
  assert.is(rig.join('a')[0], 'a refused over');
});

test('takes new terms while it is empty', () => {
  const rig = new RoomRig();
  rig.moveEnd(20 * MINUTE_MS);
  rig.join('m', { role: 'moderator' });

  assert.equal(rig.waitUntil(5 * MINUTE_MS), ['m hears ends-in-minutes-extend 15']);
});

test('takes new limits and announcements from new terms', () => {
  const rig = meeting();
  rig.feed({
    type: 'terms',
    terms: { ...rig.terms, maxParticipants: 2, announcements: 'off' },
    endsAtMs: END_MS,
  });

  assert.equal(rig.join('b'), ['b refused full']);
  assert.equal(rig.leave('a'), ['mixer leave-room leg-a']);
});

test.run();
