import type { LegId } from '../../mixer/protocol/mixer-command.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import { NEVER } from '../../mixer/protocol/units.ts';
import { emptied, emptyOut, letGo, setMusic, takeOut } from './room-exit.ts';
import type { RoomOutput } from './room-message.ts';
import type { LiveRoom, Participant, RoomContext, RoomState, RoomStep } from './room-state.ts';
import { isLive, setMicrophone, toLeg, withConference, withPerson } from './room-state.ts';
import { gainDb } from './volume.ts';

/**
 * Somebody's leg is gone. A seat stays, unheard and unannounced, for as long as its owner may take to come back; a phone
 * has left. The end of a leg that was replaced changes nothing.
 */
export function goAway(
  room: LiveRoom,
  gone: { readonly person: Participant; readonly legId: LegId },
  context: RoomContext,
): RoomStep {
  const { person, legId } = gone;
  if (person.at.presence === 'away' || person.at.legId !== legId) return { room, outputs: [] };
  if (person.kind === 'phone') return takeOut(room, { person, why: 'left' }, context);
  return {
    room: withPerson(room, awayFrom(person, context)),
    outputs: [
      note('a guest has lost the connection', person.participantId),
      ...letGo(room.conference, person),
    ],
  };
}

/** The owner of a seat is back in it with a new leg, heard and hearing as before. Nobody is told. */
export function comeBack(
  room: LiveRoom,
  back: { readonly person: Participant; readonly legId: LegId },
  context: RoomContext,
): RoomStep {
  const { person, legId } = back;
  const { participantId, role, at } = person;
  const { conference } = room;
  const { roomId } = room.terms;
  if (at.presence === 'here' && at.legId === legId) {
    return { room, outputs: [note('somebody who is inside joined again', participantId)] };
  }
  const seated: Participant = { ...person, at: { presence: 'here', legId } };
  const replaced: readonly RoomOutput[] =
    at.presence === 'here'
      ? [...letGo(conference, person), { type: 'taken-over', legId: at.legId }]
      : [];
  const opened: readonly RoomOutput[] =
    conference.mixing === 'lost' ? [{ type: 'mixer', command: { type: 'open-room', roomId } }] : [];
  return {
    room: withConference(withPerson(room, seated), { mixing: 'open' }),
    outputs: [
      ...replaced,
      ...opened,
      { type: 'mixer', command: { type: 'join-room', legId, roomId } },
      { type: 'joined', participantId, legId, others: conference.people.length - 1, role },
      ...restored(room, seated, context),
    ],
  };
}

/**
 * The mixer's room is gone with its worker. Phones have lost their legs and are out; seats wait for their owners, with
 * lock, hands and microphones as they were.
 */
export function loseWorker(room: RoomState, context: RoomContext): RoomStep {
  if (!isLive(room)) return { room, outputs: [] };
  const { people } = room.conference;
  const left = people.filter((person) => person.kind === 'browser');
  if (people.some((person) => person.tie === 'host')) {
    const why = { why: 'host-left', note: 'the host of the room was lost' } as const;
    const legless = people.map((person) => awayFrom(person, context));
    return emptyOut(withConference(room, { people: legless }), why, context);
  }
  if (left.length === 0) return emptied(room, context);
  return {
    room: withConference(room, {
      people: left.map((person) => awayFrom(person, context)),
      music: { music: left.length === 1 ? 'on' : 'off' },
      mixing: 'lost',
    }),
    outputs: [],
  };
}

/** When the first seat is given up. */
export function graceEndsAtMs(room: LiveRoom): MonotonicMs {
  return room.conference.people.reduce(
    (soonestMs, { at }) => (at.presence === 'away' ? Math.min(soonestMs, at.untilMs) : soonestMs),
    NEVER,
  );
}

/** Whoever has been away too long leaves. */
export function endGrace(room: RoomState, context: RoomContext): RoomStep {
  let step: RoomStep = { room, outputs: [] };
  const people = isLive(room) ? room.conference.people : [];
  for (const person of people) {
    if (person.at.presence === 'here' || context.nowMs < person.at.untilMs) continue;
    if (!isLive(step.room)) break;
    const out = takeOut(step.room, { person, why: 'left' }, context);
    const came = note('a guest did not come back', person.participantId);
    step = { room: out.room, outputs: [...step.outputs, came, ...out.outputs] };
  }
  return step;
}

function awayFrom(person: Participant, context: RoomContext): Participant {
  if (person.at.presence === 'away') return person;
  const untilMs = context.nowMs + context.settings.graceMs;
  return { ...person, at: { presence: 'away', untilMs } };
}

/** What the mixer must be told of a new leg, where it is not as a leg begins. */
function restored(
  room: LiveRoom,
  person: Participant,
  context: RoomContext,
): readonly RoomOutput[] {
  const { listen, talk } = context.settings;
  const { microphone, listenStep, talkStep } = person;
  const talkGainDb = gainDb(talkStep, talk);
  const listenGainDb = gainDb(listenStep, listen);
  const gains = toLeg(person, (legId) => ({ type: 'set-gains', legId, talkGainDb, listenGainDb }));
  return [
    ...(microphone === 'muted' ? setMicrophone(person) : []),
    ...(talkStep !== 0 || listenStep !== 0 ? gains : []),
    ...(room.conference.music.music === 'on' ? setMusic(person, 'on') : []),
  ];
}

function note(message: string, participantId: string): RoomOutput {
  return { type: 'note', message, participantId };
}
