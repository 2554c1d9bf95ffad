import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Config } from '../config/config.ts';
import type { BookingProblem } from '../reservation/booking-problem.ts';
import type { ReservationEvent, ReservationRecorder } from '../reservation/reservation-recorder.ts';
import type { ProfileId, Reservation, ReservationRules } from '../reservation/reservation.ts';
import type { Random } from '../runtime/random.ts';
import { fundsOf } from './funds.ts';
import { createNoticeBook, type NoticeBook } from './notice-book.ts';
import { planNotices } from './notice-plan.ts';
import type { LedgerStore, NoticeStore } from './notice-store.ts';
import type { FactsOf, Notice, NoticeRules, Organiser } from './notice.ts';
import {
  createSmsMeasure,
  pricePlan,
  smsProblems,
  type PricedOperation,
  type PricedPlan,
} from './sms-cost.ts';

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
  readonly factsOf: FactsOf;
  /** Null: nobody has an account for the profile (`local`, `demo`). */
  readonly organiserOf: (profileId: ProfileId) => Organiser | null;
  /** The profile's own monthly limit in thousandths; null: as configured. */
  readonly limitOf: (profileId: ProfileId) => number | null;
  readonly random: Random;
  /** Called inside the transaction that brings a notice into a state, `pending` included. Must be quick. */
  readonly onNoticeState: (notice: Notice, nowMs: WallclockMs) => void;
}

/**
 * Plans notices and books their cost inside the transaction of the booking, change or deletion. When it answers with
 * problems it has written nothing.
 */
export function createNoticeRecorder(options: NoticeRecorderOptions): ReservationRecorder {
  const book = createNoticeBook(options);
  return {
    record(event, givenNowMs) {
      const nowMs = Math.floor(givenNowMs);
      const present = options.store.planned(event.reservation.reservationId);
      const plan = pricedPlan(event, { present, nowMs }, options);
      const problems = planProblems(
        plan,
        { profileId: event.reservation.profileId, nowMs },
        options,
      );
      if (problems.length === 0)
        apply(plan.operations, { reservation: event.reservation, nowMs }, book);
      return problems;
    },
  };
}

/** What an event brings, with the price of its SMS. Writes nothing. */
export function pricedPlan(
  event: ReservationEvent,
  state: { readonly present: readonly Notice[]; readonly nowMs: WallclockMs },
  options: Pick<NoticeRecorderOptions, 'settings' | 'organiserOf' | 'factsOf'>,
): PricedPlan {
  const { present, nowMs } = state;
  const { settings, organiserOf, factsOf } = options;
  const { reservation } = event;
  const operations = planNotices(event, present, {
    rules: noticeRules(settings),
    organiser: organiserOf(reservation.profileId),
    nowMs,
  });
  return pricePlan(
    operations,
    present,
    createSmsMeasure(factsOf(reservation, 'phone'), settings.sms),
  );
}

/** Why the profile cannot have what is planned. */
export function planProblems(
  plan: PricedPlan,
  payer: { readonly profileId: ProfileId; readonly nowMs: WallclockMs },
  options: Pick<NoticeRecorderOptions, 'ledger' | 'settings' | 'rules' | 'limitOf'>,
): readonly BookingProblem[] {
  if (plan.smsCount === 0) return [];
  const { ledger, settings, rules, limitOf } = options;
  const zone = rules.defaultZone;
  const funds = fundsOf(payer.profileId, payer.nowMs, {
    ledger,
    settings: settings.sms,
    zone,
    limitOf,
  });
  return smsProblems(plan, settings.sms, funds);
}

/** The rules of notices out of the config. */
export function noticeRules(settings: Config['notices']): NoticeRules {
  return {
    shortNotice: settings.shortNotice,
    shortNoticeMs: settings.shortNoticeMinutes * 60_000,
    reminderMs: settings.reminderMinutes * 60_000,
  };
}

function apply(
  operations: readonly PricedOperation[],
  about: { readonly reservation: Reservation; readonly nowMs: WallclockMs },
  book: NoticeBook,
): void {
  const { nowMs } = about;
  const { reservationId, profileId } = about.reservation;
  for (const operation of operations) {
    switch (operation.operation) {
      case 'insert': {
        const { draft, segments, costMilli } = operation;
        book.insert(
          { ...draft, reservationId, profileId, payload: null, segments, costMilli },
          nowMs,
        );
        break;
      }
      case 'revise':
        book.write(operation.notice, nowMs);
        break;
      case 'cancel':
        book.write(
          { ...operation.notice, state: 'cancelled', reason: operation.reason, stateAtMs: nowMs },
          nowMs,
        );
        break;
    }
  }
}
