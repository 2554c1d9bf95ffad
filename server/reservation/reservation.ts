import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';

/** Who a reservation belongs to. `local` is the command line; a phone-made room has the profile `phone`. */
export type ProfileId = string;

/** How the entry and leaving of a participant is announced to the others. */
export type Announcements = 'off' | 'tone' | 'name';

/** Languages of notices and of the panel. */
export type Language = 'pl' | 'en';

/** When an SMS goes out: once booked, and shortly before the start. */
export type SmsMoment = 'at-booking' | 'before-start';

/**
 * A booked room: its times and access data. Stored; the state a person sees is derived (`reservationState`).
 */
export interface Reservation {
  readonly reservationId: string;
  readonly profileId: ProfileId;
  readonly number: string;
  readonly pin: string;
  /** Null for a room made by phone: its creator is moderator by being there. */
  readonly adminPin: string | null;
  readonly title: string;
  readonly startAtMs: WallclockMs;
  readonly endAtMs: WallclockMs;
  /** IANA zone in which times are spoken and shown. */
  readonly zone: string;
  readonly announcements: Announcements;
  readonly emails: readonly string[];
  /** Mobile numbers as E.164, `+48501234567`. */
  readonly phones: readonly string[];
  readonly smsMoments: readonly SmsMoment[];
  /** The organiser's words in invitations; may have several lines. */
  readonly note: string;
  /** Of notices to participants. */
  readonly language: Language;
  /** 1 when booked, one more with every change: the ETag, and the SEQUENCE of the calendar entry (RFC 5545 §3.8.7.4). */
  readonly version: number;
  readonly createdAtMs: WallclockMs;
  /** Null while it stands. */
  readonly deletedAtMs: WallclockMs | null;
}

/** States of `product.md`, *Reservations* 11. `in-progress` is `open` with people inside. */
export type ReservationState =
  'planned' | 'open' | 'in-progress' | 'finished' | 'archived' | 'deleted';

/** Settings of `config.rooms` and `config.reservations` that the rules depend on. */
export interface ReservationRules {
  readonly numberDigits: number;
  readonly pinDigits: number;
  readonly adminPinDigits: number;
  readonly earliestStartMs: DurationMs;
  readonly latestStartMs: DurationMs;
  readonly longestMs: DurationMs;
  readonly earlyEntryMs: DurationMs;
  readonly activePerProfile: number;
  readonly keptAfterEndMs: DurationMs;
  readonly numberRestMs: DurationMs;
  readonly defaultZone: string;
  /** Of notices to participants, when a request names none. */
  readonly defaultLanguage: Language;
  /** Country code of numbers written without one, such as `48`. */
  readonly defaultCountry: string;
  /** Most e-mail addresses, and most telephone numbers, of a reservation. */
  readonly recipients: number;
  /** How long before the start people are reminded: nearer than that no SMS before the start can be chosen. */
  readonly reminderMs: DurationMs;
}

/**
 * What the entry dialogue and the live room need to know of a room that can be called, whatever it comes from.
 * `roomId` is its name in the mixer and in the call log.
 */
export interface RoomTerms {
  readonly roomId: string;
  readonly origin: 'reservation' | 'permanent' | 'phone' | 'direct';
  readonly number: string;
  /** Null: nobody is asked for a PIN. */
  readonly pin: string | null;
  readonly adminPin: string | null;
  readonly name: string;
  readonly maxParticipants: number;
  /** Null: always open. */
  readonly startAtMs: WallclockMs | null;
  /** When entry begins: `startAtMs` less the early entry. Null: always. */
  readonly opensAtMs: WallclockMs | null;
  /** Null: never ends. */
  readonly endAtMs: WallclockMs | null;
  readonly zone: string;
  readonly announcements: Announcements;
}

/** Role of a participant. */
export type Role = 'participant' | 'moderator';
