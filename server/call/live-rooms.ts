import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { LegId } from '../../mixer/protocol/mixer-command.ts';
import type { MediaPool } from '../media/media-pool.ts';
import { speak } from '../prompt/speak.ts';
import type { Language, SoundName, Utterance } from '../prompt/utterance.ts';
import type { Role, RoomTerms } from '../reservation/reservation.ts';
import type {
  ClickOutcome,
  ExpelWhy,
  ParticipantId,
  ParticipantKind,
  RoomAction,
  RoomInput,
  RoomOutput,
  SaidBy,
} from '../room/room-message.ts';
import type { RoomSettings } from '../room/room-options.ts';
import { createRoom } from '../room/room.ts';
import type { RoomCore } from '../room/room.ts';
import type { RoomView } from '../room/room-view.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Core } from '../runtime/core.ts';
import { drive } from '../runtime/drive.ts';
import type { Drive } from '../runtime/drive.ts';
import type { Logger } from '../runtime/logger.ts';
import type { EnterRequest } from './call-message.ts';
import { endsAtMonotonic } from './room-directory.ts';
import type { RoomDirectory } from './room-directory.ts';

/** What a room answers to the leg that wants in, and tells one that it had. */
export type LegNews =
  | { readonly type: 'entered' }
  | { readonly type: 'not-entered'; readonly why: 'locked' | 'full' | 'over' }
  | { readonly type: 'taken-over' };

/** What a room tells one of its participants, over the leg that entered last. */
export type RoomNews =
  | { readonly type: 'room-says'; readonly utterance: Utterance }
  | { readonly type: 'expelled'; readonly why: ExpelWhy };

/** Who wants in, and over which leg. */
export interface Entrant {
  readonly participantId: ParticipantId;
  readonly legId: LegId;
  readonly kind: ParticipantKind;
  /** As the others may see it. */
  readonly name: string;
}

/** What live rooms work with. */
export interface LiveRoomsOptions {
  readonly directory: RoomDirectory;
  readonly media: MediaPool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: () => RoomSettings;
  readonly language: () => Language;
  readonly tell: (participantId: ParticipantId, news: RoomNews) => void;
  readonly tellLeg: (legId: LegId, participantId: ParticipantId | null, news: LegNews) => void;
  /** A room looks different now. */
  readonly changed: (roomId: string, view: RoomView) => void;
  readonly clicked: (clickId: number, outcome: ClickOutcome) => void;
}

interface LiveRoom {
  terms: RoomTerms;
  endsAtMs: number;
  /** The reservation was deleted, and the room knows. */
  ending: 'no' | 'deleted';
  readonly room: RoomCore;
  readonly core: Drive<RoomInput>;
}

/** Comes after everything that an input has led to. */
interface Settled {
  readonly type: 'settled';
}

const SETTLED: Settled = { type: 'settled' };

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

  /** Whether a moderator has locked the room of this id. */
  lockOf(roomId: string): 'open' | 'locked' {
    return this.#rooms.get(roomId)?.room.view.lock ?? 'open';
  }

  /** Whether anybody is in the room of this id. */
  has(roomId: string): boolean {
    return this.#rooms.has(roomId);
  }

  /** What can be seen of a room, also while nobody is in it. */
  viewOf(terms: RoomTerms): RoomView {
    const room = this.#rooms.get(terms.roomId)?.room;
    return room === undefined ? this.#emptyView(terms) : room.view;
  }

  /** Whether a participant would be let in now. Whoever has a seat inside may always go back to it. */
  wouldAdmit(
    terms: RoomTerms,
    person: { readonly participantId: ParticipantId | null; readonly role: Role },
  ): 'open' | 'locked' | 'full' {
    const { people, lock } = this.viewOf(terms);
    if (people.some(({ personId }) => personId === person.participantId)) return 'open';
    if (lock === 'locked' && person.role !== 'moderator') return 'locked';
    return people.length < terms.maxParticipants ? 'open' : 'full';
  }

  /** A participant wants in. The answer comes by `tellLeg`. */
  enter(entrant: Entrant, request: EnterRequest): void {
    const { terms, role, whenFull, tie } = request;
    const room = this.#rooms.get(terms.roomId) ?? this.#openAnew(terms);
    if (room === null) {
      const { legId } = entrant;
      return this.#options.tellLeg(legId, null, { type: 'not-entered', why: 'over' });
    }
    room.core.feed({ type: 'join', ...entrant, role, whenFull, tie });
  }

  /** A participant did something. */
  act(
    roomId: string,
    did: {
      readonly participantId: ParticipantId;
      readonly action: RoomAction;
      readonly said: SaidBy;
    },
  ): void {
    const room = this.#rooms.get(roomId);
    if (room !== undefined) return room.core.feed({ type: 'action', ...did });
    if (did.said.by === 'click') this.#options.clicked(did.said.clickId, 'not-in-the-room');
  }

  /** A participant has hung up; `legId` null: has given the seat up. */
  leave(roomId: string, participantId: ParticipantId, legId: LegId | null): void {
    this.#rooms.get(roomId)?.core.feed({ type: 'leave', participantId, legId });
  }

  /** A participant's leg is gone; a seat stays for a while. */
  away(roomId: string, participantId: ParticipantId, legId: LegId): void {
    this.#rooms.get(roomId)?.core.feed({ type: 'away', participantId, legId });
  }

  /** A room's worker crashed: all legs in it are lost, of which the pool tells. Seats stay for a while. */
  lost(roomId: string): void {
    this.#options.log.error('room lost with its media worker', { roomId });
    this.#rooms.get(roomId)?.core.feed({ type: 'worker-lost' });
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
    const core = drive(settling(room), clock, (output) => {
      if (output.type === 'settled') this.#settled(terms.roomId, room);
      else this.#perform(terms.roomId, output);
    });
    const live: LiveRoom = { terms, endsAtMs, ending: 'no', room, core };
    this.#rooms.set(terms.roomId, live);
    return live;
  }

  /** Rooms that were dropped meanwhile have been shown as empty. */
  #settled(roomId: string, room: RoomCore): void {
    if (this.#rooms.get(roomId)?.room === room) this.#options.changed(roomId, room.view);
  }

  #emptyView(terms: RoomTerms): RoomView {
    return { people: [], lock: 'open', startedAtMs: null, endsAtMs: this.#endOf(terms) };
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
    const { tell, tellLeg, clicked, log } = this.#options;
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
        return tellLeg(output.legId, output.participantId, { type: 'entered' });
      case 'refused':
        return tellLeg(output.legId, null, { type: 'not-entered', why: output.why });
      case 'taken-over':
        return tellLeg(output.legId, null, { type: 'taken-over' });
      case 'clicked':
        return clicked(output.clickId, output.outcome);
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
      case 'set-opus':
      case 'open-shared-ports':
      case 'open-leg':
      case 'open-ice-leg':
      case 'send-dtls':
      case 'set-srtp-keys':
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
    if (room !== undefined) this.#options.changed(roomId, this.#emptyView(room.terms));
    if (outcome === 'over') this.#options.directory.forget(roomId);
  }
}

/** A room that says when all is said that an input, or the time, has led to. */
function settling(room: RoomCore): Core<RoomInput, RoomOutput | Settled> {
  return {
    handle: (input, nowMs) => [...room.handle(input, nowMs), SETTLED],
    get deadlineMs() {
      return room.deadlineMs;
    },
  };
}
