import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { RoomTerms } from '../reservation/reservation.ts';

/** When the end of a room is spoken of. */
export interface WarningSettings {
  /** Minutes before the end at which moderators are told, with the key to extend. 0: they are not. */
  readonly moderatorMinutes: number;
  /** Minutes before the end at which all are told. */
  readonly allMinutes: readonly number[];
  /** Minutes that people have when the end is moved before now. */
  readonly movedEndMinutes: number;
  /** Seconds that people have when the reservation is deleted. */
  readonly deletedSeconds: number;
}

/** Steps of a volume: `step` × `stepDb` decibels, from `lowest` to `highest`. */
export interface VolumeScale {
  readonly stepDb: number;
  readonly lowest: number;
  readonly highest: number;
}

/** What a live room's rules depend on, besides its terms. */
export interface RoomSettings {
  readonly warnings: WarningSettings;
  /** How loud a participant hears the others. */
  readonly listen: VolumeScale;
  /** How loud the others hear a participant. */
  readonly talk: VolumeScale;
  /** From being left alone to music. */
  readonly aloneMusicDelayMs: DurationMs;
  /** How long a seat stays without a leg. */
  readonly graceMs: DurationMs;
}

/** Everything a live room starts with. */
export interface RoomOptions extends RoomSettings {
  readonly terms: RoomTerms;
  /** End on the monotonic clock, `NEVER` for none. */
  readonly endsAtMs: MonotonicMs;
}

/** The values of `product.md`, *Joining by phone* 9 and *Reservations* 8 and 10; volumes of our choice. */
export const DEFAULT_ROOM_SETTINGS: RoomSettings = {
  warnings: { moderatorMinutes: 15, allMinutes: [10, 1], movedEndMinutes: 1, deletedSeconds: 30 },
  listen: { stepDb: 3, lowest: -4, highest: 4 },
  talk: { stepDb: 3, lowest: -4, highest: 3 },
  aloneMusicDelayMs: 3_000,
  graceMs: 60_000,
};
