import type { MonotonicMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { LivePerson, LiveRoomState, LiveServerMessage } from '../panel/api/live-api.ts';
import type { PersonView, RoomView } from '../room/room-view.ts';
import type { Now } from './front-desk.ts';

/** How loud somebody is. */
export interface Loudness {
  readonly levelDbov: number;
  readonly speaking: boolean;
}

/** A change of a room, before it has its number. */
export type LiveChange =
  | { readonly type: 'person'; readonly person: LivePerson }
  | { readonly type: 'left'; readonly personId: string }
  | { readonly type: 'room'; readonly room: LiveRoomState };

/** Levels that have changed. */
export type LiveLevels = Extract<LiveServerMessage, { readonly type: 'levels' }>['levels'];

const SILENCE: Loudness = { levelDbov: -127, speaking: false };
/** Ends are shown to the second: conversions between the clocks must not look like changes. */
const SHOWN_MS = 1000;

/** Somebody as the viewers see them. Who is muted or away is silent, whatever the microphone picks up. */
export function personOf(view: PersonView, loudness: Loudness | undefined): LivePerson {
  const { personId, name, kind, role, microphone, mutedBy, hand, legId } = view;
  const heard = microphone === 'live' && legId !== null ? (loudness ?? SILENCE) : SILENCE;
  const presence = legId === null ? 'away' : 'here';
  return { personId, name, kind, role, microphone, mutedBy, hand, presence, ...heard };
}

/** What concerns the room as a whole. An empty room starts now, for whoever is about to come. */
export function roomStateOf(view: RoomView, now: Now): LiveRoomState {
  return {
    lock: view.lock,
    startedAt: isoOf(view.startedAtMs ?? now.monotonicMs, now),
    endAt: Number.isFinite(view.endsAtMs) ? isoOf(view.endsAtMs, now) : null,
    nowAt: new Date(Math.round(now.wallclockMs)).toISOString(),
  };
}

/** Whether the room as a whole looks different. */
export function roomDiffers(before: RoomView, after: RoomView): boolean {
  return (
    before.lock !== after.lock ||
    before.startedAtMs !== after.startedAtMs ||
    Math.abs(before.endsAtMs - after.endsAtMs) >= SHOWN_MS
  );
}

/** Ids of those who left, and those who came or look different, in the order of the room. */
export function peopleChanged(
  before: RoomView,
  after: RoomView,
): { readonly left: readonly string[]; readonly changed: readonly PersonView[] } {
  const known = new Map(before.people.map((person) => [person.personId, person]));
  const changed = after.people.filter((person) => {
    const last = known.get(person.personId);
    known.delete(person.personId);
    return last === undefined || differs(last, person);
  });
  return { left: [...known.keys()], changed };
}

function differs(before: PersonView, after: PersonView): boolean {
  return (
    before.microphone !== after.microphone ||
    before.mutedBy !== after.mutedBy ||
    before.hand !== after.hand ||
    before.legId !== after.legId ||
    before.role !== after.role ||
    before.name !== after.name
  );
}

function isoOf(atMs: MonotonicMs, now: Now): string {
  const wallclockMs: WallclockMs = now.wallclockMs + (atMs - now.monotonicMs);
  return new Date(Math.round(wallclockMs / SHOWN_MS) * SHOWN_MS).toISOString();
}
