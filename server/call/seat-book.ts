import { createHash } from 'node:crypto';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Seat, SeatId, SeatWish } from '../guest/seat.ts';
import type { RoomTerms } from '../reservation/reservation.ts';
import type { Random } from '../runtime/random.ts';

/** What a seat book works with. */
export interface SeatBookOptions {
  readonly random: Random;
  readonly limits: () => SeatLimits;
  /** Whether nobody calls or has a place in the room by this seat now. Only such seats are given up for others. */
  readonly isIdle: (seat: Seat) => boolean;
  /** A seat has ended by its age, or was given up for another. */
  readonly expired: (seatId: SeatId) => void;
}

/** How many seats there may be, and for how long. */
export interface SeatLimits {
  /** A seat that is not in use holds for so long. */
  readonly lifetimeMs: DurationMs;
  readonly perAddress: number;
  /** Seats of a room, for each of its participants. */
  readonly perParticipant: number;
  readonly altogether: number;
}

/** A new seat with its secret, which is told once; or null when there are too many that are all in use. */
export type GivenSeat = { readonly seat: Seat; readonly credential: string };

/** Bytes of a credential: too many to guess. */
const CREDENTIAL_BYTES = 32;
const SEAT_ID_BYTES = 12;

/**
 * The seats of browsers, found by their credentials. Of a credential only the SHA-256 is kept, and looked up as a whole:
 * how long a look-up takes says nothing about how near a guess was.
 *
 * Where too many seats were given, the oldest that is not in use goes: whoever reloads a page often leaves such behind.
 */
export class SeatBook {
  readonly #options: SeatBookOptions;
  /** In the order in which they were given. */
  readonly #byHash = new Map<string, Seat>();
  readonly #hashes = new Map<SeatId, string>();

  constructor(options: SeatBookOptions) {
    this.#options = options;
  }

  /** Seats that were given and have not been given up. */
  get size(): number {
    return this.#byHash.size;
  }

  /** Gives a seat in a room. */
  give(
    wish: SeatWish & Pick<Seat, 'terms' | 'role' | 'linkId'>,
    nowMs: MonotonicMs,
  ): GivenSeat | null {
    this.#expire(nowMs);
    if (!this.#makeRoom(wish)) return null;
    const { random } = this.#options;
    const credential = Buffer.from(random.hex(CREDENTIAL_BYTES), 'hex').toString('base64url');
    const { terms, role, name, language, address, linkId, whenFull = 'refuse' } = wish;
    const seatId = `seat-${random.hex(SEAT_ID_BYTES)}`;
    const given = { seatId, terms, role, name, language, address, linkId, whenFull };
    const seat: Seat = { ...given, createdAtMs: nowMs };
    const hash = hashOf(credential);
    this.#byHash.set(hash, seat);
    this.#hashes.set(seatId, hash);
    return { seat, credential };
  }

  /** The seat of a credential while it holds, or null. */
  find(credential: string, nowMs: MonotonicMs): Seat | null {
    const seat = this.#byHash.get(hashOf(credential));
    return seat === undefined || this.#isExpired(seat, nowMs) ? null : seat;
  }

  /** Whoever has come in has done what was asked for: another full room is another question. */
  entered(seatId: SeatId): void {
    const hash = this.#hashes.get(seatId);
    const seat = hash === undefined ? undefined : this.#byHash.get(hash);
    if (hash === undefined || seat === undefined || seat.whenFull === 'refuse') return;
    this.#byHash.set(hash, { ...seat, whenFull: 'refuse' });
  }

  /** Whether a seat was given and still holds. */
  holds(seatId: SeatId, nowMs: MonotonicMs): boolean {
    const seat = this.#byHash.get(this.#hashes.get(seatId) ?? '');
    return seat !== undefined && !this.#isExpired(seat, nowMs);
  }

  /** Gives a seat up: its credential is worth nothing any more. */
  giveUp(seatId: SeatId): void {
    const hash = this.#hashes.get(seatId);
    if (hash === undefined) return;
    this.#hashes.delete(seatId);
    this.#byHash.delete(hash);
  }

  #isExpired(seat: Seat, nowMs: MonotonicMs): boolean {
    const { limits, isIdle } = this.#options;
    return nowMs - seat.createdAtMs >= limits().lifetimeMs && isIdle(seat);
  }

  #expire(nowMs: MonotonicMs): void {
    for (const seat of this.#byHash.values()) {
      if (this.#isExpired(seat, nowMs)) this.#end(seat);
    }
  }

  /** Whether there is room for one more, the oldest idle ones given up where that helps. */
  #makeRoom(wish: { readonly terms: RoomTerms; readonly address: string }): boolean {
    const { perAddress, perParticipant, altogether } = this.#options.limits();
    const { roomId, maxParticipants } = wish.terms;
    return (
      this.#keepBelow(perAddress, (seat) => seat.address === wish.address) &&
      this.#keepBelow(perParticipant * maxParticipants, ({ terms }) => terms.roomId === roomId) &&
      this.#keepBelow(altogether, () => true)
    );
  }

  #keepBelow(limit: number, counts: (seat: Seat) => boolean): boolean {
    const counted = [...this.#byHash.values()].filter(counts);
    if (counted.length < limit) return true;
    const oldest = counted.find((seat) => this.#options.isIdle(seat));
    if (oldest === undefined) return false;
    this.#end(oldest);
    return true;
  }

  #end({ seatId }: Seat): void {
    this.giveUp(seatId);
    this.#options.expired(seatId);
  }
}

function hashOf(credential: string): string {
  return createHash('sha256').update(credential).digest('base64url');
}
