import type { Utterance } from '../prompt/utterance.ts';
import { takeOut, setMusic } from './room-exit.ts';
import type { RoomInput, RoomOutput } from './room-message.ts';
import type {
  Life,
  LiveRoom,
  Participant,
  RoomContext,
  RoomState,
  RoomStep,
} from './room-state.ts';
import { findParticipant, isLive, lastJoined, withConference } from './room-state.ts';
import { comeBack } from './room-seats.ts';
import { takeDue } from './warnings.ts';

type Join = Extract<RoomInput, { readonly type: 'join' }>;

/**
 * Somebody wants to come in. A locked room refuses participants but not moderators; a full one refuses everybody but a
 * moderator who has the last one removed.
 */
export function join(room: RoomState, wish: Join, context: RoomContext): RoomStep {
  const { participantId, legId } = wish;
  const person = isLive(room) ? findParticipant(room, participantId) : undefined;
  if (isLive(room) && person !== undefined) return comeBack(room, { person, legId }, context);
  if (!standsAt(room.life, context.nowMs)) return refuseOver(room, wish);
  if (!isLive(room)) return admit(room, wish, context);
  if (room.conference.lock === 'locked' && wish.role !== 'moderator') {
    return { room, outputs: [{ type: 'refused', participantId, legId, why: 'locked' }] };
  }
  if (room.conference.people.length < room.terms.maxParticipants) return admit(room, wish, context);
  const last = lastJoined(room, participantId);
  if (wish.role !== 'moderator' || wish.whenFull !== 'remove-last' || last === undefined) {
    return { room, outputs: [{ type: 'refused', participantId, legId, why: 'full' }] };
  }
  const out = takeOut(room, { person: last, why: 'removed' }, context);
  const inside = admit(out.room, wish, context);
  const message = 'the last one was removed to make room';
  return {
    room: inside.room,
    outputs: [{ type: 'note', message, participantId }, ...out.outputs, ...inside.outputs],
  };
}

function standsAt(life: Life, nowMs: number): boolean {
  return life.life === 'standing' && nowMs < life.endsAtMs;
}

/** An empty room that is over says so, since nobody's leaving will. */
function refuseOver(room: RoomState, wish: Join): RoomStep {
  const refused: RoomOutput = {
    type: 'refused',
    participantId: wish.participantId,
    legId: wish.legId,
    why: 'over',
  };
  return isLive(room)
    ? { room, outputs: [refused] }
    : {
        room: { ...room, life: { life: 'over' } },
        outputs: [refused, { type: 'emptied', outcome: 'over' }],
      };
}

function admit(room: RoomState, wish: Join, context: RoomContext): RoomStep {
  const { participantId, legId, kind, name, role, tie } = wish;
  const person: Participant = {
    participantId,
    kind,
    name,
    at: { presence: 'here', legId },
    role,
    tie,
    microphone: 'live',
    mutedBy: null,
    hand: 'lowered',
    listenStep: 0,
    talkStep: 0,
  };
  const { roomId } = room.terms;
  const enters: readonly RoomOutput[] = [
    { type: 'mixer', command: { type: 'join-room', legId, roomId } },
    {
      type: 'joined',
      participantId,
      legId,
      others: isLive(room) ? room.conference.people.length : 0,
      role,
    },
  ];
  return isLive(room)
    ? admitToOthers(room, person, enters)
    : admitFirst(room, person, { enters, context });
}

function admitFirst(
  room: RoomState,
  person: Participant,
  entry: { readonly enters: readonly RoomOutput[]; readonly context: RoomContext },
): RoomStep {
  const { life } = room;
  // Warnings that fell due while nobody was inside are no news to whoever comes now.
  const fresh: Life =
    life.life === 'standing'
      ? { ...life, warnings: takeDue(life.warnings, entry.context.nowMs).left }
      : life;
  return {
    room: {
      ...room,
      life: fresh,
      conference: {
        state: 'live',
        people: [person],
        lock: 'open',
        music: { music: 'on' },
        startedAtMs: entry.context.nowMs,
        mixing: 'open',
      },
    },
    outputs: [
      openRoom(room.terms.roomId),
      ...entry.enters,
      ...setMusic(person, 'on'),
      ...greet(person, { say: 'entered-first' }),
    ],
  };
}

function admitToOthers(
  room: LiveRoom,
  person: Participant,
  enters: readonly RoomOutput[],
): RoomStep {
  const { people, music, mixing } = room.conference;
  const { roomId } = room.terms;
  const others = people.length;
  return {
    room: withConference(room, {
      people: [...people, person],
      music: { music: 'off' },
      mixing: 'open',
    }),
    outputs: [
      ...(mixing === 'lost' ? [openRoom(roomId)] : []),
      ...enters,
      ...(music.music === 'on' ? people.flatMap((other) => setMusic(other, 'off')) : []),
      ...(room.terms.announcements === 'off' ? [] : toneFor(person)),
      ...greet(person, { say: 'entered-with', others }),
    ],
  };
}

function openRoom(roomId: string): RoomOutput {
  return { type: 'mixer', command: { type: 'open-room', roomId } };
}

function toneFor({ at }: Participant): readonly RoomOutput[] {
  const exceptLegId = at.presence === 'here' ? at.legId : null;
  return [{ type: 'sound-to-all', sound: 'tone-enter', exceptLegId }];
}

/** A browser shows what a phone must be told. */
function greet(person: Participant, utterance: Utterance): readonly RoomOutput[] {
  const { kind, participantId, role } = person;
  if (kind === 'browser') return [];
  const welcome: RoomOutput = { type: 'say', participantId, utterance };
  return role === 'moderator'
    ? [welcome, { type: 'say', participantId, utterance: { say: 'you-are-moderator' } }]
    : [welcome];
}
