import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { CallLog, CallRecord } from '../reservation/call-record.ts';
import type { GuessEvent } from '../reservation/guess-limiter.ts';
import type { Logger } from '../runtime/logger.ts';
import { maskNumber } from '../runtime/mask.ts';
import type { InboundInvite, SipFlow } from '../sip/user-agent.ts';
import type { CallEnd } from './call-message.ts';
import { callRecord, refusalRecord } from './call-report.ts';
import type { RefusedCall } from './call-report.ts';
import { dialledOf, isByBrowser } from './caller.ts';
import type { CallerIdentity } from './caller.ts';
import type { Now } from './front-desk.ts';
import type { LiveCall } from './live-call.ts';
import type { ReleaseCause } from './release-cause.ts';
import type { CallOffence } from './switchboard-options.ts';

/** What the journal works with. */
export interface CallJournalOptions {
  readonly callLog: Pick<CallLog, 'add'>;
  readonly log: Logger;
  readonly now: () => Now;
  /** PINs of the room of this number are being guessed. */
  readonly onGuessing: (number: string) => void;
  /** Hears of numbers that lead nowhere, and of tokens that are wrong. */
  readonly onOffence: (flow: SipFlow, offence: CallOffence) => void;
}

/** Writes calls down: a line of the log for each thing that happens, a record of the call log at the end. */
export class CallJournal {
  readonly #options: CallJournalOptions;
  #strangersSoFar = 0;

  constructor(options: CallJournalOptions) {
    this.#options = options;
  }

  cameIn(call: LiveCall): void {
    this.#options.log.info('call came in', {
      ...facts(call.invite, { trunk: trunkOf(call), caller: callerOf(call) }),
      dialogId: call.dialogId,
    });
  }

  ended(call: LiveCall, end: CallEnd): void {
    const record = callRecord(call, end, this.#options.now());
    this.#options.log.info('call ended', {
      ...facts(call.invite, { trunk: record.trunk, caller: callerOf(call) }),
      dialogId: call.dialogId,
      cause: end.cause,
      room: record.room,
      packetsLost: record.packetsLost,
    });
    this.#keep(record);
  }

  refused(refused: RefusedCall): void {
    const { invite, trunk, caller, seat, cause } = refused;
    const offence = offenceOf(refused);
    if (offence !== null) this.#options.onOffence(invite.flow, offence);
    if (isByBrowser(invite) && seat === null) return this.#strangerRefused(invite, cause);
    this.#options.log.info('call refused', { ...facts(invite, { trunk, caller }), cause });
    this.#keep(refusalRecord(refused, this.#options.now()));
  }

  /**
   * Anybody may open a WebSocket and call without a seat: what that writes must not grow with it. No records, and lines
   * for the 1st, 2nd, 4th, 8th… only.
   */
  #strangerRefused(invite: InboundInvite, cause: ReleaseCause): void {
    this.#strangersSoFar += 1;
    if (Math.log2(this.#strangersSoFar) % 1 !== 0) return;
    const { remoteHost } = invite.flow;
    const refusedSoFar = this.#strangersSoFar;
    this.#options.log.warn('call by browser without a seat', { remoteHost, cause, refusedSoFar });
  }

  /** Somebody guesses PINs. */
  guessed(event: GuessEvent): void {
    const { log } = this.#options;
    if (event.type === 'room-guessed') {
      log.warn('PINs of a room are being guessed', {
        room: event.number,
        wrong: event.wrongPins,
      });
      this.#options.onGuessing(event.number);
    } else {
      log.warn('caller refused after wrong PINs', {
        caller: maskNumber(event.key.caller ?? ''),
        address: event.key.address,
        refusedForMs: event.refusedForMs,
      });
    }
  }

  #keep(record: CallRecord): void {
    this.#options.callLog.add(record);
  }
}

/** A token that is wrong is one; none at all, or that of a seat in another room, is a page that is out of date. */
function offenceOf({ invite, cause }: RefusedCall): CallOffence | null {
  if (cause === 'no-such-number') return cause;
  const isWrong = cause === 'seat-unknown' && (invite.bearer ?? null) !== null;
  return isWrong ? 'bad-credentials' : null;
}

function trunkOf({ origin }: LiveCall): string {
  return origin.via === 'phone' ? origin.admission.trunk.name : '';
}

function callerOf({ origin }: LiveCall): CallerIdentity | null {
  return origin.via === 'phone' ? origin.admission.caller : null;
}

interface Peer {
  readonly trunk: string;
  readonly caller: CallerIdentity | null;
}

/**
 * Who called whom. A browser's number says nothing: it is whatever the page makes up. `sipCallId` finds the call's
 * messages in a trace.
 */
function facts(invite: InboundInvite, { trunk, caller }: Peer): Facts {
  const called = dialledOf(invite);
  const sipCallId = invite.callIdHeader;
  if (isByBrowser(invite)) return { via: 'browser', called, sipCallId };
  return {
    ...{ trunk, caller: shownCaller(caller), called },
    ...(caller === null || caller.diversions.length === 0
      ? {}
      : { diversions: caller.diversions.length }),
    sipCallId,
  };
}

/** Masked; who withholds it, and who is not known at all, is told as such. */
function shownCaller(caller: CallerIdentity | null): string {
  if (caller === null) return 'unknown';
  if (caller.source === 'withheld') return 'withheld';
  return caller.number === null ? 'unknown' : maskNumber(caller.number);
}
