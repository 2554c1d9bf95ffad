import { takeOut, setMusic } from './room-exit.ts';
import type { RoomInput, RoomOutput } from './room-message.ts';
import type { Life, Participant, RoomContext, RoomState, RoomStep } from './room-state.ts';
import { findParticipant, isLive, lastJoined, withConference } from './room-state.ts';
import { takeDue } from './warnings.ts';

type Join = Extract<RoomInput, { readonly type: 'join' }>;

/**
 * Somebody wants to come in. A locked room refuses participants but not moderators; a full one refuses everybody but a
 * moderator who has the last one removed.
 */
export function join(room: RoomState, wish: Join, context: RoomContext): RoomStep {
  const { participantId } = wish;
  if (isLive(room) && findParticipant(room, participantId) !== undefined) {
    const message = 'somebody who is inside joined again';
    return { room, outputs: [{ type: 'note', message, participantId }] };
  }
  if (!standsAt(room.life, context.nowMs)) return refuseOver(room, wish);
  if (!isLive(room)) return admit(room, wish, context);
  if (room.conference.lock === 'locked' && wish.role !== 'moderator') {
    return { room, outputs: [{ type: 'refused', participantId, why: 'locked' }] };
  }
  if (room.conference.people.length < room.terms.maxParticipants) return admit(room, wish, context);
  const last = lastJoined(room, participantId);
  if (wish.role !== 'moderator' || wish.whenFull !== 'remove-last' || last === undefined) {
    return { room, outputs: [{ type: 'refused', participantId, why: 'full' }] };
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
  const { participantId, legId, role, tie } = wish;
  const person: Participant = {
    participantId,
    legId,
    role,
    tie,
    microphone: 'live',
    listenStep: 0,
    talkStep: 0,
  };
  const { roomId } = room.terms;
  const enters: readonly RoomOutput[] = [
    { type: 'mixer', command: { type: 'join-room', legId, roomId } },
    {
      type: 'joined',
      participantId,
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
  const { participantId, legId, role } = person;
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
      conference: { state: 'live', people: [person], lock: 'open', music: { music: 'on' } },
    },
    outputs: [
      { type: 'mixer', command: { type: 'open-room', roomId: room.terms.roomId } },
      ...entry.enters,
      setMusic(legId, 'on'),
      { type: 'say', participantId, utterance: { say: 'entered-first' } },
      ...greetModerator(participantId, role),
    ],
  };
}

function admitToOthers(
  room: Parameters<typeof withConference>[0],
  person: Participant,
  enters: readonly RoomOutput[],
): RoomStep {
  const { participantId, legId, role } = person;
  const { people, music } = room.conference;
  const others = people.length;
  return {
    room: withConference(room, { people: [...people, person], music: { music: 'off' } }),
    outputs: [
      ...enters,
      ...(music.music === 'on' ? people.map((other) => setMusic(other.legId, 'off')) : []),
      ...(room.terms.announcements === 'off' ? [] : [toneFor(legId)]),
      { type: 'say', participantId, utterance: { say: 'entered-with', others } },
      ...greetModerator(participantId, role),
    ],
  };
}

function toneFor(legId: string): RoomOutput {
  return { type: 'sound-to-all', sound: 'tone-enter', exceptLegId: legId };
}

function greetModerator(participantId: string, role: Participant['role']): readonly RoomOutput[] {
  return role === 'moderator'
    ? [{ type: 'say', participantId, utterance: { say: 'you-are-moderator' } }]
    : [];
}
