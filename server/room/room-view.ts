import type { LegId, MicrophoneState } from '../../mixer/protocol/mixer-command.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import { NEVER } from '../../mixer/protocol/units.ts';
import type { Role } from '../reservation/reservation.ts';
import type { HandState, LockState, ParticipantId, ParticipantKind } from './room-message.ts';
import type { Participant, RoomState } from './room-state.ts';
import { isLive } from './room-state.ts';

/** Somebody in a room, as others may see them. */
export interface PersonView {
  readonly personId: ParticipantId;
  readonly name: string;
  readonly kind: ParticipantKind;
  readonly role: Role;
  readonly microphone: MicrophoneState;
  readonly mutedBy: 'self' | 'moderator' | null;
  readonly hand: HandState;
  /** Null while away. */
  readonly legId: LegId | null;
}

/** A room as it can be seen from outside. Never changed: a later one is another object. */
export interface RoomView {
  /** In the order in which they joined. */
  readonly people: readonly PersonView[];
  readonly lock: LockState;
  /** When the first of them came; null for an empty room. */
  readonly startedAtMs: MonotonicMs | null;
  /** `NEVER`: no end. */
  readonly endsAtMs: MonotonicMs;
}

/** What can be seen of a room. */
export function viewOf(room: RoomState): RoomView {
  const { life } = room;
  const endsAtMs = life.life === 'over' ? NEVER : life.endsAtMs;
  if (!isLive(room)) return { people: [], lock: 'open', startedAtMs: null, endsAtMs };
  const { people, lock, startedAtMs } = room.conference;
  return { people: people.map(personOf), lock, startedAtMs, endsAtMs };
}

function personOf(person: Participant): PersonView {
  const { participantId, name, kind, role, microphone, mutedBy, hand, at } = person;
  return {
    personId: participantId,
    name,
    kind,
    role,
    microphone,
    mutedBy,
    hand,
    legId: at.presence === 'here' ? at.legId : null,
  };
}
