import type { LegId } from '../../mixer/protocol/mixer-command.ts';
import type { Core, Timeout } from '../runtime/core.ts';
import { act, extensionAnswered } from './room-actions.ts';
import { changeTerms, deleteRoom, passTime, roomDeadline } from './room-clock.ts';
import { join } from './room-entrance.ts';
import { takeOut } from './room-exit.ts';
import type { RoomInput, RoomOutput } from './room-message.ts';
import { goAway, loseWorker } from './room-seats.ts';
import type { RoomOptions } from './room-options.ts';
import type { Participant, RoomContext, RoomState, RoomStep } from './room-state.ts';
import { findParticipant, isLive } from './room-state.ts';
import { viewOf } from './room-view.ts';
import type { RoomView } from './room-view.ts';
import { planWarnings } from './warnings.ts';

/** A room's core, with what can be seen of it from outside. */
export interface RoomCore extends Core<RoomInput, RoomOutput> {
  /** Participants in it now, those counted whose seat waits for them. */
  readonly people: number;
  /** All that may be seen of it now. The same object until something of it changes. */
  readonly view: RoomView;
}

/**
 * A live room: who is in it, in which role, and what they may do there. It says everything that is heard in the room,
 * the words on entering included, and commands the mixer for its legs.
 *
 * It begins empty and may be used again after `emptied` with `reservation-stands`. After `emptied` with `over` it refuses
 * everybody for good; a new reservation is a new room.
 */
export function createRoom(options: RoomOptions): RoomCore {
  const { terms, endsAtMs, ...settings } = options;
  let room: RoomState = {
    terms,
    life: { life: 'standing', endsAtMs, warnings: planWarnings(endsAtMs, settings.warnings) },
    conference: { state: 'empty' },
  };
  let view = viewOf(room);
  return {
    handle(input, nowMs) {
      const step = transition(room, input, { settings, nowMs });
      if (step.room !== room) view = viewOf(step.room);
      room = step.room;
      return step.outputs;
    },
    get deadlineMs() {
      return roomDeadline(room);
    },
    get people() {
      return isLive(room) ? room.conference.people.length : 0;
    },
    get view() {
      return view;
    },
  };
}

/** The transition function of the room. Input about people who are not inside changes nothing. */
function transition(room: RoomState, input: RoomInput | Timeout, context: RoomContext): RoomStep {
  switch (input.type) {
    case 'join':
      return join(room, input, context);
    case 'terms':
      return changeTerms(room, input, context);
    case 'deleted':
      return deleteRoom(room, context);
    case 'timeout':
      return passTime(room, context);
    case 'worker-lost':
      return loseWorker(room, context);
    case 'leave':
    case 'away':
    case 'action':
    case 'extension':
      return byParticipant(room, input, context);
  }
}

type ByParticipant = Extract<
  RoomInput,
  { readonly type: 'leave' | 'away' | 'action' | 'extension' }
>;

function byParticipant(room: RoomState, input: ByParticipant, context: RoomContext): RoomStep {
  const actor = isLive(room) ? findParticipant(room, input.participantId) : undefined;
  if (!isLive(room) || actor === undefined) return { room, outputs: fromOutside(input) };
  switch (input.type) {
    case 'leave':
      return isOldLeg(actor, input.legId)
        ? { room, outputs: [] }
        : takeOut(room, { person: actor, why: 'left' }, context);
    case 'away':
      return goAway(room, { person: actor, legId: input.legId }, context);
    case 'action':
      return act(room, { actor, action: input.action, said: input.said }, context);
    case 'extension':
      return { room, outputs: extensionAnswered(actor, input) };
  }
}

/** Whoever clicks is always answered. */
function fromOutside(input: ByParticipant): readonly RoomOutput[] {
  if (input.type !== 'action' || input.said.by === 'key') return [];
  return [{ type: 'clicked', clickId: input.said.clickId, outcome: 'not-in-the-room' }];
}

/** Whether this is a leg that somebody had before. */
function isOldLeg({ at }: Participant, legId: LegId | null): boolean {
  return legId !== null && (at.presence === 'away' || at.legId !== legId);
}
