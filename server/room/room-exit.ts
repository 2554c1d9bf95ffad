import type { ExpelWhy, RoomOutput } from './room-message.ts';
import type {
  AloneMusic,
  LiveConference,
  LiveRoom,
  Participant,
  RoomContext,
  RoomState,
  RoomStep,
} from './room-state.ts';
import { toLeg, withConference } from './room-state.ts';

/** Takes one out of the room, by their own will (`left`) or another's. The others go on, unless it was the host. */
export function takeOut(
  room: LiveRoom,
  out: { readonly person: Participant; readonly why: 'left' | ExpelWhy },
  context: RoomContext,
): RoomStep {
  const { person, why } = out;
  const rest = room.conference.people.filter((other) => other !== person);
  const gone = exit(room.conference, person, why);
  const [first] = rest;
  if (person.tie === 'host') {
    const ended = emptyOut(
      { ...withConference(room, { people: rest }), life: { life: 'over' } },
      { why: 'host-left', note: 'the host of the room has left' },
      context,
    );
    return { room: ended.room, outputs: [...gone, ...ended.outputs] };
  }
  if (first === undefined) {
    const ended = emptied(room, context);
    return { room: ended.room, outputs: [...gone, ...ended.outputs] };
  }
  const music: AloneMusic =
    rest.length === 1
      ? { music: 'due', atMs: context.nowMs + context.settings.aloneMusicDelayMs }
      : room.conference.music;
  const tone: readonly RoomOutput[] =
    room.terms.announcements === 'off'
      ? []
      : [{ type: 'sound-to-all', sound: 'tone-leave', exceptLegId: null }];
  return {
    room: withConference(room, { people: rest, music }),
    outputs: [...gone, ...tone],
  };
}

/** Puts everybody out. Whether the room is over with it, `life` says; a host who goes takes the room along. */
export function emptyOut(
  room: LiveRoom,
  reason: { readonly why: ExpelWhy; readonly note: string },
  context: RoomContext,
): RoomStep {
  const { people } = room.conference;
  const hostGoes = people.some((person) => person.tie === 'host');
  const ended = emptied(hostGoes ? { ...room, life: { life: 'over' } } : room, context);
  return {
    room: ended.room,
    outputs: [
      { type: 'note', message: reason.note, participantId: null },
      ...people.flatMap((person) => exit(room.conference, person, reason.why)),
      ...ended.outputs,
    ],
  };
}

function exit(
  conference: LiveConference,
  person: Participant,
  why: 'left' | ExpelWhy,
): readonly RoomOutput[] {
  const { participantId } = person;
  return [
    ...letGo(conference, person),
    ...(why === 'left' ? [] : [{ type: 'expel' as const, participantId, why }]),
  ];
}

/** Takes somebody's leg, if there is one, out of the mix. */
export function letGo(conference: LiveConference, person: Participant): readonly RoomOutput[] {
  return [
    ...(conference.music.music === 'on' ? setMusic(person, 'off') : []),
    ...toLeg(person, (legId) => ({ type: 'leave-room', legId })),
  ];
}

/** Music on hold for one person. */
export function setMusic(person: Participant, music: 'on' | 'off'): readonly RoomOutput[] {
  return toLeg(person, (legId) => ({ type: 'set-music', legId, music }));
}

/** The last one is out: all that the conference had is gone. */
export function emptied(room: RoomState, context: RoomContext): RoomStep {
  const { life } = room;
  const stands = life.life === 'standing' && context.nowMs < life.endsAtMs;
  return {
    room: {
      ...room,
      life: stands ? life : { life: 'over' },
      conference: { state: 'empty' },
    },
    outputs: [
      { type: 'mixer', command: { type: 'close-room', roomId: room.terms.roomId } },
      { type: 'emptied', outcome: stands ? 'reservation-stands' : 'over' },
    ],
  };
}
