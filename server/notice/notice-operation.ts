import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Reservation } from '../reservation/reservation.ts';
import type { Notice, NoticeRules, Organiser, ReservationNoticeKind } from './notice.ts';

/** A notice that is to be written, with what the plan decides of it. */
export type NoticeDraft = Pick<
  Notice,
  'channel' | 'recipient' | 'language' | 'dueAtMs' | 'uselessAtMs'
> & { readonly kind: ReservationNoticeKind };

/** Why a pending notice is not sent. */
export type CancelReason =
  | 'deleted'
  | 'recipient-removed'
  | 'start-moved'
  | 'not-wanted'
  | 'overtaken'
  /** The same again at another price. */
  | 'replaced';

/** What becomes of the outbox. `revise` replaces a pending notice by one with other times or another language. */
export type NoticeOperation =
  | { readonly operation: 'insert'; readonly draft: NoticeDraft }
  | { readonly operation: 'cancel'; readonly notice: Notice; readonly reason: CancelReason }
  | { readonly operation: 'revise'; readonly notice: Notice };

/** What a plan depends on besides the event. `organiser` null: nobody to tell. */
export interface PlanContext {
  readonly rules: NoticeRules;
  readonly organiser: Organiser | null;
  readonly nowMs: WallclockMs;
}

/** A booking or a change, with what the plan for one recipient depends on. A booking has `before` without recipients. */
export interface PlannedChange extends PlanContext {
  readonly before: Reservation;
  readonly after: Reservation;
  readonly smsAgain: 'send' | 'none';
  readonly occasion: 'booking' | 'edit';
}

/** Whether it still waits to be sent. */
export function isPending(notice: Notice): boolean {
  return notice.state === 'pending';
}

/** Whether its recipient has been told, or may have been: on its way or handed over, whatever came of it. */
export function isTold(notice: Notice): boolean {
  if (notice.state === 'pending') return notice.reason === INTERRUPTED;
  return ['sending', 'sent', 'delivered', 'unknown'].includes(notice.state);
}

/** Reason of an e-mail that a crash interrupted: it may have gone out, and is sent again under the same Message-ID. */
export const INTERRUPTED = 'interrupted';

/** Takes a pending notice back. */
export function cancelled(notice: Notice, reason: CancelReason): NoticeOperation {
  return { operation: 'cancel', notice, reason };
}

/** Gives a pending notice other times or another language; nothing when they are what they were. */
export function revised(
  notice: Notice,
  next: Pick<Notice, 'dueAtMs' | 'uselessAtMs' | 'language'>,
): readonly NoticeOperation[] {
  const isSame =
    next.dueAtMs === notice.dueAtMs &&
    next.uselessAtMs === notice.uselessAtMs &&
    next.language === notice.language;
  if (isSame) return [];
  // One in back-off keeps its turn unless it is to go out at another time.
  const nextAttemptAtMs = next.dueAtMs === notice.dueAtMs ? notice.nextAttemptAtMs : next.dueAtMs;
  return [{ operation: 'revise', notice: { ...notice, ...next, nextAttemptAtMs } }];
}

/** Whether anything changed that participants were told. */
export function isWorthTelling({
  before,
  after,
}: Pick<PlannedChange, 'before' | 'after'>): boolean {
  const told = (reservation: Reservation): readonly unknown[] => [
    reservation.startAtMs,
    reservation.endAtMs,
    reservation.zone,
    reservation.number,
    reservation.pin,
    reservation.title,
    reservation.note,
  ];
  const now = told(after);
  return told(before).some((value, index) => value !== now[index]);
}
