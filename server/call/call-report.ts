import type { MonotonicMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { DialogId, InboundInvite } from '../sip/user-agent.ts';
import type { CallRecord } from '../reservation/call-record.ts';
import type { CallEnd } from './call-message.ts';
import { dialledOf, isByBrowser } from './caller.ts';
import type { CallerIdentity } from './caller.ts';
import type { Seat } from '../guest/seat.ts';
import type { Now } from './front-desk.ts';
import type { LiveCall } from './live-call.ts';
import type { ReleaseCause } from './release-cause.ts';

/** The row of the call log for a call that ends now. Instants are brought from the monotonic clock to the wall clock. */
export function callRecord(call: LiveCall, end: CallEnd, now: Now): CallRecord {
  const wallclock = (atMs: MonotonicMs): WallclockMs =>
    Math.round(now.wallclockMs - (now.monotonicMs - atMs));
  const { statistics, visit } = end;
  return {
    callId: call.dialogId,
    ...whoCalled(call),
    room: visit?.number ?? null,
    roomId: visit?.roomId ?? null,
    enteredAtMs: visit === null ? null : wallclock(visit.enteredAtMs),
    role: visit?.role ?? null,
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

type Who = 'via' | 'guestName' | 'seatId' | 'trunk' | 'caller' | 'calledNumber' | 'diversions';

function whoCalled({ origin }: LiveCall): Pick<CallRecord, Who> {
  if (origin.via === 'phone') {
    const { trunk, accessNumber, caller } = origin.admission;
    return {
      ...{ via: 'phone', guestName: null, seatId: null, trunk: trunk.name },
      caller: caller.number,
      diversions: caller.diversions,
      calledNumber: accessNumber,
    };
  }
  const { name, seatId, terms } = origin.seat;
  return {
    ...{ via: 'browser', guestName: name, seatId, trunk: '' },
    caller: null,
    diversions: [],
    calledNumber: terms.number,
  };
}

/** A call that was refused at once. */
export interface RefusedCall {
  readonly dialogId: DialogId;
  readonly invite: InboundInvite;
  /** Name of its trunk, empty when there is none. */
  readonly trunk: string;
  /** Null for a guest and for a stranger. */
  readonly caller: CallerIdentity | null;
  /** The seat of a guest who is known, or null. */
  readonly seat: Seat | null;
  readonly cause: ReleaseCause;
}

/** The row of the call log for a call that was refused. */
export function refusalRecord(refused: RefusedCall, now: Now): CallRecord {
  const { dialogId, invite, trunk, caller, seat, cause } = refused;
  const via = isByBrowser(invite) ? 'browser' : 'phone';
  const atMs = Math.round(now.wallclockMs);
  return {
    callId: dialogId,
    via,
    guestName: seat?.name ?? null,
    seatId: seat?.seatId ?? null,
    trunk,
    caller: caller?.number ?? null,
    diversions: caller?.diversions ?? [],
    calledNumber: dialledOf(invite),
    room: null,
    roomId: null,
    enteredAtMs: null,
    role: null,
    startAtMs: atMs,
    answerAtMs: null,
    endAtMs: atMs,
    cause,
    codec: null,
    packetsIn: 0,
    packetsOut: 0,
    packetsLost: 0,
    jitterMs: 0,
    dtmfMethod: null,
  };
}
