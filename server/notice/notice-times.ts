import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Reservation } from '../reservation/reservation.ts';
import type { NoticeRules, ReservationNoticeKind } from './notice.ts';

/** When a notice goes out, and what it is. */
export interface NoticeMoment {
  readonly kind: ReservationNoticeKind;
  readonly dueAtMs: WallclockMs;
}

/** A conference's times. */
export type Span = Pick<Reservation, 'startAtMs' | 'endAtMs'>;

/** A reminder that comes this much after the start still tells somebody who is late how to get in. */
const REMINDER_GRACE_MS: DurationMs = 5 * 60_000;

/** Somebody trying PINs is of no interest to the organiser after this long. */
const GUESSING_KEPT_MS: DurationMs = 86_400_000;

/** Whether the start is so near that one e-mail is enough: 6 hours away exactly is near, 6 hours and 1 s is not. */
export function isNear(
  startAtMs: WallclockMs,
  nowMs: WallclockMs,
  rules: Pick<NoticeRules, 'shortNoticeMs'>,
): boolean {
  return startAtMs - nowMs <= rules.shortNoticeMs;
}

/** When people are reminded; null: that would be now or has passed. */
export function reminderAtMs(
  startAtMs: WallclockMs,
  nowMs: WallclockMs,
  rules: Pick<NoticeRules, 'reminderMs'>,
): WallclockMs | null {
  const atMs = startAtMs - rules.reminderMs;
  return atMs > nowMs ? atMs : null;
}

/**
 * E-mails to somebody who has not been told anything yet. A conference that has begun is told of at once, whatever
 * `shortNotice` says.
 */
export function emailMoments(
  startAtMs: WallclockMs,
  nowMs: WallclockMs,
  rules: NoticeRules,
): readonly NoticeMoment[] {
  const invitation: NoticeMoment = { kind: 'invitation', dueAtMs: nowMs };
  const starting: NoticeMoment = { kind: 'starting', dueAtMs: startAtMs };
  if (startAtMs <= nowMs) return [invitation];
  if (isNear(startAtMs, nowMs, rules)) {
    return {
      'at-start': [starting],
      'at-booking': [invitation],
      both: [invitation, starting],
    }[rules.shortNotice];
  }
  const dueAtMs = reminderAtMs(startAtMs, nowMs, rules);
  return dueAtMs === null ? [invitation] : [invitation, { kind: 'reminder', dueAtMs }];
}

/**
 * From when on an e-mail is of no use. What tells of a conference for the first time, or of a change: its end; while
 * it can still be joined, how to get in is worth knowing. A reminder: 5 minutes after the start.
 */
export function emailUselessAtMs(
  kind: ReservationNoticeKind,
  span: Span,
  nowMs: WallclockMs,
): WallclockMs {
  if (kind === 'reminder') return reminderUselessAtMs(span);
  if (kind === 'organiser-guessing') return Math.min(span.endAtMs, nowMs + GUESSING_KEPT_MS);
  return span.endAtMs;
}

/**
 * From when on an SMS is of no use: an invitation or an update from the start on, unless it was asked for after that;
 * then from the end on.
 */
export function smsUselessAtMs(
  kind: ReservationNoticeKind,
  span: Span,
  nowMs: WallclockMs,
): WallclockMs {
  if (kind === 'reminder') return reminderUselessAtMs(span);
  return span.startAtMs > nowMs ? span.startAtMs : span.endAtMs;
}

function reminderUselessAtMs(span: Span): WallclockMs {
  return Math.min(span.endAtMs, span.startAtMs + REMINDER_GRACE_MS);
}
