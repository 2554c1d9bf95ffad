import type { MonotonicMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Config, PermanentRoom } from '../config/config.ts';
import { entryTime, termsOf } from '../reservation/admission.ts';
import type { AdmissionTime } from '../reservation/admission.ts';
import type { Reservations } from '../reservation/reservations.ts';
import type { RoomTerms } from '../reservation/reservation.ts';
import type { Random } from '../runtime/random.ts';

/** What the directory asks of the reservation domain. */
export type ReservationLookup = Pick<
  Reservations,
  'findByNumber' | 'byId' | 'isNumberTaken' | 'extend'
>;

const MINUTE_MS = 60_000;

/** Every room that can be called, whatever it comes from: the config, a reservation, or a caller who made one. */
export class RoomDirectory {
  readonly #reservations: ReservationLookup;
  readonly #random: Random;
  readonly #madeByPhone = new Map<string, RoomTerms>();
  #config: Config;

  constructor(options: {
    readonly config: Config;
    readonly reservations: ReservationLookup;
    readonly random: Random;
  }) {
    this.#config = options.config;
    this.#reservations = options.reservations;
    this.#random = options.random;
  }

  /** New settings from here on. */
  reload(config: Config): void {
    this.#config = config;
  }

  /** The room of this number, also one that is planned or over. */
  byNumber(number: string, nowMs: WallclockMs): RoomTerms | null {
    const permanent = this.#config.permanentRooms.find((room) => room.number === number);
    if (permanent !== undefined) return this.#permanentTerms(permanent);
    const made = [...this.#madeByPhone.values()].find((terms) => terms.number === number);
    if (made !== undefined) return made;
    const reservation = this.#reservations.findByNumber(number, nowMs);
    return reservation === null ? null : this.#reservedTerms(reservation);
  }

  /** Today's terms of a room that is or was live; null when there is none of this id any more. */
  byId(roomId: string): RoomTerms | null {
    const permanent = this.#config.permanentRooms.find((room) => permanentId(room) === roomId);
    if (permanent !== undefined) return this.#permanentTerms(permanent);
    const made = this.#madeByPhone.get(roomId);
    if (made !== undefined) return made;
    const reservation = this.#reservations.byId(roomId);
    return reservation === null || reservation.deletedAtMs !== null
      ? null
      : this.#reservedTerms(reservation);
  }

  /** Where now lies in a room's times. */
  timeOf(terms: RoomTerms, nowMs: WallclockMs): AdmissionTime {
    const mayWaitMs = this.#config.rooms.mayWaitMinutes * MINUTE_MS;
    return entryTime(terms, nowMs, { mayWaitMs });
  }

  /** Whether a caller may not have this number for a new room. */
  isTaken(number: string, nowMs: WallclockMs): boolean {
    return this.byNumber(number, nowMs) !== null || this.#reservations.isNumberTaken(number, nowMs);
  }

  /** A room that a caller makes. It stands until `forget`. */
  makeByPhone(number: string, pin: string): RoomTerms {
    const terms: RoomTerms = {
      roomId: `phone-${number}-${this.#random.hex(6)}`,
      origin: 'phone',
      number,
      pin,
      adminPin: null,
      name: '',
      maxParticipants: this.#config.rooms.maxParticipants,
      startAtMs: null,
      opensAtMs: null,
      endAtMs: null,
      zone: this.#config.reservations.timeZone,
      announcements: this.#config.rooms.announcements,
    };
    this.#madeByPhone.set(terms.roomId, terms);
    return terms;
  }

  /** A room made by phone is over. */
  forget(roomId: string): void {
    this.#madeByPhone.delete(roomId);
  }

  /** Moves a reservation's end on. Null when the rules refuse it. */
  extend(roomId: string, minutes: 15 | 30 | 60, nowMs: WallclockMs): RoomTerms | null {
    if (this.#reservations.byId(roomId) === null) return null;
    const outcome = this.#reservations.extend(roomId, minutes, nowMs);
    return outcome.outcome === 'changed' ? this.#reservedTerms(outcome.reservation) : null;
  }

  /** Numbers that bookings must leave alone. */
  *reservedNumbers(): Iterable<string> {
    for (const room of this.#config.permanentRooms) yield room.number;
    for (const terms of this.#madeByPhone.values()) yield terms.number;
    for (const row of this.#config.accessNumbers) yield row.number;
  }

  #reservedTerms(reservation: Parameters<typeof termsOf>[0]): RoomTerms {
    const { rooms } = this.#config;
    const rules = { earlyEntryMs: rooms.earlyEntryMinutes * MINUTE_MS };
    return termsOf(reservation, rules, rooms.maxParticipants);
  }

  #permanentTerms(room: PermanentRoom): RoomTerms {
    return {
      roomId: permanentId(room),
      origin: 'permanent',
      number: room.number,
      pin: room.pin,
      adminPin: room.adminPin,
      name: room.name,
      maxParticipants: room.maxParticipants,
      startAtMs: null,
      opensAtMs: null,
      endAtMs: null,
      zone: this.#config.reservations.timeZone,
      announcements: room.announcements,
    };
  }
}

/** The end of a room on the monotonic clock, given both clocks' present. */
export function endsAtMonotonic(
  terms: RoomTerms,
  now: { readonly wallclockMs: WallclockMs; readonly monotonicMs: MonotonicMs },
): MonotonicMs {
  if (terms.endAtMs === null) return Number.POSITIVE_INFINITY;
  return now.monotonicMs + (terms.endAtMs - now.wallclockMs);
}

function permanentId(room: PermanentRoom): string {
  return `permanent-${room.number}`;
}
