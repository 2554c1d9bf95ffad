import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Role } from './reservation.ts';

/** One stop of a call on its way here. */
export interface CallDiversion {
  /** Empty when it is withheld. */
  readonly number: string;
  /** `user-busy`, `no-answer`, `unconditional`, …, or empty. */
  readonly reason: string;
}

/** One call from its INVITE to its end: a row of the call log. */
export interface CallRecord {
  readonly callId: string;
  readonly via: 'phone' | 'browser';
  /** The name that a guest gave; null for a phone. */
  readonly guestName: string | null;
  /** A guest's seat, which may have had several calls; null for a phone. */
  readonly seatId: string | null;
  /** Name of the trunk it came over; empty for a browser. */
  readonly trunk: string;
  /** The caller's number in our form; null when withheld. */
  readonly caller: string | null;
  readonly calledNumber: string;
  /** Whom the call was meant for before, the latest first. */
  readonly diversions: readonly CallDiversion[];
  /** Number of the room that was entered last; null when none was. */
  readonly room: string | null;
  /** Id of that room: of the reservation, or of the room of another origin (`RoomTerms`). */
  readonly roomId: string | null;
  /** When it was entered. */
  readonly enteredAtMs: WallclockMs | null;
  readonly role: Role | null;
  readonly startAtMs: WallclockMs;
  /** Null when it was never answered. */
  readonly answerAtMs: WallclockMs | null;
  readonly endAtMs: WallclockMs;
  /** Code of the release cause. */
  readonly cause: string;
  readonly codec: string | null;
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly packetsLost: number;
  readonly jitterMs: DurationMs;
  /** How keys came in; null when none did. */
  readonly dtmfMethod: string | null;
}

/** Where call records are kept. Throws a `CodedError` when the store fails. */
export interface CallLog {
  /** Keeps a record. A second record of the same call replaces the first. */
  add(record: CallRecord): void;
  /** The latest `limit` records, the newest first. */
  list(limit: number): readonly CallRecord[];
  /** Calls that were in this room, by the time they entered it. */
  ofRoom(roomId: string): readonly CallRecord[];
}

/** The store behind a call log. Throws a `CodedError` when it fails. */
export interface CallLogStore extends CallLog {
  /** Keeps all of these records, or none. */
  addAll(records: readonly CallRecord[]): void;
}
