import { NEVER } from '../../../mixer/protocol/units.ts';
import type { MixerCommand } from '../../../mixer/protocol/mixer-command.ts';
import type { Utterance } from '../../../server/prompt/utterance.ts';
import type { Role, RoomTerms } from '../../../server/reservation/reservation.ts';
import type { RoomAction, RoomInput, RoomOutput } from '../../../server/room/room-message.ts';
import type { RoomSettings } from '../../../server/room/room-options.ts';
import { DEFAULT_ROOM_SETTINGS } from '../../../server/room/room-options.ts';
import { createRoom } from '../../../server/room/room.ts';
import type { RoomCore } from '../../../server/room/room.ts';

/** A minute. */
export const MINUTE_MS = 60_000;

/** A reservation's room for three people, which ends an hour after the rig's beginning. */
export const TERMS: RoomTerms = {
  roomId: 'room-1',
  origin: 'reservation',
  number: '12321',
  pin: '54345',
  adminPin: '7654367',
  name: 'Test',
  maxParticipants: 3,
  startAtMs: 0,
  opensAtMs: 0,
  endAtMs: 3_600_000,
  zone: 'Europe/Warsaw',
  announcements: 'tone',
};

/** What a rig is made of. */
export interface RoomRigOptions {
  readonly terms?: Partial<RoomTerms>;
  readonly settings?: Partial<RoomSettings>;
  readonly endsAtMs?: number;
}

/** How somebody joins, where it differs from a participant who takes no for an answer. */
export interface JoinOptions {
  readonly kind?: 'phone' | 'browser';
  /** `leg-` and the letter unless told. */
  readonly legId?: string;
  readonly role?: Role;
  readonly whenFull?: 'refuse' | 'remove-last';
  readonly tie?: 'guest' | 'host';
}

/** A room whose outputs become lines. People are called by one letter, their leg is `leg-` and that letter. */
export class RoomRig {
  readonly room: RoomCore;
  readonly terms: RoomTerms;
  nowMs = 0;

  constructor(options: RoomRigOptions = {}) {
    this.terms = { ...TERMS, ...options.terms };
    this.room = createRoom({
      ...DEFAULT_ROOM_SETTINGS,
      ...options.settings,
      terms: this.terms,
      endsAtMs: options.endsAtMs ?? (this.terms.endAtMs === null ? NEVER : this.terms.endAtMs),
    });
  }

  feed(input: RoomInput | { readonly type: 'timeout' }): readonly string[] {
    return this.room.handle(input, this.nowMs).map(lineOf);
  }

  join(participantId: string, options: JoinOptions = {}): readonly string[] {
    return this.feed({
      type: 'join',
      participantId,
      legId: options.legId ?? legOf(participantId),
      kind: options.kind ?? 'phone',
      name: `name of ${participantId}`,
      role: options.role ?? 'participant',
      whenFull: options.whenFull ?? 'refuse',
      tie: options.tie ?? 'guest',
    });
  }

  leave(participantId: string): readonly string[] {
    return this.feed({ type: 'leave', participantId, legId: legOf(participantId) });
  }

  /** The leg of somebody is lost. */
  lose(participantId: string, legId = legOf(participantId)): readonly string[] {
    return this.feed({ type: 'away', participantId, legId });
  }

  /** Somebody who comes by browser. */
  joinByBrowser(participantId: string, options: JoinOptions = {}): readonly string[] {
    return this.join(participantId, { ...options, kind: 'browser' });
  }

  /** By a key. */
  act(participantId: string, action: PlainAction | RoomAction): readonly string[] {
    const by = 'key';
    return this.feed({ type: 'action', participantId, action: named(action), said: { by } });
  }

  /** By a click, the answer to which is a line `click 7 …`. */
  click(participantId: string, action: PlainAction | RoomAction): readonly string[] {
    const said = { by: 'click', clickId: 7 } as const;
    return this.feed({ type: 'action', participantId, action: named(action), said });
  }

  extend(participantId: string, minutes: 15 | 30 | 60): readonly string[] {
    return this.act(participantId, { type: 'extend', minutes });
  }

  /** How somebody looks to the others, in one line. */
  look(participantId: string): string {
    const person = this.room.view.people.find(({ personId }) => personId === participantId);
    if (person === undefined) return 'not there';
    const { role, microphone, mutedBy, hand, legId } = person;
    return `${role} ${microphone} ${mutedBy ?? 'unmuted'} ${hand} ${legId ?? 'away'}`;
  }

  /** The reservation's end is moved; wall clock and monotonic clock agree unless told otherwise. */
  moveEnd(endAtMs: number, endsAtMs = endAtMs): readonly string[] {
    return this.feed({ type: 'terms', terms: { ...this.terms, endAtMs }, endsAtMs });
  }

  /** Lets time pass, keeping the room's deadlines on the way. Returns what happened. */
  waitUntil(atMs: number): readonly string[] {
    const lines: string[] = [];
    for (let turn = 0; turn < 100 && this.room.deadlineMs <= atMs; turn += 1) {
      this.nowMs = Math.max(this.nowMs, this.room.deadlineMs);
      lines.push(...this.feed({ type: 'timeout' }));
    }
    this.nowMs = atMs;
    return lines;
  }
}

/** An action that is said by its name alone. */
type PlainAction = NameOf<RoomAction>;
type NameOf<Action extends RoomAction> = Action extends RoomAction
  ? keyof Action extends 'type'
    ? Action['type']
    : never
  : never;

function named(action: PlainAction | RoomAction): RoomAction {
  return typeof action === 'string' ? { type: action } : action;
}

function legOf(participantId: string): string {
  return `leg-${participantId}`;
}

/** Lines without the commands to the mixer and the log. */
export function heard(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !line.startsWith('mixer ') && !line.startsWith('note '));
}

function lineOf(output: RoomOutput): string {
  switch (output.type) {
    case 'mixer':
      return `mixer ${mixerLine(output.command)}`;
    case 'say':
      return `${output.participantId} hears ${utteranceLine(output.utterance)}`;
    case 'say-to-all':
      return `all hear ${utteranceLine(output.utterance)}`;
    case 'sound-to-all':
      return `all hear ${output.sound}${output.exceptLegId === null ? '' : ` but ${output.exceptLegId}`}`;
    case 'joined':
      return `${output.participantId} joined ${output.others} others as ${output.role}`;
    case 'refused':
      return `${output.participantId} refused ${output.why}`;
    case 'expel':
      return `${output.participantId} expelled ${output.why}`;
    case 'request-extension':
      return `${output.participantId} requests ${output.minutes}`;
    case 'emptied':
      return `emptied ${output.outcome}`;
    case 'taken-over':
      return `${output.legId} taken over`;
    case 'clicked':
      return `click ${output.clickId} ${output.outcome}`;
    case 'note':
      return `note ${output.message}`;
  }
}

function mixerLine(command: MixerCommand): string {
  return Object.values(command).join(' ');
}

function utteranceLine(utterance: Utterance): string {
  return Object.values(utterance)
    .map((value) => String(value))
    .join(' ');
}
