import type { MonotonicMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Language, Role, RoomTerms } from '../reservation/reservation.ts';

/** Names a seat: a participant of a room who is there by browser. It is the `ParticipantId` and no secret. */
export type SeatId = string;

/**
 * A place in one room that was given to one browser. It outlives the calls that carry its audio: a browser that loses its
 * network calls again with the same credential and is back in the same seat, role and mute state.
 */
export interface Seat {
  readonly seatId: SeatId;
  readonly terms: RoomTerms;
  readonly role: Role;
  /** As the guest typed it, cleaned: 1–60 characters, no control characters. Shown to everybody in the room. */
  readonly name: string;
  readonly language: Language;
  /** Where it was asked for: an IPv4 address, or the /64 of an IPv6 address. */
  readonly address: string;
  readonly createdAtMs: MonotonicMs;
  /** The link that it was given for; null: number and PIN. */
  readonly linkId: string | null;
  /** Whether the last one who joined makes room for its first entry. Of moderators only. */
  readonly whenFull: WhenFull;
}

/** What somebody wants who meets a full room. A moderator may have the last one who joined removed. */
export type WhenFull = 'refuse' | 'remove-last';

/** A link as it is stored: of the token there is only a hash. */
export interface JoinLink {
  readonly linkId: string;
  readonly reservationId: string;
  readonly role: Role;
  /** Whom it was made for: an e-mail address or a number; null for the room's own. */
  readonly person: string | null;
  readonly createdAtMs: WallclockMs;
  readonly revokedAtMs: WallclockMs | null;
}

/** Why nobody gets a seat. Each has its page and its words. */
export type SeatRefusal =
  | 'no-such-link'
  | 'link-revoked'
  | 'too-early'
  | 'over'
  | 'locked'
  | 'full'
  /** The room is full, and whoever asked is a moderator: they may ask again with `remove-last`. */
  | 'full-moderator'
  /** `remove-last` was asked for by a participant. */
  | 'moderator-only'
  /** Number and PIN do not fit together. */
  | 'wrong-pin'
  /** Too many wrong PINs or tokens from there; see `retryAfterMs`. */
  | 'refused-for-a-while'
  | 'server-stopping'
  | 'webrtc-off';

/** What came of asking for a seat. `credential` is told once and kept as a hash; it allows calling this room, nothing else. */
export type SeatOutcome =
  | { readonly outcome: 'seated'; readonly seat: Seat; readonly credential: string }
  | {
      readonly outcome: 'refused';
      readonly why: SeatRefusal;
      /** With `too-early` and `refused-for-a-while`: when another try makes sense. */
      readonly retryAfterMs: number | null;
    };

/** Whom a seat is for. */
export interface SeatWish {
  readonly name: string;
  readonly language: Language;
  readonly address: string;
  /** `refuse` unless told. */
  readonly whenFull?: WhenFull;
}

/** Where the panel asks for seats. Implemented by the switchboard's side (`server/call`). */
export interface GuestEntrance {
  /** For the holder of a link: `roomId` and role come from it. A full, locked, early or finished room is told here already. */
  seat(
    wish: SeatWish & { readonly roomId: string; readonly role: Role },
    linkId: string,
  ): SeatOutcome;
  /** For somebody who knows number and PIN (or ADMIN PIN); under the guess limits of the phone. `delayMs` is waited by the caller. */
  seatByPin(
    wish: SeatWish & { readonly number: string; readonly pin: string },
  ): SeatOutcome & { readonly delayMs: number };
  /**
   * The seat of a credential while it holds, or null. Outside the room it ends with what it was given for: the link, or
   * the PIN.
   */
  seatOf(credential: string): Seat | null;
  /** The guest has left for good: the seat is given up at once. */
  giveUp(credential: string): void;
}
