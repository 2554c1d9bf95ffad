import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { NEVER } from '../../../mixer/protocol/units.ts';
import { LiveFeed } from '../../../server/call/live-feed.ts';
import { personOf } from '../../../server/call/live-picture.ts';
import type { Loudness } from '../../../server/call/live-picture.ts';
import type { Seat } from '../../../server/guest/seat.ts';
import type { LiveEnd, LivePerson } from '../../../server/panel/api/live-api.ts';
import type { RoomAction, RoomInput } from '../../../server/room/room-message.ts';
import type { RoomView } from '../../../server/room/room-view.ts';
import { SeededRandom } from '../ivr/seeded-random.ts';
import { RoomRig, TERMS } from '../room/room-rig.ts';
import { LivePage } from './live-page.ts';

const EMPTY: RoomView = { people: [], lock: 'open', startedAtMs: null, endsAtMs: NEVER };

function seatOf(seatId: string): Seat {
  return {
    seatId,
    terms: TERMS,
    role: 'participant',
    name: seatId,
    language: 'en',
    address: '192.0.2.1',
    createdAtMs: 0,
    linkId: null,
    whenFull: 'refuse',
  };
}

/** A feed over one room; the credential of a seat is its id in capitals. */
class FeedRig {
  readonly room = new RoomRig({ terms: { maxParticipants: 6 } });
  readonly acted: RoomAction[] = [];
  /** Why the seats of those outside are over. */
  over: LiveEnd | null = null;
  readonly feed = new LiveFeed({
    seatOf: (credential) => (/^[A-Z]$/u.test(credential) ? seatOf(credential.toLowerCase()) : null),
    viewOf: () => this.room.room.view,
    act: (_, action, clickId) => {
      this.acted.push(action);
      this.feed.clicked(clickId, 'done');
    },
    overFor: () => this.over,
    now: () => ({ wallclockMs: this.room.nowMs, monotonicMs: this.room.nowMs }),
  });

  watch(credential: string): LivePage {
    const page = new LivePage();
    page.viewer = this.feed.watch(credential, (message) => page.take(message));
    return page;
  }

  /** Somebody comes in, and the feed is told. */
  join(participantId: string): void {
    this.room.join(participantId);
    this.feed.changed(TERMS.roomId, this.room.room.view);
  }

  /** Somebody goes, and the feed is told. */
  leave(participantId: string): void {
    this.room.leave(participantId);
    this.feed.changed(TERMS.roomId, this.room.room.view);
  }

  /** Everybody who is there speaks this loud. */
  speak(levelDbov: number): void {
    const legs = this.room.room.view.people.flatMap(({ legId }) =>
      legId === null ? [] : [{ legId, levelDbov, speaking: true }],
    );
    this.feed.levels({ type: 'levels', roomId: TERMS.roomId, legs });
  }

  /** Feeds the room, and the feed with what became of it. */
  do(input: RoomInput | { readonly type: 'timeout' }): void {
    this.room.feed(input);
    this.feed.changed(TERMS.roomId, this.room.room.view);
  }
}

test('knows nobody without a credential', () => {
  const { feed } = new FeedRig();

  assert.is(
    feed.watch('guessed', () => undefined),
    null,
  );
});

test('begins with a picture of the room and numbers what follows', () => {
  const rig = new FeedRig();
  rig.room.join('a');
  const page = rig.watch('A');
  assert.equal(page.looks, ['name of a']);

  rig.join('b');
  assert.equal(page.looks, ['name of a', 'name of b']);
  rig.leave('b');

  assert.equal(page.looks, ['name of a']);
  assert.is(page.messages, 3);
});

test('whoever is not in the room sees nobody in it, and hears nothing of them', () => {
  const rig = new FeedRig();
  rig.join('a');
  const page = rig.watch('E');

  rig.join('b');
  rig.speak(-20);
  rig.do({ type: 'away', participantId: 'a', legId: 'leg-a' });
  rig.leave('a');
  page.viewer?.receive({ type: 'resync' });

  assert.equal(page.people, []);
  assert.is(page.messages, 2, 'a picture each time that it asks, and nothing else');
  const said = { by: 'click', clickId: 1 } as const;
  rig.room.join('h', { role: 'moderator' });
  rig.do({ type: 'action', participantId: 'h', action: { type: 'toggle-lock' }, said });
  assert.is(page.room?.lock, 'locked', 'that the room is locked is told');
  assert.is(page.messages, 3);
});

test('whoever comes in sees all who are there, while away too; whoever is out, nobody', () => {
  const rig = new FeedRig();
  rig.join('a');
  const page = rig.watch('B');
  const other = rig.watch('A');

  rig.room.join('b', { kind: 'browser' });
  rig.feed.changed(TERMS.roomId, rig.room.room.view);
  rig.speak(-20);
  assert.equal(page.looks, ['name of a', 'name of b']);
  assert.ok(page.people.every(({ speaking }) => speaking));

  rig.do({ type: 'away', participantId: 'b', legId: 'leg-b' });
  rig.join('c');
  assert.equal(page.looks, ['name of a', 'name of b, away', 'name of c']);

  rig.do({ type: 'leave', participantId: 'b', legId: null });
  rig.join('d');
  assert.equal(page.looks, []);
  assert.equal(other.looks, ['name of a', 'name of c', 'name of d']);
});

for (const [how, ask] of [
  ['asks whether anybody is there', (_, page) => page.viewer?.receive({ type: 'ping' })],
  ['waits when reservations change', (rig) => rig.feed.refresh()],
  ['waits when the last one is out', (rig) => rig.leave('a')],
] as const satisfies readonly (readonly [string, (rig: FeedRig, page: LivePage) => void])[]) {
  test(`whoever is outside and ${how} is told that the seat is over, who is inside is not`, () => {
    const rig = new FeedRig();
    rig.join('a');
    const [inside, outside] = [rig.watch('A'), rig.watch('B')];
    rig.over = 'reservation-ended';

    inside.viewer?.receive({ type: 'ping' });
    assert.is(inside.ended, null);
    ask(rig, outside);

    assert.is(outside.ended, 'reservation-ended');
  });
}

test('says nothing when nothing has changed', () => {
  const rig = new FeedRig();
  rig.room.join('a');
  const page = rig.watch('A');

  rig.room.act('a', 'say-status');
  rig.feed.changed(TERMS.roomId, rig.room.room.view);
  rig.feed.changed(TERMS.roomId, { ...rig.room.room.view });

  assert.is(page.messages, 1);
});

test('levels are told when they change, of those who are heard', () => {
  const rig = new FeedRig();
  rig.room.join('a');
  rig.room.join('b');
  const page = rig.watch('A');
  const levels = (levelDbov: number): void =>
    rig.feed.levels({
      type: 'levels',
      roomId: TERMS.roomId,
      legs: ['leg-a', 'leg-b', 'leg-x'].map((legId) => ({ legId, levelDbov, speaking: true })),
    });

  levels(-20);
  levels(-20);
  assert.is(page.messages, 2);
  assert.equal(
    page.people.map(({ levelDbov, speaking }) => [levelDbov, speaking]),
    [
      [-20, true],
      [-20, true],
    ],
  );

  rig.room.act('b', 'toggle-microphone');
  rig.feed.changed(TERMS.roomId, rig.room.room.view);
  levels(-10);
  assert.equal(
    page.people.map(({ levelDbov, speaking }) => [levelDbov, speaking]),
    [
      [-10, true],
      [-127, false],
    ],
    'who is muted is silent',
  );
});

test('answers a ping, and each click with its own number', () => {
  const rig = new FeedRig();
  const page = rig.watch('A');

  page.viewer?.receive({ type: 'ping' });
  page.viewer?.receive({ type: 'act', requestId: 3, action: { type: 'mute-all' } });

  assert.equal(page.answers, ['pong', 'done 3']);
  assert.equal(rig.acted, [{ type: 'mute-all' }]);
});

test('sends nothing to who is gone, whatever still happens', () => {
  const rig = new FeedRig();
  const page = rig.watch('A');

  page.viewer?.close();
  rig.room.join('a');
  rig.feed.changed(TERMS.roomId, rig.room.room.view);
  page.viewer?.receive({ type: 'ping' });
  page.viewer?.receive({ type: 'act', requestId: 3, action: { type: 'mute-all' } });
  rig.feed.end('a', 'removed');

  assert.is(page.messages, 1);
  assert.equal(rig.acted, []);
});

test('a viewer who leaves while a message goes round keeps it from nobody', () => {
  const rig = new FeedRig();
  for (const inside of ['a', 'b', 'c', 'd', 'e']) rig.join(inside);
  const pages = ['A', 'B', 'C'].map((credential) => rig.watch(credential));
  const closing = rig.feed.watch('D', (message) => {
    if (message.type !== 'snapshot') closing?.close();
  });
  const late = rig.watch('E');

  rig.join('f');

  for (const page of [...pages, late]) assert.is(page.looks.at(-1), 'name of f');
});

test('tells all when the server stops', () => {
  const rig = new FeedRig();
  const pages = ['A', 'B'].map((credential) => rig.watch(credential));

  rig.feed.endAll('server-stopping');

  assert.equal(
    pages.map((page) => page.ended),
    ['server-stopping', 'server-stopping'],
  );
});

const PEOPLE = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

const ACTIONS: readonly [RoomAction, ...RoomAction[]] = [
  { type: 'toggle-microphone' },
  { type: 'toggle-hand' },
  { type: 'toggle-lock' },
  { type: 'remove-last' },
  { type: 'mute-all' },
  { type: 'mute-person', personId: 'a' },
  { type: 'remove-person', personId: 'b' },
  { type: 'lower-hand-of', personId: 'c' },
  { type: 'end-for-all' },
];

function anyInput(random: SeededRandom): RoomInput | { readonly type: 'timeout' } {
  const participantId = random.pick(PEOPLE);
  const legId = `leg-${participantId}${random.integer(2)}`;
  const kind = participantId < 'e' ? 'browser' : 'phone';
  const chance = random.integer(100);
  if (chance < 35) {
    const role = participantId === 'h' ? 'moderator' : 'participant';
    const name = participantId;
    const [whenFull, tie] = ['refuse', 'guest'] as const;
    return { type: 'join', participantId, legId, kind, name, role, whenFull, tie };
  }
  if (chance < 45) return { type: 'leave', participantId, legId: null };
  if (chance < 60) return { type: 'away', participantId, legId };
  if (chance < 62) return { type: 'worker-lost' };
  if (chance < 70) return { type: 'timeout' };
  const said = { by: 'click', clickId: 1 } as const;
  return { type: 'action', participantId, action: random.pick(ACTIONS), said };
}

test('whoever applies every change in its turn sees the room as it is (5,000 seeded inputs)', () => {
  const random = new SeededRandom(11);
  const rig = new FeedRig();
  const loudness = new Map<string, Loudness>();
  let pages = new Map<string, LivePage>();
  const seen = { most: 0, changes: 0, inside: 0, outside: 0 };

  for (let fed = 0; fed < 5000; fed += 1) {
    rig.room.nowMs += random.integer(8000) === 0 ? 0 : random.integer(300);
    const input = anyInput(random);
    if (input.type !== 'timeout' || rig.room.room.deadlineMs <= rig.room.nowMs) rig.do(input);
    const credential = random.pick(['A', 'B', 'C', 'D'] as const);
    if (random.integer(20) === 0) {
      pages.get(credential)?.viewer?.close();
      pages = new Map([...pages, [credential, rig.watch(credential)]]);
    }
    if (random.integer(3) === 0) rig.feed.levels(anyLevels(random, loudness, rig.room.room.view));
    forgetGone(loudness, rig.room.room.view);

    const truth = rig.room.room.view.people.map((person): LivePerson => {
      const known = person.legId === null ? undefined : loudness.get(person.legId);
      return personOf(person, known);
    });
    for (const page of pages.values()) {
      if (page.ended !== null) continue;
      const isInside = truth.some(({ personId }) => personId === page.you);
      seen[isInside ? 'inside' : 'outside'] += 1;
      assert.equal(withoutLevels(page.people), isInside ? withoutLevels(truth) : []);
      assert.is(page.room?.lock, rig.room.room.view.lock);
      seen.changes = Math.max(seen.changes, page.messages);
    }
    seen.most = Math.max(seen.most, truth.length);
  }

  assert.ok(seen.most === 6, 'the room was full at times');
  assert.ok(seen.changes > 20, 'pages lived through many changes');
  assert.ok(seen.inside > 1000 && seen.outside > 1000, 'from inside and outside');
});

test('a picture that is asked for again is the one that the changes have led to', () => {
  const random = new SeededRandom(12);
  const rig = new FeedRig();
  const page = rig.watch('A');

  for (let fed = 0; fed < 1000; fed += 1) {
    rig.do(anyInput(random));
    if (random.integer(3) === 0) {
      rig.feed.levels(anyLevels(random, new Map(), rig.room.room.view));
    }
    const { people, room } = page;
    page.viewer?.receive({ type: 'resync' });
    assert.equal(page.people, people);
    assert.is(page.room?.lock, room?.lock);
  }
});

test('shows an empty room to who waits for the first to come', () => {
  const rig = new FeedRig();
  const page = rig.watch('A');
  rig.room.join('b');
  rig.feed.changed(TERMS.roomId, rig.room.room.view);

  rig.feed.changed(TERMS.roomId, EMPTY);

  assert.equal(page.people, []);
  assert.is(page.room?.endAt, null);
});

/** Levels of the legs that are there; the same are kept in `loudness`. */
function anyLevels(
  random: SeededRandom,
  loudness: Map<string, Loudness>,
  view: RoomView,
): Parameters<LiveFeed['levels']>[0] {
  const legs = view.people.flatMap(({ legId }) => {
    if (legId === null || random.integer(2) === 0) return [];
    const levelDbov = -random.integer(127);
    const speaking = random.integer(2) === 0;
    loudness.set(legId, { levelDbov, speaking });
    return [{ legId, levelDbov, speaking }];
  });
  return { type: 'levels', roomId: TERMS.roomId, legs };
}

function forgetGone(loudness: Map<string, Loudness>, view: RoomView): void {
  const legs = new Set(view.people.map(({ legId }) => legId));
  for (const legId of loudness.keys()) if (!legs.has(legId)) loudness.delete(legId);
}

function withoutLevels(people: readonly LivePerson[]): readonly Partial<LivePerson>[] {
  return people.map((person) => ({ ...person, speaking: false, levelDbov: 0 }));
}

test.run();
