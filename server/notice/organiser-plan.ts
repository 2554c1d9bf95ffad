import type { ReservationEvent } from '../reservation/reservation-recorder.ts';
import {
  cancelled,
  isPending,
  isWorthTelling,
  revised,
  type NoticeOperation,
  type PlanContext,
} from './notice-operation.ts';
import { emailUselessAtMs, type Span } from './notice-times.ts';
import type { Notice, ReservationNoticeKind } from './notice.ts';

const ORGANISER_KINDS: readonly string[] = [
  'organiser-booked',
  'organiser-changed',
  'organiser-deleted',
  'organiser-guessing',
] satisfies readonly ReservationNoticeKind[];

/**
 * The organiser's own mails: one with everything after a booking, after a change of what they hold in hand (times,
 * title, note, PINs) and after a deletion. Who may come and what they hear on entry is not mailed again.
 */
export function planOrganiser(
  event: ReservationEvent,
  present: readonly Notice[],
  context: PlanContext,
): readonly NoticeOperation[] {
  const pending = present
    .filter(isPending)
    .filter((notice) => ORGANISER_KINDS.includes(notice.kind));
  switch (event.type) {
    case 'booked':
      return insertedFor('organiser-booked', event.reservation, context);
    case 'changed':
    case 'extended':
      return planChanged(event, pending, context);
    case 'cancelled':
      return [
        ...pending.map((notice) => cancelled(notice, 'deleted')),
        ...(context.nowMs < event.reservation.endAtMs
          ? insertedFor('organiser-deleted', event.reservation, context)
          : []),
      ];
  }
}

function planChanged(
  event: Extract<ReservationEvent, { readonly type: 'changed' | 'extended' }>,
  pending: readonly Notice[],
  context: PlanContext,
): readonly NoticeOperation[] {
  const { before, reservation: after } = event;
  const endAtMs = Math.max(before.endAtMs, after.endAtMs);
  const carriers = pending.filter(
    ({ kind }) => kind === 'organiser-booked' || kind === 'organiser-changed',
  );
  const isNew = before.adminPin !== after.adminPin || isWorthTelling({ before, after });
  return [
    ...carriers.flatMap((notice) => revised(notice, { ...notice, uselessAtMs: endAtMs })),
    ...(isNew && carriers.length === 0
      ? insertedFor('organiser-changed', { startAtMs: after.startAtMs, endAtMs }, context)
      : []),
  ];
}

function insertedFor(
  kind: ReservationNoticeKind,
  span: Span,
  context: PlanContext,
): readonly NoticeOperation[] {
  const { organiser, nowMs } = context;
  if (organiser === null) return [];
  return [
    {
      operation: 'insert',
      draft: {
        channel: 'email',
        kind,
        recipient: organiser.email,
        language: organiser.language,
        dueAtMs: nowMs,
        uselessAtMs: emailUselessAtMs(kind, span, nowMs),
      },
    },
  ];
}
