import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import { NEVER } from '../../mixer/protocol/units.ts';
import type { RoomTerms } from '../reservation/reservation.ts';
import { emptyOut, setMusic } from './room-exit.ts';
import { endGrace, graceEndsAtMs } from './room-seats.ts';
import type { RoomOutput } from './room-message.ts';
import type { LiveRoom, Participant, RoomContext, RoomState, RoomStep } from './room-state.ts';
import { isLive, withConference } from './room-state.ts';
import type { Warning } from './warnings.ts';
import { minutesFrom, minutesUntil, planWarnings, replanWarnings, takeDue } from './warnings.ts';

/** When the room must be looked at again. An empty one waits for nothing. */
export function roomDeadline(room: RoomState): MonotonicMs {
  if (!isLive(room) || room.life.life === 'over') return NEVER;
  const { music } = room.conference;
  const warnAtMs = room.life.life === 'standing' ? (room.life.warnings[0]?.atMs ?? NEVER) : NEVER;
  const musicAtMs = music.music === 'due' ? music.atMs : NEVER;
  return Math.min(room.life.endsAtMs, warnAtMs, musicAtMs, graceEndsAtMs(room));
}

/** Does what is due: the end, else warnings and music for whoever is alone. */
export function passTime(room: RoomState, context: RoomContext): RoomStep {
  if (!isLive(room) || room.life.life === 'over') return { room, outputs: [] };
  const { life } = room;
  if (context.nowMs >= life.endsAtMs) {
    const why = life.life === 'winding-up' ? life.why : 'reservation-ended';
    const note = why === 'deleted' ? 'the reservation was deleted' : 'the reservation has ended';
    return emptyOut({ ...room, life: { life: 'over' } }, { why, note }, context);
  }
  const warned = warn(room, context);
  const alone = playMusicToLoner(warned.room, context);
  const rest = endGrace(alone.room, context);
  return { room: rest.room, outputs: [...warned.outputs, ...alone.outputs, ...rest.outputs] };
}

/**
 * New terms. A warning is not repeated for the same end. An end that comes sooner than before is spoken of at once; one
 * that leaves people no time gives them a last minute after a spoken warning.
 */
export function changeTerms(
  room: RoomState,
  change: { readonly terms: RoomTerms; readonly endsAtMs: MonotonicMs },
  context: RoomContext,
): RoomStep {
  const { terms, endsAtMs } = change;
  const { life } = room;
  if (life.life === 'over') return { room: { ...room, terms }, outputs: [] };
  const sameEnd = terms.endAtMs === room.terms.endAtMs;
  const later = endsAtMs > life.endsAtMs;
  if (life.life === 'winding-up' && (life.why === 'deleted' || sameEnd || !later)) {
    return { room: { ...room, terms }, outputs: [] };
  }
  const { warnings } = context.settings;
  const left = life.life === 'standing' ? life.warnings : [];
  const told = sameEnd && !left.some((warning) => warning.to === 'all');
  if (isLive(room) && !told && endsAtMs < minutesFrom(context.nowMs, warnings.movedEndMinutes)) {
    return windUp({ ...room, terms }, context);
  }
  const plan = sameEnd
    ? replanWarnings(left, endsAtMs, warnings)
    : planWarnings(endsAtMs, warnings);
  // Of an end that moves on, warnings that would have been spoken by now are no news.
  const open = !sameEnd && later ? takeDue(plan, context.nowMs).left : plan;
  return passTime(
    { ...room, terms, life: { life: 'standing', endsAtMs, warnings: open } },
    context,
  );
}

/** The reservation was deleted: a spoken warning, and the end shortly after. Nobody inside: the end at once. */
export function deleteRoom(room: RoomState, context: RoomContext): RoomStep {
  const { life } = room;
  if (life.life === 'over') return { room, outputs: [] };
  if (!isLive(room)) {
    return {
      room: { ...room, life: { life: 'over' } },
      outputs: [{ type: 'emptied', outcome: 'over' }],
    };
  }
  if (life.life === 'winding-up' && life.why === 'deleted') return { room, outputs: [] };
  const { deletedSeconds } = context.settings.warnings;
  const endsAtMs = Math.min(life.endsAtMs, context.nowMs + deletedSeconds * 1000);
  const seconds = Math.max(0, Math.ceil((endsAtMs - context.nowMs) / 1000));
  return {
    room: { ...room, life: { life: 'winding-up', endsAtMs, why: 'deleted' } },
    outputs: [{ type: 'say-to-all', utterance: { say: 'ends-in-seconds', seconds } }],
  };
}

function windUp(room: LiveRoom, context: RoomContext): RoomStep {
  const minutes = context.settings.warnings.movedEndMinutes;
  const endsAtMs = minutesFrom(context.nowMs, minutes);
  return {
    room: { ...room, life: { life: 'winding-up', endsAtMs, why: 'reservation-ended' } },
    outputs: [{ type: 'say-to-all', utterance: { say: 'ends-in-minutes', minutes } }],
  };
}

function warn(
  room: LiveRoom,
  context: RoomContext,
): { readonly room: LiveRoom; readonly outputs: readonly RoomOutput[] } {
  const { life } = room;
  if (life.life !== 'standing') return { room, outputs: [] };
  const { due, left } = takeDue(life.warnings, context.nowMs);
  const minutes = minutesUntil(life.endsAtMs, context.nowMs);
  return {
    room: { ...room, life: { ...life, warnings: left } },
    outputs: speakWarning(room, due, minutes),
  };
}

/** When both audiences are due, each person hears one sentence, not two at once. */
function speakWarning(
  room: LiveRoom,
  due: ReadonlySet<Warning['to']>,
  minutes: number,
): readonly RoomOutput[] {
  if (due.has('all') && !due.has('moderators')) {
    return [{ type: 'say-to-all', utterance: { say: 'ends-in-minutes', minutes } }];
  }
  if (!due.has('moderators')) return [];
  return room.conference.people
    .filter((person) => due.has('all') || person.role === 'moderator')
    .map(({ participantId, role }) => ({
      type: 'say',
      participantId,
      utterance: {
        say: role === 'moderator' ? 'ends-in-minutes-extend' : 'ends-in-minutes',
        minutes,
      },
    }));
}

function playMusicToLoner(room: LiveRoom, context: RoomContext): RoomStep {
  const { music, people } = room.conference;
  if (music.music !== 'due' || context.nowMs < music.atMs) return { room, outputs: [] };
  return {
    room: withConference(room, { music: { music: 'on' } }),
    outputs: people.flatMap((person) => [...tellAlone(person), ...setMusic(person, 'on')]),
  };
}

/** A browser shows who is there. */
function tellAlone({ kind, participantId }: Participant): readonly RoomOutput[] {
  return kind === 'phone'
    ? [{ type: 'say', participantId, utterance: { say: 'alone-again' } }]
    : [];
}
