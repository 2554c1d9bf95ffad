import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { LegId } from '../../mixer/protocol/mixer-command.ts';
import type { MediaPool } from '../media/media-pool.ts';
import { speak } from '../prompt/speak.ts';
import type { Language, SoundName, Utterance } from '../prompt/utterance.ts';
import type { RoomTerms } from '../reservation/reservation.ts';
import type {
  ExpelWhy,
  ParticipantId,
  RoomAction,
  RoomInput,
  RoomOutput,
} from '../room/room-message.ts';
import type { RoomSettings } from '../room/room-options.ts';
import { createRoom } from '../room/room.ts';
import type { RoomCore } from '../room/room.ts';
import type { Clock } from '../runtime/clock.ts';
import { drive } from '../runtime/drive.ts';
import type { Drive } from '../runtime/drive.ts';
import type { Logger } from '../runtime/logger.ts';
import type { EnterRequest } from './call-message.ts';
import { endsAtMonotonic } from './room-directory.ts';
import type { RoomDirectory } from './room-directory.ts';

/** What a room tells the call of one of its participants. */
export type RoomNews =
  | { readonly type: 'entered' }
  | { readonly type: 'not-entered'; readonly why: 'locked' | 'full' | 'over' }
  | { readonly type: 'room-says'; readonly utterance: Utterance }
  | { readonly type: 'expelled'; readonly why: ExpelWhy };

/** What live rooms work with. */
export interface LiveRoomsOptions {
  readonly directory: RoomDirectory;
  readonly media: MediaPool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: () => RoomSettings;
  readonly language: () => Language;
  readonly tell: (participantId: ParticipantId, news: RoomNews) => void;
}

interface LiveRoom {
  terms: RoomTerms;
  endsAtMs: number;
  /** The reservation was deleted, and the room knows. */
  ending: 'no' | 'deleted';
  readonly room: RoomCore;
  readonly core: Drive<RoomInput>;
}

/** A difference between the clocks that is worth re-planning a room's warnings for. */
const CLOCK_STEP_MS = 500;

/** The rooms with people in them: each a core, driven from here, made at the first entry and dropped when it is empty. */
export class LiveRooms {
  readonly #options: LiveRoomsOptions;
  readonly #rooms = new Map<string, LiveRoom>();
  #playId = 0;

  constructor(options: LiveRoomsOptions) {
    this.#options = options;
  }

  /** Rooms with people in them. */
  get count(): number {
    return this.#rooms.size;
  }

  /** People in all rooms together. */
  get everybody(): number {
    return [...this.#rooms.values()].reduce((sum, { room }) => sum + room.people, 0);
  }

  /** People in the room of this id. */
  people(roomId: string): number {
    return this.#rooms.get(roomId)?.room.people ?? 0;
  }

  /** Whether anybody is in the room of this id. */
  has(roomId: string): boolean {
    return this.#rooms.has(roomId);
  }

  /** A participant wants in. The answer comes by `tell`. */
  enter(participantId: ParticipantId, legId: LegId, request: EnterRequest): void {
    const { terms, role, whenFull, tie } = request;
    const room = this.#rooms.get(terms.roomId) ?? this.#openAnew(terms);
    if (room === null)
      return this.#options.tell(participantId, { type: 'not-entered', why: 'over' });
    room.core.feed({ type: 'join', participantId, legId, role, whenFull, tie });
  }

  /** A participant did something. */
  act(roomId: string, participantId: ParticipantId, action: RoomAction): void {
    this.#rooms.get(roomId)?.core.feed({ type: 'action', participantId, action });
  }

  /** A participant has hung up or is gone. */
  leave(roomId: string, participantId: ParticipantId): void {
    this.#rooms.get(roomId)?.core.feed({ type: 'leave', participantId });
  }

  /** A room's worker crashed: the room is gone with everybody in it; their legs are told by the pool. */
  lost(roomId: string): void {
    this.#options.log.error('room lost with its media worker', { roomId });
    this.#drop(roomId, 'over');
  }

  /**
   * Looks every live room's terms up again: after a booking elsewhere, new settings, or a step of the wall clock. A
   * permanent room that new settings leave out is not touched while people are in it.
   */
  refresh(): void {
    for (const room of this.#rooms.values()) {
      const terms = this.#termsNow(room.terms);
      if (terms !== null) this.#update(room, terms);
      else if (room.ending === 'no' && room.terms.origin !== 'permanent') {
        room.ending = 'deleted';
        room.core.feed({ type: 'deleted' });
      }
    }
  }

  /** Who waited for the opening may bring terms that do not hold any more: the reservation was deleted meanwhile. */
  #openAnew(known: RoomTerms): LiveRoom | null {
    const terms = this.#termsNow(known);
    return terms === null ? null : this.#open(terms);
  }

  #open(terms: RoomTerms): LiveRoom {
    const { clock, settings } = this.#options;
    const endsAtMs = this.#endOf(terms);
    const room = createRoom({ ...settings(), terms, endsAtMs });
    const core = drive(room, clock, (output) => {
      this.#perform(terms.roomId, output);
    });
    const live: LiveRoom = { terms, endsAtMs, ending: 'no', room, core };
    this.#rooms.set(terms.roomId, live);
    return live;
  }

  #update(room: LiveRoom, terms: RoomTerms): void {
    const endsAtMs = this.#endOf(terms);
    const moved = Math.abs(endsAtMs - room.endsAtMs) > CLOCK_STEP_MS;
    if (!moved && JSON.stringify(terms) === JSON.stringify(room.terms)) return;
    room.terms = terms;
    room.endsAtMs = endsAtMs;
    room.core.feed({ type: 'terms', terms, endsAtMs });
  }

  /** What holds for a room now: the terms known so far when the database fails, null when there is no such room. */
  #termsNow(known: RoomTerms): RoomTerms | null {
    try {
      return this.#options.directory.byId(known.roomId);
    } catch (error) {
      this.#options.log.error('room not looked up', {
        roomId: known.roomId,
        error: String(error),
      });
      return known;
    }
  }

  #endOf(terms: RoomTerms): number {
    const { clock } = this.#options;
    return endsAtMonotonic(terms, {
      wallclockMs: clock.wallclockMs(),
      monotonicMs: clock.monotonicMs(),
    });
  }

  #perform(roomId: string, output: RoomOutput): void {
    const { tell, log } = this.#options;
    switch (output.type) {
      case 'mixer':
        return this.#command(output.command);
      case 'say':
        return tell(output.participantId, { type: 'room-says', utterance: output.utterance });
      case 'say-to-all':
        return this.#play(roomId, speak(output.utterance, this.#options.language()), null);
      case 'sound-to-all':
        return this.#play(roomId, [output.sound satisfies SoundName], output.exceptLegId);
      case 'joined':
        log.info('participant entered', { roomId, role: output.role, others: output.others });
        return tell(output.participantId, { type: 'entered' });
      case 'refused':
        return tell(output.participantId, { type: 'not-entered', why: output.why });
      case 'expel':
        return tell(output.participantId, { type: 'expelled', why: output.why });
      case 'request-extension':
        return this.#extend(roomId, output);
      case 'emptied':
        return this.#drop(roomId, output.outcome);
      case 'note':
        return log.info(output.message, { roomId, participant: output.participantId });
      default:
        return assertNever(output);
    }
  }

  #command(command: Extract<RoomOutput, { readonly type: 'mixer' }>['command']): void {
    switch (command.type) {
      case 'load-clips':
      case 'open-leg':
      case 'attach-leg':
      case 'detach-leg':
      case 'shut-down':
        // Not a room's business: workers and legs belong to the pool and the calls.
        return;
      default:
        this.#options.media.command(command);
    }
  }

  #play(roomId: string, clips: readonly string[], exceptLegId: LegId | null): void {
    this.#playId += 1;
    const playId = this.#playId;
    this.#options.media.command({ type: 'play-to-room', roomId, playId, clips, exceptLegId });
  }

  #extend(roomId: string, wish: Extract<RoomOutput, { readonly type: 'request-extension' }>): void {
    const room = this.#rooms.get(roomId);
    if (room === undefined) return;
    const { participantId, minutes } = wish;
    const terms = this.#extended(roomId, minutes);
    const outcome = terms === null ? 'refused' : 'granted';
    room.core.feed({ type: 'extension', participantId, minutes, outcome });
    if (terms !== null) this.#update(room, terms);
  }

  #extended(roomId: string, minutes: 15 | 30 | 60): RoomTerms | null {
    const { directory, clock, log } = this.#options;
    try {
      return directory.extend(roomId, minutes, clock.wallclockMs());
    } catch (error) {
      log.error('reservation not extended', { roomId, error: String(error) });
      return null;
    }
  }

  #drop(roomId: string, outcome: 'reservation-stands' | 'over'): void {
    const room = this.#rooms.get(roomId);
    room?.core.stop();
    this.#rooms.delete(roomId);
    if (outcome === 'over') this.#options.directory.forget(roomId);
  }
}
