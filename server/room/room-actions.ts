import { NEVER } from '../../mixer/protocol/units.ts';
import type { Utterance } from '../prompt/utterance.ts';
import { emptyOut, takeOut } from './room-exit.ts';
import type { ParticipantId, RoomAction, RoomOutput } from './room-message.ts';
import type { LiveRoom, Participant, RoomContext, RoomStep } from './room-state.ts';
import { lastJoined, withConference } from './room-state.ts';
import type { VolumeChange } from './volume.ts';
import { changeVolume, gainDb } from './volume.ts';
import { minutesUntil } from './warnings.ts';

/** Does what somebody in the room asked for, and confirms it to nobody but them. */
export function act(
  room: LiveRoom,
  by: { readonly actor: Participant; readonly action: RoomAction },
  context: RoomContext,
): RoomStep {
  const { actor, action } = by;
  if (isForModerators(action) && actor.role !== 'moderator') {
    return { room, outputs: [tell(actor, { say: 'moderator-only' })] };
  }
  switch (action.type) {
    case 'toggle-microphone':
      return toggleMicrophone(room, actor);
    case 'toggle-lock':
      return toggleLock(room, actor);
    case 'remove-last':
      return removeLast(room, actor, context);
    case 'listen-quieter':
      return changeListening(room, { actor, change: 'quieter' }, context);
    case 'listen-louder':
      return changeListening(room, { actor, change: 'louder' }, context);
    case 'talk-quieter':
      return changeTalking(room, { actor, change: 'quieter' }, context);
    case 'talk-louder':
      return changeTalking(room, { actor, change: 'louder' }, context);
    case 'leave-menu':
      return { room, outputs: [tell(actor, { say: 'menu-left' })] };
    case 'say-status':
      return { room, outputs: [tell(actor, status(room, actor, context))] };
    case 'say-help':
      return { room, outputs: [tell(actor, help(actor))] };
    case 'extend':
      return extend(room, actor, action.minutes);
    case 'end-for-all':
      return emptyOut(
        room,
        { why: 'ended-by-moderator', note: 'a moderator ended the conference' },
        context,
      );
  }
}

/** The reservation's side has answered a wish to extend. Whoever asked may be gone by then. */
export function extensionAnswered(
  actor: Participant | undefined,
  answer: { readonly minutes: number; readonly outcome: 'granted' | 'refused' },
): readonly RoomOutput[] {
  if (actor === undefined) return [];
  return answer.outcome === 'granted'
    ? [tell(actor, { say: 'extended', minutes: answer.minutes })]
    : [tell(actor, { say: 'extension-refused' })];
}

function isForModerators(action: RoomAction): boolean {
  switch (action.type) {
    case 'toggle-lock':
    case 'remove-last':
    case 'extend':
    case 'end-for-all':
      return true;
    case 'toggle-microphone':
    case 'listen-quieter':
    case 'listen-louder':
    case 'talk-quieter':
    case 'talk-louder':
    case 'leave-menu':
    case 'say-status':
    case 'say-help':
      return false;
  }
}

function toggleMicrophone(room: LiveRoom, actor: Participant): RoomStep {
  const { legId } = actor;
  const microphone = actor.microphone === 'live' ? 'muted' : 'live';
  return {
    room: withPerson(room, { ...actor, microphone }),
    outputs: [
      { type: 'mixer', command: { type: 'set-microphone', legId, microphone } },
      tell(actor, { say: microphone === 'live' ? 'microphone-on' : 'microphone-off' }),
    ],
  };
}

function toggleLock(room: LiveRoom, actor: Participant): RoomStep {
  const lock = room.conference.lock === 'open' ? 'locked' : 'open';
  const locked = lock === 'locked';
  return {
    room: withConference(room, { lock }),
    outputs: [
      note(locked ? 'a moderator locked the room' : 'a moderator unlocked the room', actor),
      tell(actor, { say: locked ? 'lock-on' : 'lock-off' }),
    ],
  };
}

function removeLast(room: LiveRoom, actor: Participant, context: RoomContext): RoomStep {
  const person = lastJoined(room, actor.participantId);
  if (person === undefined) return { room, outputs: [tell(actor, { say: 'nobody-to-remove' })] };
  const out = takeOut(room, { person, why: 'removed' }, context);
  return {
    room: out.room,
    outputs: [
      note('a moderator removed the last one who joined', actor),
      ...out.outputs,
      tell(actor, { say: 'last-removed' }),
    ],
  };
}

interface VolumeWish {
  readonly actor: Participant;
  readonly change: VolumeChange;
}

function changeListening(room: LiveRoom, wish: VolumeWish, context: RoomContext): RoomStep {
  const { actor, change } = wish;
  const result = changeVolume(actor.listenStep, change, context.settings.listen);
  if (result.outcome === 'at-limit') return atLimit(room, actor);
  const changed = { ...actor, listenStep: result.step };
  return volumeChanged(room, changed, {
    context,
    say: { say: 'listen-volume', step: result.step },
  });
}

function changeTalking(room: LiveRoom, wish: VolumeWish, context: RoomContext): RoomStep {
  const { actor, change } = wish;
  const result = changeVolume(actor.talkStep, change, context.settings.talk);
  if (result.outcome === 'at-limit') return atLimit(room, actor);
  const changed = { ...actor, talkStep: result.step };
  return volumeChanged(room, changed, { context, say: { say: 'talk-volume', step: result.step } });
}

function atLimit(room: LiveRoom, actor: Participant): RoomStep {
  return { room, outputs: [tell(actor, { say: 'volume-at-limit' })] };
}

function volumeChanged(
  room: LiveRoom,
  person: Participant,
  change: { readonly context: RoomContext; readonly say: Utterance },
): RoomStep {
  const { listen, talk } = change.context.settings;
  const { legId, listenStep, talkStep } = person;
  return {
    room: withPerson(room, person),
    outputs: [
      {
        type: 'mixer',
        command: {
          type: 'set-gains',
          legId,
          talkGainDb: gainDb(talkStep, talk),
          listenGainDb: gainDb(listenStep, listen),
        },
      },
      tell(person, change.say),
    ],
  };
}

function status(room: LiveRoom, actor: Participant, context: RoomContext): Utterance {
  const { life, conference } = room;
  const endsAtMs = life.life === 'over' ? context.nowMs : life.endsAtMs;
  return {
    say: 'room-status',
    people: conference.people.length,
    microphone: actor.microphone,
    locked: conference.lock,
    minutesLeft: endsAtMs === NEVER ? null : minutesUntil(endsAtMs, context.nowMs),
  };
}

function help(actor: Participant): Utterance {
  return { say: actor.role === 'moderator' ? 'help-moderator' : 'help-participant' };
}

/** A room without an end, and one that was deleted, cannot be extended. */
function extend(room: LiveRoom, actor: Participant, minutes: 15 | 30 | 60): RoomStep {
  const { life } = room;
  const possible =
    life.life === 'standing'
      ? life.endsAtMs !== NEVER
      : life.life === 'winding-up' && life.why !== 'deleted';
  if (!possible) return { room, outputs: [tell(actor, { say: 'extension-refused' })] };
  const { participantId } = actor;
  return { room, outputs: [{ type: 'request-extension', participantId, minutes }] };
}

function withPerson(room: LiveRoom, changed: Participant): LiveRoom {
  const people = room.conference.people.map((person) =>
    person.participantId === changed.participantId ? changed : person,
  );
  return withConference(room, { people });
}

function tell(person: { readonly participantId: ParticipantId }, utterance: Utterance): RoomOutput {
  return { type: 'say', participantId: person.participantId, utterance };
}

function note(message: string, person: Participant): RoomOutput {
  return { type: 'note', message, participantId: person.participantId };
}
