import { test } from 'uvu';
import * as assert from 'uvu/assert';

import type {
  LivePerson,
  LiveRoomState,
  LiveServerMessage,
} from '../../../server/panel/api/live-api.ts';
import {
  NO_LIVE_STATE,
  ownPerson,
  stepLive,
  type LiveEvent,
  type LiveState,
} from '../../../web/room/live-state.ts';

const ROOM: LiveRoomState = {
  lock: 'open',
  startedAt: '2026-11-22T10:00:00Z',
  endAt: null,
  nowAt: '2026-11-22T10:05:00Z',
};

function person(personId: string, change: Partial<LivePerson> = {}): LivePerson {
  return {
    personId,
    name: personId.toUpperCase(),
    kind: 'browser',
    role: 'participant',
    microphone: 'live',
    mutedBy: null,
    hand: 'lowered',
    presence: 'here',
    speaking: false,
    levelDbov: -127,
    ...change,
  };
}

const SNAPSHOT: LiveServerMessage = {
  type: 'snapshot',
  seq: 7,
  you: 'me',
  room: ROOM,
  people: [person('me'), person('ann')],
};

/** Takes messages in, one after another. */
function told(...messages: readonly LiveServerMessage[]): {
  state: LiveState;
  events: readonly LiveEvent[];
  ask: string;
} {
  let state = NO_LIVE_STATE;
  let events: readonly LiveEvent[] = [];
  let ask = 'nothing';
  for (const message of messages) ({ state, events, ask } = stepLive(state, message, 1000));
  return { state, events, ask };
}

test('takes a snapshot as it is, in the order of arrival, with the clock of the server', () => {
  const { state } = told(SNAPSHOT);

  assert.equal(
    state.people.map(({ personId }) => personId),
    ['me', 'ann'],
  );
  assert.is(ownPerson(state)?.personId, 'me');
  assert.is(state.clockOffsetMs, Date.parse(ROOM.nowAt) - 1000);
});

test('adds whoever comes at the end and says so', () => {
  const { state, events } = told(SNAPSHOT, { type: 'person', seq: 8, person: person('bob') });

  assert.equal(
    state.people.map(({ personId }) => personId),
    ['me', 'ann', 'bob'],
  );
  assert.equal(events, [{ type: 'joined', name: 'BOB' }]);
});

test('changes somebody in their place, and takes out whoever leaves', () => {
  const changed = told(SNAPSHOT, {
    type: 'person',
    seq: 8,
    person: person('me', { hand: 'raised' }),
  });
  const gone = told(SNAPSHOT, { type: 'left', seq: 8, personId: 'ann' });

  assert.is(changed.state.people[0]?.hand, 'raised');
  assert.equal(gone.events, [{ type: 'left', name: 'ANN' }]);
  assert.is(gone.state.people.length, 1);
});

test('asks for a snapshot at a gap, once, and takes nothing until it comes', () => {
  const gap = told(SNAPSHOT, { type: 'person', seq: 9, person: person('bob') });
  const after = stepLive(gap.state, { type: 'person', seq: 10, person: person('eve') }, 0);
  const healed = stepLive(after.state, { ...SNAPSHOT, seq: 10 }, 0);

  assert.is(gap.ask, 'resync');
  assert.is(gap.state.people.length, 2);
  assert.is(after.ask, 'nothing');
  assert.is(after.state.people.length, 2);
  assert.is(healed.state.freshness, 'fresh');
  assert.is(stepLive(healed.state, { type: 'left', seq: 11, personId: 'ann' }, 0).ask, 'nothing');
});

test('passes over what was told already', () => {
  const { state, ask } = told(SNAPSHOT, { type: 'left', seq: 7, personId: 'ann' });

  assert.is(ask, 'nothing');
  assert.is(state.people.length, 2);
});

test('takes levels without a number, of those that are there', () => {
  const { state } = told(SNAPSHOT, {
    type: 'levels',
    levels: [
      { personId: 'ann', levelDbov: -20, speaking: true },
      { personId: 'nobody', levelDbov: -20, speaking: true },
    ],
  });

  assert.equal(
    state.people.map(({ speaking }) => speaking),
    [false, true],
  );
  assert.is(state.seq, 7);
});

test('says once that a moderator has muted us, in a snapshot too', () => {
  const muted = person('me', { microphone: 'muted', mutedBy: 'moderator' });
  const byPerson = told(SNAPSHOT, { type: 'person', seq: 8, person: muted });
  const again = stepLive(byPerson.state, { type: 'person', seq: 9, person: muted }, 0);
  const bySnapshot = told(SNAPSHOT, { ...SNAPSHOT, seq: 20, people: [muted] });

  assert.equal(byPerson.events, [{ type: 'muted-by-moderator' }]);
  assert.equal(again.events, []);
  assert.equal(bySnapshot.events, [{ type: 'muted-by-moderator' }]);
});

test('says that the room was locked', () => {
  const { events, state } = told(SNAPSHOT, {
    type: 'room',
    seq: 8,
    room: { ...ROOM, lock: 'locked' },
  });

  assert.equal(events, [{ type: 'lock', lock: 'locked' }]);
  assert.is(state.room?.lock, 'locked');
});

test.run();
