import type { LegId, MicrophoneState, MixerCommand } from '../../mixer/protocol/mixer-command.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Role, RoomTerms } from '../reservation/reservation.ts';
import type {
  HandState,
  LockState,
  ParticipantId,
  ParticipantKind,
  RoomOutput,
} from './room-message.ts';
import type { RoomSettings } from './room-options.ts';
import type { WarningPlan } from './warnings.ts';

/**
 * Whether somebody who is in the room can be reached there.
 *
 *   ┌──────┐   the leg is lost    ┌──────┐  not back in time
 *   │ here │ ───────────────────▶ │ away │ ─────────────────▶ out of the room
 *   └──────┘ ◀─────────────────── └──────┘
 *                a new leg
 */
export type Presence =
  | { readonly presence: 'here'; readonly legId: LegId }
  | { readonly presence: 'away'; readonly untilMs: MonotonicMs };

/** Somebody in the room, by phone or browser. */
export interface Participant {
  readonly participantId: ParticipantId;
  readonly kind: ParticipantKind;
  readonly name: string;
  readonly at: Presence;
  readonly role: Role;
  readonly tie: 'guest' | 'host';
  readonly microphone: MicrophoneState;
  /** Who turned the microphone off; null while it is on. */
  readonly mutedBy: 'self' | 'moderator' | null;
  readonly hand: HandState;
  readonly listenStep: number;
  readonly talkStep: number;
}

/**
 * Whether the room may be used, and until when.
 *
 *   ┌──────────┐  deleted, or the end moved before now  ┌────────────┐
 *   │ standing │ ─────────────────────────────────────▶ │ winding-up │
 *   └──────────┘ ◀───────────────────────────────────── └────────────┘
 *        │         the end moved on (not when deleted)        │
 *        │ the end, or the host left                          │ the end, or nobody left
 *        ▼                                                    ▼
 *   ┌──────────────────────────────────────────────────────────────┐
 *   │ over                                                         │
 *   └──────────────────────────────────────────────────────────────┘
 */
export type Life =
  | { readonly life: 'standing'; readonly endsAtMs: MonotonicMs; readonly warnings: WarningPlan }
  /** The last warning has been spoken. Nobody enters any more. */
  | {
      readonly life: 'winding-up';
      readonly endsAtMs: MonotonicMs;
      readonly why: 'reservation-ended' | 'deleted';
    }
  | { readonly life: 'over' };

/**
 * The conference that is held in the room. All that people set in it lives in `live` and is gone with the last of them.
 *
 *   ┌───────┐  first one joins  ┌──────┐
 *   │ empty │ ────────────────▶ │ live │ ──┐ others join and leave
 *   └───────┘ ◀──────────────── └──────┘ ◀─┘
 *              last one leaves
 */
export type Conference =
  | { readonly state: 'empty' }
  | {
      readonly state: 'live';
      /** In the order in which they joined; never empty. */
      readonly people: readonly Participant[];
      readonly lock: LockState;
      readonly music: AloneMusic;
      readonly startedAtMs: MonotonicMs;
      /** `lost`: the mixer's room must be opened again before anybody joins it. */
      readonly mixing: 'open' | 'lost';
    };

/** Music for somebody who is alone: at once for the first, after a moment for the last who is left. */
export type AloneMusic =
  | { readonly music: 'off' }
  | { readonly music: 'due'; readonly atMs: MonotonicMs }
  | { readonly music: 'on' };

/** A conference with people in it. */
export type LiveConference = Extract<Conference, { readonly state: 'live' }>;

/** All of a room. */
export interface RoomState {
  readonly terms: RoomTerms;
  readonly life: Life;
  readonly conference: Conference;
}

/** A room with people in it. */
export interface LiveRoom extends RoomState {
  readonly conference: LiveConference;
}

/** What every transition may look at. */
export interface RoomContext {
  readonly settings: RoomSettings;
  readonly nowMs: MonotonicMs;
}

/** One transition: what the room becomes, and what is to be done. */
export interface RoomStep {
  readonly room: RoomState;
  readonly outputs: readonly RoomOutput[];
}

/** Whether anybody is in a room. */
export function isLive(room: RoomState): room is LiveRoom {
  return room.conference.state === 'live';
}

/** The room, with something about its conference changed. */
export function withConference(room: LiveRoom, change: Partial<LiveConference>): LiveRoom {
  return { ...room, conference: { ...room.conference, ...change } };
}

/** The room, with somebody in it changed. */
export function withPerson(room: LiveRoom, changed: Participant): LiveRoom {
  const people = room.conference.people.map((person) =>
    person.participantId === changed.participantId ? changed : person,
  );
  return withConference(room, { people });
}

/** A command for somebody's leg; nothing for who is away. */
export function toLeg(
  person: Participant,
  command: (legId: LegId) => MixerCommand,
): readonly RoomOutput[] {
  return person.at.presence === 'here'
    ? [{ type: 'mixer', command: command(person.at.legId) }]
    : [];
}

/** The mixer is told of somebody's microphone. */
export function setMicrophone(person: Participant): readonly RoomOutput[] {
  const { microphone } = person;
  return toLeg(person, (legId) => ({ type: 'set-microphone', legId, microphone }));
}

/** Somebody in the room by id. */
export function findParticipant(
  room: LiveRoom,
  participantId: ParticipantId,
): Participant | undefined {
  return room.conference.people.find((person) => person.participantId === participantId);
}

/**
 * The last one who joined, other than `actorId`: of several who joined at one instant, the one whose `join` was fed last.
 * The host of a room made by phone is never it, since the room would end.
 */
export function lastJoined(room: LiveRoom, actorId: ParticipantId): Participant | undefined {
  return room.conference.people.findLast(
    (person) => person.participantId !== actorId && person.tie === 'guest',
  );
}
