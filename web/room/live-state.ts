import type {
  LivePerson,
  LiveRoomState,
  LiveServerMessage,
} from '../../server/panel/api/live-api.ts';

/** The room as the feed told it. `stale`: a piece was missed and a new snapshot is awaited. */
export interface LiveState {
  readonly freshness: 'none' | 'fresh' | 'stale';
  readonly seq: number;
  /** Id of whoever watches. */
  readonly you: string;
  readonly room: LiveRoomState | null;
  /** In the order in which they came. */
  readonly people: readonly LivePerson[];
  /** What to add to the local clock for the server's, in ms. */
  readonly clockOffsetMs: number;
}

/** Something that happened, to be said to whoever does not see it. */
export type LiveEvent =
  | { readonly type: 'joined'; readonly name: string }
  | { readonly type: 'left'; readonly name: string }
  | { readonly type: 'hand'; readonly name: string }
  | { readonly type: 'lock'; readonly lock: 'open' | 'locked' }
  /** Yours, by a moderator. */
  | { readonly type: 'muted-by-moderator' }
  | { readonly type: 'hand-lowered' };

/** What came of a message. */
export interface LiveStep {
  readonly state: LiveState;
  readonly events: readonly LiveEvent[];
  /** `resync`: ask for a new snapshot. */
  readonly ask: 'nothing' | 'resync';
}

/** Nothing was told yet. */
export const NO_LIVE_STATE: LiveState = {
  freshness: 'none',
  seq: 0,
  you: '',
  room: null,
  people: [],
  clockOffsetMs: 0,
};

/** Takes one message in. Nothing is guessed: a gap in `seq` makes the state stale until the next snapshot. */
export function stepLive(state: LiveState, message: LiveServerMessage, nowMs: number): LiveStep {
  switch (message.type) {
    case 'snapshot':
      return snapshot(state, message, nowMs);
    case 'person':
    case 'left':
    case 'room':
      if (state.freshness !== 'fresh') return quiet(state);
      // One that was told already, as right after a snapshot.
      if (message.seq <= state.seq) return quiet(state);
      if (message.seq !== state.seq + 1) {
        return { state: { ...state, freshness: 'stale' }, events: [], ask: 'resync' };
      }
      return change({ ...state, seq: message.seq }, message, nowMs);
    case 'levels':
      return quiet({ ...state, people: withLevels(state.people, message.levels) });
    case 'done':
    case 'refused':
    case 'pong':
    case 'end':
      return quiet(state);
  }
}

/** Whoever watches, as the server sees them. */
export function ownPerson(state: LiveState): LivePerson | null {
  return state.people.find((person) => person.personId === state.you) ?? null;
}

type Snapshot = Extract<LiveServerMessage, { type: 'snapshot' }>;
type Change = Extract<LiveServerMessage, { type: 'person' | 'left' | 'room' }>;
type Levels = Extract<LiveServerMessage, { type: 'levels' }>['levels'];

function snapshot(before: LiveState, message: Snapshot, nowMs: number): LiveStep {
  const { seq, you, room, people } = message;
  const state: LiveState = {
    freshness: 'fresh',
    seq,
    you,
    room,
    people,
    clockOffsetMs: Date.parse(room.nowAt) - nowMs,
  };
  const own = ownPerson(state);
  const ownBefore = before.freshness === 'none' ? null : ownPerson(before);
  const events =
    own !== null && ownBefore !== null && before.you === you ? ownEvents(ownBefore, own) : [];
  return { state, events, ask: 'nothing' };
}

function change(state: LiveState, message: Change, nowMs: number): LiveStep {
  switch (message.type) {
    case 'room':
      return {
        state: {
          ...state,
          room: message.room,
          clockOffsetMs: Date.parse(message.room.nowAt) - nowMs,
        },
        events:
          state.room !== null && state.room.lock !== message.room.lock
            ? [{ type: 'lock', lock: message.room.lock }]
            : [],
        ask: 'nothing',
      };
    case 'left': {
      const gone = state.people.find((person) => person.personId === message.personId);
      return {
        state: {
          ...state,
          people: state.people.filter((person) => person.personId !== message.personId),
        },
        events:
          gone === undefined || gone.personId === state.you
            ? []
            : [{ type: 'left', name: gone.name }],
        ask: 'nothing',
      };
    }
    case 'person':
      return personChanged(state, message.person);
  }
}

function personChanged(state: LiveState, person: LivePerson): LiveStep {
  const before = state.people.find((one) => one.personId === person.personId);
  const people =
    before === undefined
      ? [...state.people, person]
      : state.people.map((one) => (one.personId === person.personId ? person : one));
  return {
    state: { ...state, people },
    events: eventsOf(before, person, state.you),
    ask: 'nothing',
  };
}

function eventsOf(
  before: LivePerson | undefined,
  person: LivePerson,
  you: string,
): readonly LiveEvent[] {
  if (person.personId === you) return before === undefined ? [] : ownEvents(before, person);
  if (before === undefined) return [{ type: 'joined', name: person.name }];
  return before.hand === 'lowered' && person.hand === 'raised'
    ? [{ type: 'hand', name: person.name }]
    : [];
}

function ownEvents(before: LivePerson, now: LivePerson): readonly LiveEvent[] {
  const events: LiveEvent[] = [];
  if (isMutedByOther(now) && !isMutedByOther(before)) events.push({ type: 'muted-by-moderator' });
  if (before.hand === 'raised' && now.hand === 'lowered') events.push({ type: 'hand-lowered' });
  return events;
}

function isMutedByOther(person: LivePerson): boolean {
  return person.microphone === 'muted' && person.mutedBy === 'moderator';
}

function withLevels(people: readonly LivePerson[], levels: Levels): readonly LivePerson[] {
  const byId = new Map(levels.map((level) => [level.personId, level]));
  return people.map((person) => {
    const level = byId.get(person.personId);
    if (level === undefined) return person;
    return { ...person, levelDbov: level.levelDbov, speaking: level.speaking };
  });
}

function quiet(state: LiveState): LiveStep {
  return { state, events: [], ask: 'nothing' };
}
