import type { MicrophoneState } from '../../mixer/protocol/mixer-command.ts';
import { NEVER } from '../../mixer/protocol/units.ts';
import type { Utterance } from '../prompt/utterance.ts';
import { done, refuse, tell, withAnswer } from './room-answer.ts';
import type { ActionStep } from './room-answer.ts';
import type { HandState, RoomAction, RoomOutput, SaidBy } from './room-message.ts';
import {
  endForAll,
  lowerHandOf,
  muteAll,
  mutePerson,
  removeLast,
  removePerson,
  setLock,
} from './room-moderation.ts';
import type { LiveRoom, Participant, RoomContext, RoomStep } from './room-state.ts';
import { setMicrophone, toLeg, withPerson } from './room-state.ts';
import type { VolumeChange } from './volume.ts';
import { changeVolume, gainDb } from './volume.ts';
import { minutesUntil } from './warnings.ts';

/** Does what somebody in the room asked for, and confirms it to nobody but them: a key aloud, a click by its answer. */
export function act(
  room: LiveRoom,
  by: { readonly actor: Participant; readonly action: RoomAction; readonly said: SaidBy },
  context: RoomContext,
): RoomStep {
  const { actor, action, said } = by;
  const step =
    isForModerators(action) && actor.role !== 'moderator'
      ? refuse(room, 'moderator-only', { say: 'moderator-only' })
      : perform(room, { actor, action }, context);
  return { room: step.room, outputs: withAnswer(step, actor, said) };
}

function perform(
  room: LiveRoom,
  by: { readonly actor: Participant; readonly action: RoomAction },
  context: RoomContext,
): ActionStep {
  const { actor, action } = by;
  switch (action.type) {
    case 'toggle-microphone':
      return changeMicrophone(room, actor, actor.microphone === 'live' ? 'muted' : 'live');
    case 'set-microphone':
      return changeMicrophone(room, actor, action.microphone);
    case 'toggle-hand':
      return changeHand(room, actor, actor.hand === 'lowered' ? 'raised' : 'lowered');
    case 'set-hand':
      return changeHand(room, actor, action.hand);
    case 'toggle-lock':
      return setLock(room, actor, room.conference.lock === 'open' ? 'locked' : 'open');
    case 'set-lock':
      return setLock(room, actor, action.lock);
    case 'remove-last':
      return removeLast(room, actor, context);
    case 'remove-person':
      return removePerson(room, { actor, personId: action.personId }, context);
    case 'mute-person':
      return mutePerson(room, { actor, personId: action.personId });
    case 'mute-all':
      return muteAll(room, actor);
    case 'lower-hand-of':
      return lowerHandOf(room, { actor, personId: action.personId });
    case 'listen-quieter':
      return changeListening(room, { actor, change: 'quieter' }, context);
    case 'listen-louder':
      return changeListening(room, { actor, change: 'louder' }, context);
    case 'talk-quieter':
      return changeTalking(room, { actor, change: 'quieter' }, context);
    case 'talk-louder':
      return changeTalking(room, { actor, change: 'louder' }, context);
    case 'leave-menu':
      return done(room, [], { say: 'menu-left' });
    case 'say-status':
      return done(room, [], status(room, actor, context));
    case 'say-help':
      return done(room, [], help(actor));
    case 'extend':
      return extend(room, actor, action.minutes);
    case 'end-for-all':
      return endForAll(room, context);
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
    case 'set-lock':
    case 'remove-last':
    case 'remove-person':
    case 'mute-person':
    case 'mute-all':
    case 'lower-hand-of':
    case 'extend':
    case 'end-for-all':
      return true;
    case 'toggle-microphone':
    case 'set-microphone':
    case 'toggle-hand':
    case 'set-hand':
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

/** A person may always unmute themselves, whoever muted them. */
function changeMicrophone(
  room: LiveRoom,
  actor: Participant,
  microphone: MicrophoneState,
): ActionStep {
  const heard = { say: microphone === 'live' ? 'microphone-on' : 'microphone-off' } as const;
  if (actor.microphone === microphone) return done(room, [], heard);
  const mutedBy = microphone === 'muted' ? 'self' : null;
  const changed: Participant = { ...actor, microphone, mutedBy };
  return done(withPerson(room, changed), setMicrophone(changed), heard);
}

function changeHand(room: LiveRoom, actor: Participant, hand: HandState): ActionStep {
  const heard = { say: hand === 'raised' ? 'hand-raised' : 'hand-lowered' } as const;
  return done(withPerson(room, { ...actor, hand }), [], heard);
}

interface VolumeWish {
  readonly actor: Participant;
  readonly change: VolumeChange;
}

function changeListening(room: LiveRoom, wish: VolumeWish, context: RoomContext): ActionStep {
  const { actor, change } = wish;
  const result = changeVolume(actor.listenStep, change, context.settings.listen);
  if (result.outcome === 'at-limit') return atLimit(room);
  const changed = { ...actor, listenStep: result.step };
  return volumeChanged(room, changed, {
    context,
    say: { say: 'listen-volume', step: result.step },
  });
}

function changeTalking(room: LiveRoom, wish: VolumeWish, context: RoomContext): ActionStep {
  const { actor, change } = wish;
  const result = changeVolume(actor.talkStep, change, context.settings.talk);
  if (result.outcome === 'at-limit') return atLimit(room);
  const changed = { ...actor, talkStep: result.step };
  return volumeChanged(room, changed, { context, say: { say: 'talk-volume', step: result.step } });
}

function atLimit(room: LiveRoom): ActionStep {
  return done(room, [], { say: 'volume-at-limit' });
}

function volumeChanged(
  room: LiveRoom,
  person: Participant,
  change: { readonly context: RoomContext; readonly say: Utterance },
): ActionStep {
  const { listen, talk } = change.context.settings;
  const talkGainDb = gainDb(person.talkStep, talk);
  const listenGainDb = gainDb(person.listenStep, listen);
  return done(
    withPerson(room, person),
    toLeg(person, (legId) => ({ type: 'set-gains', legId, talkGainDb, listenGainDb })),
    change.say,
  );
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

/** A room without an end, and one that was deleted, cannot be extended. Of others the answer comes later. */
function extend(room: LiveRoom, actor: Participant, minutes: 15 | 30 | 60): ActionStep {
  const { life } = room;
  const possible =
    life.life === 'standing'
      ? life.endsAtMs !== NEVER
      : life.life === 'winding-up' && life.why !== 'deleted';
  if (!possible) return done(room, [], { say: 'extension-refused' });
  const { participantId } = actor;
  return done(room, [{ type: 'request-extension', participantId, minutes }], null);
}
