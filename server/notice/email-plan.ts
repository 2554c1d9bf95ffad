import type { Reservation } from '../reservation/reservation.ts';
import {
  cancelled,
  isPending,
  isTold,
  isWorthTelling,
  revised,
  type NoticeOperation,
  type PlanContext,
  type PlannedChange,
} from './notice-operation.ts';
import {
  emailMoments,
  emailUselessAtMs,
  isNear,
  reminderAtMs,
  type NoticeMoment,
  type Span,
} from './notice-times.ts';
import type { Notice, ReservationNoticeKind } from './notice.ts';

const PARTICIPANT_KINDS: readonly string[] = [
  'invitation',
  'reminder',
  'starting',
  'update',
  'cancellation',
] satisfies readonly ReservationNoticeKind[];

/** One address, what it was sent so far, and what is about to be. */
interface Addressee {
  readonly recipient: string;
  readonly notices: readonly Notice[];
  readonly pending: readonly Notice[];
  /** Whether it knows of the conference: told of it, and not told of a cancellation after that. */
  readonly knows: boolean;
}

/** What addresses of the reservation are sent after a booking or a change. */
export function planAddresses(
  change: PlannedChange,
  present: readonly Notice[],
): readonly NoticeOperation[] {
  const { before, after } = change;
  const kept = after.emails.map((recipient) => addresseeOf(recipient, present));
  const removed = before.emails
    .filter((recipient) => !after.emails.includes(recipient))
    .map((recipient) => addresseeOf(recipient, present));
  return [
    ...removed.flatMap((addressee) => planFarewell(addressee, change, 'recipient-removed')),
    ...kept.flatMap((addressee) =>
      // One without any notice was there before notices were: it is told now.
      before.emails.includes(addressee.recipient) && addressee.notices.length > 0
        ? planKept(addressee, change)
        : planAdded(addressee, change.occasion === 'booking' ? change : invitingAtOnce(change)),
    ),
  ];
}

/** Rule 2 is about booking: who is added later is invited then (rule 6), the others may know for long. */
function invitingAtOnce(change: PlannedChange): PlannedChange {
  const { rules } = change;
  if (rules.shortNotice !== 'at-start') return change;
  return { ...change, rules: { ...rules, shortNotice: 'at-booking' } };
}

/**
 * What becomes of e-mails when the end is moved on by keys during the conference: who is in it hears of it, and nobody
 * else's day changes, so no update goes out. What waits is of use until the new end.
 */
export function planExtended(
  change: PlannedChange,
  present: readonly Notice[],
): readonly NoticeOperation[] {
  return present
    .filter((notice) => isPending(notice) && PARTICIPANT_KINDS.includes(notice.kind))
    .flatMap((notice) => kept(notice, change));
}

/** What addresses are sent when the reservation is deleted. One that is over tells nobody. */
export function planCancelledAddresses(
  reservation: Reservation,
  present: readonly Notice[],
  context: PlanContext,
): readonly NoticeOperation[] {
  const participants = present.filter((notice) => PARTICIPANT_KINDS.includes(notice.kind));
  if (context.nowMs >= reservation.endAtMs) {
    return participants.filter(isPending).map((notice) => cancelled(notice, 'deleted'));
  }
  const recipients = [...new Set(participants.map((notice) => notice.recipient))];
  const change: PlannedChange = {
    ...context,
    before: reservation,
    after: reservation,
    smsAgain: 'none',
    occasion: 'edit',
  };
  return recipients.flatMap((recipient) =>
    planFarewell(addresseeOf(recipient, present), change, 'deleted'),
  );
}

function addresseeOf(recipient: string, present: readonly Notice[]): Addressee {
  const notices = present.filter(
    (notice) => notice.recipient === recipient && PARTICIPANT_KINDS.includes(notice.kind),
  );
  const last = notices.filter(isTold).at(-1);
  return {
    recipient,
    notices,
    pending: notices.filter(isPending),
    knows: last !== undefined && last.kind !== 'cancellation',
  };
}

function planFarewell(
  addressee: Addressee,
  change: PlannedChange,
  reason: 'deleted' | 'recipient-removed',
): readonly NoticeOperation[] {
  const waiting = addressee.pending.filter((notice) => notice.kind === 'cancellation');
  const rest = addressee.pending.filter((notice) => notice.kind !== 'cancellation');
  const isToBeTold = addressee.knows && waiting.length === 0;
  return [
    ...rest.map((notice) => cancelled(notice, reason)),
    ...(isToBeTold
      ? [inserted(addressee, { kind: 'cancellation', dueAtMs: change.nowMs }, change)]
      : []),
  ];
}

/** As if booked now. Of one that was removed and comes back, a cancellation that has not gone out is taken back. */
function planAdded(addressee: Addressee, change: PlannedChange): readonly NoticeOperation[] {
  const { after, rules, nowMs } = change;
  const overtaken = addressee.pending.map((notice) => cancelled(notice, 'overtaken'));
  if (after.endAtMs <= nowMs) return overtaken;
  return [
    ...overtaken,
    ...emailMoments(after.startAtMs, nowMs, rules).map((moment) =>
      inserted(addressee, moment, change),
    ),
  ];
}

/**
 * To one that stays. Who has been told gets an update, unless a message that waits carries it. Reminders go with the
 * start. Who only waits for the message at the start, and it moved: as if booked now.
 */
function planKept(addressee: Addressee, change: PlannedChange): readonly NoticeOperation[] {
  const { before, after } = change;
  const carriers = addressee.pending.filter(isCarrier);
  const onlyStarting =
    !addressee.knows && carriers.length === 0 && addressee.pending.some(isStarting);
  const isMoved = before.startAtMs !== after.startAtMs;
  if (onlyStarting && isMoved) return replan(addressee, change);
  const isUpdateDue = isWorthTelling(change) && addressee.knows && carriers.length === 0;
  return [
    ...carriers.flatMap((notice) => kept(notice, change)),
    ...(isUpdateDue
      ? [inserted(addressee, { kind: 'update', dueAtMs: change.nowMs }, change)]
      : []),
    ...planBeforeStart(addressee, change, isMoved ? 'moved' : 'same'),
  ];
}

/** Carries a change by itself, as its text is made at sending. */
function isCarrier(notice: Notice): boolean {
  return notice.kind === 'invitation' || notice.kind === 'update';
}

function isStarting(notice: Notice): boolean {
  return notice.kind === 'starting';
}

/** Nothing was sent, one message waits for the start: plans what a booking now would bring. */
function replan(addressee: Addressee, change: PlannedChange): readonly NoticeOperation[] {
  const { after } = change;
  const [first, ...more] = emailMoments(after.startAtMs, change.nowMs, change.rules);
  if (first?.kind === 'starting' && more.length === 0) {
    return addressee.pending
      .filter(isStarting)
      .flatMap((notice) => kept(notice, change, first.dueAtMs));
  }
  return planAdded(addressee, change);
}

/** Reminder and message at the start, after the start moved or stayed. */
function planBeforeStart(
  addressee: Addressee,
  change: PlannedChange,
  start: 'moved' | 'same',
): readonly NoticeOperation[] {
  const waiting = addressee.pending.filter(
    (notice) => notice.kind === 'reminder' || notice.kind === 'starting',
  );
  if (start === 'same') return waiting.flatMap((notice) => kept(notice, change));
  const { startAtMs } = change.after;
  const { rules, nowMs } = change;
  const isSoon = isNear(startAtMs, nowMs, rules);
  const remindAtMs = reminderAtMs(startAtMs, nowMs, rules);
  const operations: NoticeOperation[] = [];
  let hasOne = false;
  for (const notice of waiting) {
    // The message at the start belongs to starts that are near; a reminder goes with the start wherever it goes.
    const dueAtMs = notice.kind === 'reminder' ? remindAtMs : isSoon ? startAtMs : null;
    hasOne ||= dueAtMs !== null;
    operations.push(
      ...(dueAtMs === null ? [cancelled(notice, 'start-moved')] : kept(notice, change, dueAtMs)),
    );
  }
  const expectsOne = addressee.knows || addressee.pending.some(isCarrier);
  // As at booking: to a start that is near, what goes out now is reminder enough.
  if (!hasOne && expectsOne && !isSoon && remindAtMs !== null) {
    operations.push(inserted(addressee, { kind: 'reminder', dueAtMs: remindAtMs }, change));
  }
  return operations;
}

function kept(
  notice: Notice,
  change: PlannedChange,
  dueAtMs = notice.dueAtMs,
): readonly NoticeOperation[] {
  const kind = participantKind(notice);
  return revised(notice, {
    dueAtMs,
    uselessAtMs: emailUselessAtMs(kind, spanOf(kind, change), change.nowMs),
    language: change.after.language,
  });
}

function participantKind(notice: Notice): ReservationNoticeKind {
  switch (notice.kind) {
    case 'reminder':
    case 'starting':
    case 'update':
    case 'cancellation':
      return notice.kind;
    default:
      return 'invitation';
  }
}

function inserted(
  addressee: Addressee,
  moment: NoticeMoment,
  change: PlannedChange,
): NoticeOperation {
  const { kind, dueAtMs } = moment;
  return {
    operation: 'insert',
    draft: {
      channel: 'email',
      kind,
      recipient: addressee.recipient,
      language: change.after.language,
      dueAtMs,
      uselessAtMs: emailUselessAtMs(kind, spanOf(kind, change), change.nowMs),
    },
  };
}

/** A change that ends the reservation at once still has to be told to those who count on the end it had. */
function spanOf(kind: ReservationNoticeKind, { before, after }: PlannedChange): Span {
  if (kind !== 'update' && kind !== 'cancellation') return after;
  return { startAtMs: after.startAtMs, endAtMs: Math.max(before.endAtMs, after.endAtMs) };
}
