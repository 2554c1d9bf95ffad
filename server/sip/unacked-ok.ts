import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import { sdpOf } from './inbound-invite.ts';
import { transactionTimeoutMs } from './sip-timers.ts';
import type { SipTimers } from './sip-timers.ts';
import type { ServerEntry } from './transaction-layer.ts';

/** A 2xx of ours whose ACK has not come (RFC 3261 §13.3.1.4). */
export interface UnackedOk {
  readonly invite: ServerEntry;
  readonly bytes: Uint8Array;
  readonly retransmitAtMs: MonotonicMs;
  readonly intervalMs: DurationMs;
  readonly giveUpAtMs: MonotonicMs;
}

/** The 2xx goes out now. */
export function unackedOk(
  response: { readonly invite: ServerEntry; readonly bytes: Uint8Array },
  timers: SipTimers,
  nowMs: MonotonicMs,
): UnackedOk {
  const { t1Ms } = timers;
  return {
    ...response,
    retransmitAtMs: nowMs + t1Ms,
    intervalMs: t1Ms,
    giveUpAtMs: nowMs + transactionTimeoutMs(timers),
  };
}

/** The 2xx goes out again now. */
export function repeatedOk(ok: UnackedOk, timers: SipTimers, nowMs: MonotonicMs): UnackedOk {
  const intervalMs = Math.min(ok.intervalMs * 2, timers.t2Ms);
  return { ...ok, intervalMs, retransmitAtMs: nowMs + intervalMs };
}

/** Our 2xx carried the offer when the INVITE had none (RFC 3261 §13.2.1). */
export function answerComesInAck(ok: UnackedOk): boolean {
  return sdpOf(ok.invite.request) === null;
}

/**
 * Whether BYE has to wait for the ACK (RFC 3261 §15): only that of the INVITE that made the dialog. The 2xx to one within
 * the dialog goes on without it.
 */
export function holdsBye(ok: UnackedOk): boolean {
  return ok.invite.request.envelope.toTag === '';
}
