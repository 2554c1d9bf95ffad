import type { LegId, MicrophoneState } from '../../mixer/protocol/mixer-command.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Role, RoomTerms } from '../reservation/reservation.ts';
import type { ParticipantId, RoomOutput } from './room-message.ts';
import type { RoomSettings } from './room-options.ts';
import type { WarningPlan } from './warnings.ts';

/** Somebody in the room. */
export interface Participant {
  readonly participantId: ParticipantId;
  readonly legId: LegId;
  readonly role: Role;
  readonly tie: 'guest' | 'host';
  readonly microphone: MicrophoneState;
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
      readonly lock: 'locked' | 'open';
      readonly music: AloneMusic;
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
