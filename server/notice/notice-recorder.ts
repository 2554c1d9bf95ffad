import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Config } from '../config/config.ts';
import type { ReservationRecorder } from '../reservation/reservation-recorder.ts';
import type { ProfileId, Reservation, ReservationRules } from '../reservation/reservation.ts';
import type { Random } from '../runtime/random.ts';
import type { LedgerStore, NoticeStore } from './notice-store.ts';
import type { Notice, Organiser, ReservationFacts } from './notice.ts';

/** What deciding who is told what needs; nothing of it sends. Enough for the command line. */
export interface NoticeRecorderOptions {
  readonly store: NoticeStore;
  readonly ledger: LedgerStore;
  readonly settings: Config['notices'];
  /** `defaultZone` is the zone of calendar months; digits are for the quote of numbers not drawn yet. */
  readonly rules: Pick<
    ReservationRules,
    'defaultZone' | 'numberDigits' | 'pinDigits' | 'earlyEntryMs'
  >;
  readonly factsOf: (reservation: Reservation) => ReservationFacts;
  /** Null: nobody has an account for the profile (`local`, `demo`). */
  readonly organiserOf: (profileId: ProfileId) => Organiser | null;
  /** The profile's own monthly limit in thousandths; null: as configured. */
  readonly limitOf: (profileId: ProfileId) => number | null;
  readonly random: Random;
  /** Called inside the transaction that brings a notice into a state, `pending` included. Must be quick. */
  readonly onNoticeState: (notice: Notice, nowMs: WallclockMs) => void;
}

/** Plans notices and books their cost inside the transaction of the booking, change or deletion. */
export function createNoticeRecorder(options: NoticeRecorderOptions): ReservationRecorder {
  void options;
  return { record: () => [] };
}
