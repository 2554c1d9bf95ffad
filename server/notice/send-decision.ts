import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Reservation } from '../reservation/reservation.ts';
import type { Random } from '../runtime/random.ts';
import { INTERRUPTED } from './notice-operation.ts';
import type { Notice, SendOutcome, SmsReceipt } from './notice.ts';

const MINUTE_MS: DurationMs = 60_000;

/** How long to wait after each attempt that may be repeated; the last one ever after. */
const BACK_OFF_MS: readonly DurationMs[] = [1, 2, 4, 8, 15, 30, 60].map(
  (minutes) => minutes * MINUTE_MS,
);

/** Attempts of many notices spread over this share of the waiting time, so that they do not come all at once. */
const JITTER_SHARE = 0.2;

/** A last attempt is made this long before a message becomes useless. */
const LAST_CHANCE_MS: DurationMs = 10_000;

/** Not worth waiting for another attempt when the one before was this near. */
const SHORTEST_WAIT_MS: DurationMs = 30_000;

/**
 * A pending notice whose turn it is, as it is next: `sending`, or a last state when it must not go out any more.
 * `reservation`: as it stands now; null when it is gone.
 */
export function taken(notice: Notice, reservation: Reservation | null, nowMs: WallclockMs): Notice {
  if (nowMs >= notice.uselessAtMs) return tooLate(notice, nowMs);
  const reason = whyCancelled(notice, reservation);
  if (reason !== null) return { ...notice, state: 'cancelled', reason, stateAtMs: nowMs };
  return { ...notice, state: 'sending', attempts: notice.attempts + 1, stateAtMs: nowMs };
}

/** A notice that is of no use any more. The reason why it could not go out before stays. */
export function tooLate(notice: Notice, nowMs: WallclockMs): Notice {
  return { ...notice, state: 'too-late', stateAtMs: nowMs };
}

/** When an outcome is noted; `random` spreads the attempts that follow. */
export interface SettledAt {
  readonly nowMs: WallclockMs;
  readonly random: Random;
}

/** A notice that was handed over, after the outcome is known. */
export function settled(notice: Notice, outcome: SendOutcome, at: SettledAt): Notice {
  const { nowMs } = at;
  const noted = { ...notice, stateAtMs: nowMs };
  switch (outcome.outcome) {
    case 'sent':
      return { ...noted, state: 'sent', reason: null, providerId: outcome.providerId };
    case 'failed':
      return { ...noted, state: 'failed', reason: outcome.reason };
    case 'retry':
      return postponed(notice, outcome.reason, at);
    case 'unknown':
      // An e-mail that arrives twice under one Message-ID is one e-mail; an SMS would be two, and paid twice.
      return notice.channel === 'email'
        ? postponed(notice, INTERRUPTED, at)
        : { ...noted, state: 'unknown', reason: outcome.reason };
  }
}

/** A notice that was found `sending` at start: the process ended between handing it over and noting what came of it. */
export function recovered(notice: Notice, nowMs: WallclockMs): Notice {
  const noted = { ...notice, reason: INTERRUPTED, stateAtMs: nowMs };
  return notice.channel === 'email'
    ? { ...noted, state: 'pending', nextAttemptAtMs: Math.min(nowMs, notice.nextAttemptAtMs) }
    : { ...noted, state: 'unknown' };
}

/** An SMS after its receipt; null: it says nothing new. */
export function receipted(notice: Notice, receipt: SmsReceipt, nowMs: WallclockMs): Notice | null {
  if (notice.state !== 'sent' && notice.state !== 'unknown') return null;
  return { ...notice, state: receipt.state, reason: receipt.reason, stateAtMs: nowMs };
}

function postponed(notice: Notice, why: string, { nowMs, random }: SettledAt): Notice {
  // It may have arrived once: a deletion still has to tell of it, whatever later attempts come to.
  const reason = notice.reason === INTERRUPTED ? INTERRUPTED : why;
  const waitMs = BACK_OFF_MS[Math.min(notice.attempts, BACK_OFF_MS.length) - 1] ?? MINUTE_MS;
  const jitterMs = random.integer(Math.round(waitMs * JITTER_SHARE) + 1);
  const nextAttemptAtMs = Math.min(nowMs + waitMs + jitterMs, notice.uselessAtMs - LAST_CHANCE_MS);
  if (nextAttemptAtMs < nowMs + SHORTEST_WAIT_MS) return tooLate({ ...notice, reason }, nowMs);
  return { ...notice, state: 'pending', reason, nextAttemptAtMs, stateAtMs: nowMs };
}

/** Why it must not go out although nobody took it back; null: it may. */
function whyCancelled(notice: Notice, reservation: Reservation | null): string | null {
  if (notice.reservationId === null) return notice.payload === null ? 'no-content' : null;
  if (reservation === null) return 'no-content';
  const isGoodbye = notice.kind === 'cancellation' || notice.kind === 'organiser-deleted';
  return reservation.deletedAtMs !== null && !isGoodbye ? 'deleted' : null;
}
