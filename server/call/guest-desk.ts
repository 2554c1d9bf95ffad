import type { Config } from '../config/config.ts';
import type { GuestEntrance, Seat, SeatOutcome, SeatRefusal, SeatWish } from '../guest/seat.ts';
import { createTokenGuesses } from '../guest/token-guesses.ts';
import type { LiveEnd } from '../panel/api/live-api.ts';
import type { Role, RoomTerms } from '../reservation/reservation.ts';
import type { Logger } from '../runtime/logger.ts';
import { networkOf } from '../runtime/network-address.ts';
import { RatePerKey } from '../runtime/rate-per-key.ts';
import type { InboundInvite } from '../sip/user-agent.ts';
import type { FrontDesk, Now } from './front-desk.ts';
import { cleanName } from './guest-name.ts';
import type { LiveRooms } from './live-rooms.ts';
import type { ReleaseCause } from './release-cause.ts';
import type { RoomDirectory } from './room-directory.ts';
import type { SeatBook } from './seat-book.ts';

/** What the desk works with. */
export interface GuestDeskOptions {
  readonly config: () => Config;
  readonly directory: RoomDirectory;
  readonly desk: FrontDesk;
  readonly seats: SeatBook;
  readonly rooms: LiveRooms;
  /** Whether the join link of this id was not revoked. */
  readonly linkStands: (linkId: string) => boolean;
  readonly now: () => Now;
  readonly log: Logger;
  /** Whether DTLS is ready, without which no browser can be heard. */
  readonly isReady: () => boolean;
  readonly isStopping: () => boolean;
  /** A guest gave the seat up: call, place and feed end. */
  readonly left: (seat: Seat) => void;
}

/** Whether a browser's INVITE may become a call. */
export type GuestAdmission =
  | { readonly outcome: 'admitted'; readonly seat: Seat }
  | { readonly outcome: 'refused'; readonly seat: Seat | null; readonly cause: ReleaseCause };

type RoomRefusal = {
  readonly why: 'too-early' | 'over' | 'locked' | 'full';
  readonly retryAfterMs: number | null;
};

const CAUSES: Readonly<Record<RoomRefusal['why'], ReleaseCause>> = {
  'too-early': 'too-early',
  over: 'reservation-over',
  locked: 'room-locked',
  full: 'room-full',
};

const MINUTE_MS = 60_000;
/** Addresses whose calls are counted. */
const ADDRESSES = 8192;

/** Gives browsers seats in rooms, under the rules that callers enter by, and judges their calls by them. */
export class GuestDesk implements GuestEntrance {
  readonly #options: GuestDeskOptions;
  readonly #rate = new RatePerKey(ADDRESSES);
  /** Wrong PINs at all rooms together: behind the address of a browser there is no trunk that many share. */
  readonly #guesses = createTokenGuesses();

  constructor(options: GuestDeskOptions) {
    this.#options = options;
  }

  seat(
    wish: SeatWish & { readonly roomId: string; readonly role: Role },
    linkId: string,
  ): SeatOutcome {
    const closed = this.#closed();
    if (closed !== null) return refused(closed);
    const terms = this.#options.directory.byId(wish.roomId);
    return terms === null ? refused('over') : this.#give(terms, { ...wish, linkId });
  }

  seatByPin(
    wish: SeatWish & { readonly number: string; readonly pin: string },
  ): SeatOutcome & { readonly delayMs: number } {
    const closed = this.#closed();
    if (closed !== null) return { ...refused(closed), delayMs: 0 };
    const { number, pin } = wish;
    const { desk, now, config } = this.#options;
    // Whoever has one IPv6 address has 2^64 of them.
    const address = networkOf(wish.address);
    const waitMs = this.#guesses.waitMs(address, now().monotonicMs);
    if (waitMs > 0) return { ...refused('refused-for-a-while', waitMs), delayMs: 0 };
    const verdict = desk.judgePin(
      { number, pin },
      { caller: null, address, entryPoint: { type: 'menu', createByPhone: 'not-allowed' } },
      now(),
    );
    switch (verdict.verdict) {
      case 'right':
        return {
          ...this.#give(verdict.terms, { ...wish, role: verdict.role, linkId: null }),
          delayMs: 0,
        };
      case 'wrong':
        this.#guesses.wrong(address, now().monotonicMs);
        return { ...refused('wrong-pin'), delayMs: verdict.delayMs };
      case 'refused-for-a-while': {
        const longestMs = config().guessing.refuseMinutes * MINUTE_MS;
        return { ...refused('refused-for-a-while', longestMs), delayMs: 0 };
      }
    }
  }

  seatOf(credential: string): Seat | null {
    const seat = this.#find(credential);
    if (seat === null || this.#isInside(seat) || this.#hasGround(seat)) return seat;
    this.#options.seats.giveUp(seat.seatId);
    return null;
  }

  /** Why the seat of somebody who is not in the room is over; null while it holds. */
  overFor(seat: Seat): LiveEnd | null {
    const { seats, directory, now, log } = this.#options;
    const { monotonicMs, wallclockMs } = now();
    if (!seats.holds(seat.seatId, monotonicMs)) return 'seat-expired';
    const { roomId, origin } = seat.terms;
    try {
      const terms = directory.byId(roomId);
      if (terms === null) return origin === 'phone' ? 'host-left' : 'reservation-deleted';
      if (directory.timeOf(terms, wallclockMs).time === 'over') return 'reservation-ended';
    } catch (error) {
      log.error('room of a seat not looked up', { roomId, error: String(error) });
      return null;
    }
    return this.#hasGround(seat) ? null : 'seat-expired';
  }

  giveUp(credential: string): void {
    const seat = this.#find(credential);
    if (seat === null) return;
    this.#options.seats.giveUp(seat.seatId);
    this.#options.left(seat);
  }

  /** Judges an INVITE that came over a WebSocket: by its credential, and by the state of the room whose seat it names. */
  admit(invite: InboundInvite): GuestAdmission {
    const { config, now, isReady } = this.#options;
    const { enabled, callsPerMinutePerAddress } = config().webrtc;
    if (!enabled) return { outcome: 'refused', seat: null, cause: 'seat-unknown' };
    const network = networkOf(invite.flow.remoteHost);
    if (!this.#rate.take(network, callsPerMinutePerAddress, now().monotonicMs)) {
      return { outcome: 'refused', seat: null, cause: 'too-many-calls-per-minute' };
    }
    const { bearer } = invite;
    const seat = bearer === undefined || bearer === null ? null : this.seatOf(bearer);
    if (seat === null) return { outcome: 'refused', seat, cause: 'seat-unknown' };
    if (invite.calledUser !== seat.terms.number) {
      return { outcome: 'refused', seat, cause: 'seat-of-another-room' };
    }
    if (!isReady()) return { outcome: 'refused', seat, cause: 'media-fault' };
    const cause = this.#judgeSeat(seat);
    return cause === null ? { outcome: 'admitted', seat } : { outcome: 'refused', seat, cause };
  }

  #find(credential: string): Seat | null {
    return this.#options.seats.find(credential, this.#options.now().monotonicMs);
  }

  #isInside({ seatId, terms }: Seat): boolean {
    const { people } = this.#options.rooms.viewOf(terms);
    return people.some(({ personId }) => personId === seatId);
  }

  /** Whether the link, or the PIN, that the seat was given for would still get one. */
  #hasGround({ terms, role, linkId }: Seat): boolean {
    const { directory, linkStands, log } = this.#options;
    try {
      if (linkId !== null) return linkStands(linkId);
      const now = directory.byId(terms.roomId);
      // Of a room that is over the guest is told so.
      if (now === null) return true;
      return role === 'moderator' ? now.adminPin === terms.adminPin : now.pin === terms.pin;
    } catch (error) {
      log.error('ground of a seat not looked up', { roomId: terms.roomId, error: String(error) });
      return true;
    }
  }

  /** The room may have changed since the seat was given. */
  #judgeSeat(seat: Seat): ReleaseCause | null {
    try {
      const terms = this.#options.directory.byId(seat.terms.roomId);
      if (terms === null) return 'reservation-over';
      const { seatId, role, whenFull } = seat;
      const refusal = this.#judge(terms, { participantId: seatId, role, whenFull });
      return refusal === null ? null : CAUSES[refusal.why];
    } catch (error) {
      // A database that fails costs nobody who has a seat their place: a live room knows its own terms.
      const { roomId } = seat.terms;
      this.#options.log.error('room of a seat not looked up', { roomId, error: String(error) });
      return null;
    }
  }

  #give(terms: RoomTerms, wish: SeatWish & Pick<Seat, 'role' | 'linkId'>): SeatOutcome {
    const { name, language, role, linkId, whenFull = 'refuse' } = wish;
    if (whenFull === 'remove-last' && role !== 'moderator') return refused('moderator-only');
    const refusal = this.#judge(terms, { participantId: null, role, whenFull });
    if (refusal !== null) return refused(refusalTo(role, refusal.why), refusal.retryAfterMs);
    const address = networkOf(wish.address);
    const given = this.#options.seats.give(
      { terms, role, name: cleanName(name), language, address, linkId, whenFull },
      this.#options.now().monotonicMs,
    );
    return given === null ? refused('full') : { outcome: 'seated', ...given };
  }

  #judge(
    terms: RoomTerms,
    person: Pick<Seat, 'role' | 'whenFull'> & { readonly participantId: string | null },
  ): RoomRefusal | null {
    const { directory, rooms, now } = this.#options;
    const time = directory.timeOf(terms, now().wallclockMs);
    if (time.time === 'over') return { why: 'over', retryAfterMs: null };
    if (time.time === 'too-early') return { why: 'too-early', retryAfterMs: time.opensInMs };
    const door = rooms.wouldAdmit(terms, person);
    // The room itself removes the last one, when the call is there.
    if (door === 'full' && person.whenFull === 'remove-last') return null;
    return door === 'open' ? null : { why: door, retryAfterMs: null };
  }

  #closed(): SeatRefusal | null {
    if (!this.#options.config().webrtc.enabled) return 'webrtc-off';
    return this.#options.isStopping() ? 'server-stopping' : null;
  }
}

/** A moderator who meets a full room has a choice. */
function refusalTo(role: Role, why: RoomRefusal['why']): SeatRefusal {
  return why === 'full' && role === 'moderator' ? 'full-moderator' : why;
}

function refused(
  why: SeatRefusal,
  retryAfterMs: number | null = null,
): Extract<SeatOutcome, { readonly outcome: 'refused' }> {
  return { outcome: 'refused', why, retryAfterMs };
}
