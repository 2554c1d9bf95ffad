import type { MonotonicMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { CallRecord } from '../reservation/call-record.ts';
import type { CallEnd } from './call-message.ts';
import { callerOf } from './caller.ts';
import type { Now } from './front-desk.ts';
import type { LiveCall } from './live-call.ts';

/** The row of the call log for a call that ends now. Instants are brought from the monotonic clock to the wall clock. */
export function callRecord(call: LiveCall, end: CallEnd, now: Now): CallRecord {
  const { invite, admission } = call;
  const wallclock = (atMs: MonotonicMs): WallclockMs =>
    Math.round(now.wallclockMs - (now.monotonicMs - atMs));
  const { statistics } = end;
  return {
    callId: call.dialogId,
    trunk: admission.trunk.name,
    caller: callerOf(invite),
    calledNumber: admission.accessNumber,
    room: end.room,
    startAtMs: wallclock(call.startedAtMs),
    answerAtMs:
      end.answered === 'answered' && call.answeredAtMs !== null
        ? wallclock(call.answeredAtMs)
        : null,
    endAtMs: Math.round(now.wallclockMs),
    cause: end.cause,
    codec: end.codec,
    packetsIn: statistics?.packetsIn ?? 0,
    packetsOut: statistics?.packetsOut ?? 0,
    packetsLost: statistics?.packetsLost ?? 0,
    jitterMs: statistics?.jitterMs ?? 0,
    dtmfMethod: statistics?.dtmfMethod ?? null,
  };
}
