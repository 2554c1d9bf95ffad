import type { Core, Timeout } from '../runtime/core.ts';
import { act, extensionAnswered } from './room-actions.ts';
import { changeTerms, deleteRoom, passTime, roomDeadline } from './room-clock.ts';
import { join } from './room-entrance.ts';
import { takeOut } from './room-exit.ts';
import type { RoomInput, RoomOutput } from './room-message.ts';
import type { RoomOptions } from './room-options.ts';
import type { RoomContext, RoomState, RoomStep } from './room-state.ts';
import { findParticipant, isLive } from './room-state.ts';
import { planWarnings } from './warnings.ts';

/** A room's core, with what can be seen of it from outside. */
export interface RoomCore extends Core<RoomInput, RoomOutput> {
  /** Participants in it now. */
  readonly people: number;
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
  return {
    handle(input, nowMs) {
      const step = transition(room, input, { settings, nowMs });
      room = step.room;
      return step.outputs;
    },
    get deadlineMs() {
      return roomDeadline(room);
    },
    get people() {
      return isLive(room) ? room.conference.people.length : 0;
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
    case 'leave':
    case 'action':
    case 'extension':
      return byParticipant(room, input, context);
  }
}

function byParticipant(
  room: RoomState,
  input: Extract<RoomInput, { readonly type: 'leave' | 'action' | 'extension' }>,
  context: RoomContext,
): RoomStep {
  if (!isLive(room)) return { room, outputs: [] };
  const actor = findParticipant(room, input.participantId);
  if (actor === undefined) return { room, outputs: [] };
  switch (input.type) {
    case 'leave':
      return takeOut(room, { person: actor, why: 'left' }, context);
    case 'action':
      return act(room, { actor, action: input.action }, context);
    case 'extension':
      return { room, outputs: extensionAnswered(actor, input) };
  }
}
