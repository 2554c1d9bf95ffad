import { done, note, refuse, tell } from './room-answer.ts';
import type { ActionStep } from './room-answer.ts';
import { emptyOut, takeOut } from './room-exit.ts';
import type { LockState, ParticipantId, RoomOutput } from './room-message.ts';
import type { LiveRoom, Participant, RoomContext } from './room-state.ts';
import {
  findParticipant,
  lastJoined,
  setMicrophone,
  withConference,
  withPerson,
} from './room-state.ts';

/** A moderator's action on somebody else. */
interface On {
  readonly actor: Participant;
  readonly personId: ParticipantId;
}

/** Locks or unlocks the room. */
export function setLock(room: LiveRoom, actor: Participant, lock: LockState): ActionStep {
  const heard = { say: lock === 'locked' ? 'lock-on' : 'lock-off' } as const;
  if (room.conference.lock === lock) return done(room, [], heard);
  const message =
    lock === 'locked' ? 'a moderator locked the room' : 'a moderator unlocked the room';
  return done(withConference(room, { lock }), [note(message, actor)], heard);
}

/** Removes the last one who joined. */
export function removeLast(room: LiveRoom, actor: Participant, context: RoomContext): ActionStep {
  const person = lastJoined(room, actor.participantId);
  if (person === undefined) return refuse(room, 'nobody-there', { say: 'nobody-to-remove' });
  const out = takeOut(room, { person, why: 'removed' }, context);
  const message = 'a moderator removed the last one who joined';
  return done(out.room, [note(message, actor), ...out.outputs], { say: 'last-removed' });
}

/**
 * Removes somebody, other moderators included, as `removeLast` does: whoever entered with a leaked ADMIN PIN can be
 * put out. Nobody removes themselves, who can leave; nor the host of a room made by phone, who would take
 * it along.
 */
export function removePerson(room: LiveRoom, on: On, context: RoomContext): ActionStep {
  const { actor, personId } = on;
  const person = personId === actor.participantId ? undefined : findParticipant(room, personId);
  if (person === undefined || person.tie === 'host') {
    return refuse(room, 'nobody-there', { say: 'nobody-to-remove' });
  }
  const out = takeOut(room, { person, why: 'removed' }, context);
  return done(out.room, [note('a moderator removed somebody', actor), ...out.outputs], null);
}

/** Mutes somebody, who may always unmute themselves. */
export function mutePerson(room: LiveRoom, on: On): ActionStep {
  const person = findParticipant(room, on.personId);
  if (person === undefined) return refuse(room, 'nobody-there', { say: 'nobody-to-remove' });
  const muted = mute([person], on.actor);
  return done(withAll(room, muted.people), muted.outputs, null);
}

/** Mutes all who are not moderators. */
export function muteAll(room: LiveRoom, actor: Participant): ActionStep {
  const others = room.conference.people.filter(
    (person) => person.role !== 'moderator' && person.participantId !== actor.participantId,
  );
  const muted = mute(others, actor);
  const outputs = [note('a moderator muted all', actor), ...muted.outputs];
  return done(withAll(room, muted.people), outputs, null);
}

/** Takes somebody's hand down: the question has been answered, or must wait. */
export function lowerHandOf(room: LiveRoom, on: On): ActionStep {
  const person = findParticipant(room, on.personId);
  if (person === undefined) return refuse(room, 'nobody-there', { say: 'nobody-to-remove' });
  if (person.hand === 'lowered') return done(room, [], null);
  const told =
    person.participantId === on.actor.participantId ? [] : tellPhone(person, 'hand-lowered');
  return done(withPerson(room, { ...person, hand: 'lowered' }), told, null);
}

/** Ends the conference for everybody. */
export function endForAll(room: LiveRoom, context: RoomContext): ActionStep {
  const reason = { why: 'ended-by-moderator', note: 'a moderator ended the conference' } as const;
  const ended = emptyOut(room, reason, context);
  return done(ended.room, ended.outputs, null);
}

/** Whoever is muted already is left as they are. */
function mute(
  people: readonly Participant[],
  actor: Participant,
): { readonly people: readonly Participant[]; readonly outputs: readonly RoomOutput[] } {
  const muted = people
    .filter((person) => person.microphone === 'live')
    .map((person): Participant => {
      const mutedBy = person.participantId === actor.participantId ? 'self' : 'moderator';
      return { ...person, microphone: 'muted', mutedBy };
    });
  const outputs = muted.flatMap((person) => [
    ...setMicrophone(person),
    ...(person.mutedBy === 'moderator' ? tellPhone(person, 'muted-by-moderator') : []),
  ]);
  return { people: muted, outputs };
}

function withAll(room: LiveRoom, changed: readonly Participant[]): LiveRoom {
  return changed.reduce((next: LiveRoom, person) => withPerson(next, person), room);
}

/** A browser shows it. */
function tellPhone(
  person: Participant,
  say: 'muted-by-moderator' | 'hand-lowered',
): readonly RoomOutput[] {
  return person.kind === 'phone' ? [tell(person, { say })] : [];
}
