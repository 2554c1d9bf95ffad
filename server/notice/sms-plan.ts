import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { SmsMoment } from '../reservation/reservation.ts';
import {
  cancelled,
  isPending,
  isTold,
  revised,
  type NoticeOperation,
  type PlannedChange,
} from './notice-operation.ts';
import { reminderAtMs, smsUselessAtMs } from './notice-times.ts';
import type { Notice, ReservationNoticeKind } from './notice.ts';

/** One number and its messages so far. `added`: it was not in the reservation before. */
interface Phone {
  readonly recipient: string;
  readonly history: 'added' | 'kept';
  readonly pending: readonly Notice[];
  readonly told: readonly Notice[];
}

/**
 * What phones are sent after a booking or a change. SMS costs: nothing is sent twice unless it is asked for
 * (`smsAgain`), and who was told of a conference by SMS is not told of its end by SMS.
 */
export function planPhones(
  change: PlannedChange,
  present: readonly Notice[],
): readonly NoticeOperation[] {
  const { before, after } = change;
  const removed = present
    .filter(isPending)
    .filter((notice) => !after.phones.includes(notice.recipient));
  return [
    ...removed.map((notice) => cancelled(notice, 'recipient-removed')),
    ...after.phones.flatMap((recipient) => {
      const own = present.filter((notice) => notice.recipient === recipient);
      const phone: Phone = {
        recipient,
        history: before.phones.includes(recipient) ? 'kept' : 'added',
        pending: own.filter(isPending),
        told: own.filter(isTold),
      };
      return [...planNow(phone, change), ...planBefore(phone, change)];
    }),
  ];
}

/** Invitation and update. One that waits carries what is new. */
function planNow(phone: Phone, change: PlannedChange): readonly NoticeOperation[] {
  const waiting = phone.pending.filter(({ kind }) => kind === 'invitation' || kind === 'update');
  const tick = tickOf('at-booking', phone, change);
  const isUntaken = tick === 'taken-out' && change.smsAgain === 'none';
  if (isUntaken) return waiting.map((notice) => cancelled(notice, 'not-wanted'));
  if (waiting.length > 0) {
    return waiting.flatMap((notice) => kept(notice, notice.dueAtMs, change));
  }
  const knows = phone.told.some(({ kind }) => kind === 'invitation' || kind === 'update');
  const isInvited = tick === 'new' && (phone.history === 'added' || !knows);
  if (!isInvited && change.smsAgain === 'none') return [];
  const kind = isInvited || phone.history === 'added' ? 'invitation' : 'update';
  return [inserted(phone, { kind, dueAtMs: change.nowMs }, change)];
}

/**
 * The message before the start. It goes with the start while it waits; once sent it is not sent again for a start that
 * moved on, unless an SMS about the change is asked for.
 */
function planBefore(phone: Phone, change: PlannedChange): readonly NoticeOperation[] {
  const waiting = phone.pending.filter(({ kind }) => kind === 'reminder');
  const tick = tickOf('before-start', phone, change);
  if (tick === 'none' || tick === 'taken-out') {
    return waiting.map((notice) => cancelled(notice, 'not-wanted'));
  }
  const isMoved = change.before.startAtMs !== change.after.startAtMs;
  const dueAtMs = reminderAtMs(change.after.startAtMs, change.nowMs, change.rules);
  if (waiting.length > 0) {
    if (!isMoved) return waiting.flatMap((notice) => kept(notice, notice.dueAtMs, change));
    return waiting.flatMap((notice) =>
      dueAtMs === null ? [cancelled(notice, 'start-moved')] : kept(notice, dueAtMs, change),
    );
  }
  const isUsedUp = phone.told.some(({ kind }) => kind === 'reminder');
  const isWanted = tick === 'new' || (isMoved && (!isUsedUp || change.smsAgain === 'send'));
  if (!isWanted || dueAtMs === null) return [];
  return [inserted(phone, { kind: 'reminder', dueAtMs }, change)];
}

/** `new` also for a phone that is. */
function tickOf(
  moment: SmsMoment,
  phone: Phone,
  { before, after }: PlannedChange,
): 'none' | 'new' | 'standing' | 'taken-out' {
  const wasOn = phone.history === 'kept' && before.smsMoments.includes(moment);
  if (after.smsMoments.includes(moment)) return wasOn ? 'standing' : 'new';
  return wasOn ? 'taken-out' : 'none';
}

function kept(
  notice: Notice,
  dueAtMs: WallclockMs,
  change: PlannedChange,
): readonly NoticeOperation[] {
  const kind = notice.kind === 'reminder' ? 'reminder' : 'invitation';
  return revised(notice, {
    dueAtMs,
    uselessAtMs: smsUselessAtMs(kind, change.after, change.nowMs),
    language: change.after.language,
  });
}

function inserted(
  phone: Phone,
  moment: { readonly kind: ReservationNoticeKind; readonly dueAtMs: WallclockMs },
  change: PlannedChange,
): NoticeOperation {
  const { kind, dueAtMs } = moment;
  return {
    operation: 'insert',
    draft: {
      channel: 'sms',
      kind,
      recipient: phone.recipient,
      language: change.after.language,
      dueAtMs,
      uselessAtMs: smsUselessAtMs(kind, change.after, change.nowMs),
    },
  };
}
