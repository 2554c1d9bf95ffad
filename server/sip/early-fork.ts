import { createUacDialog } from './dialog.ts';
import type { Dialog, OwnInvite } from './dialog.ts';
import type { HeaderLine } from './message-writer.ts';
import { parseDigits } from './header-value.ts';
import type { SipResponse } from './message.ts';
import { mentions } from './session-timer.ts';
import { SipParseError } from './sip-parse-error.ts';
import type { ServerEntry } from './transaction-layer.ts';
import type { OutgoingRequest } from './outgoing-request.ts';

/** One of the dialogs that the answers to our INVITE make: an INVITE that forks has several (RFC 3261 §12.1.2). */
export class EarlyFork {
  dialog: Dialog;
  /** The peer's description, as far as we have heard. */
  description: string | null = null;
  /** What we have answered to an UPDATE of the peer: it holds in place of the offer of our INVITE. */
  localSdp: string | null = null;
  /** `done`: our offer is answered reliably, and either side may offer again (RFC 3262 §5, RFC 3311 §5.1). */
  exchange: 'open' | 'done' = 'open';
  /** An UPDATE with an offer that waits for our answer. */
  update: ServerEntry | null = null;
  /** RAck of a reliable provisional answer with the peer's offer, whose PRACK waits for our answer (RFC 3262 §5). */
  rack: HeaderLine | null = null;
  /** The ACK of its 2xx, to be sent again for every copy. */
  ack: Omit<OutgoingRequest, 'owner'> | null = null;
  /** RSeq of the latest reliable provisional answer. */
  #lastRseq: number | null = null;

  /** @throws SipParseError when the answer makes no dialog. */
  constructor(invite: OwnInvite, answer: SipResponse) {
    this.dialog = createUacDialog(invite, answer);
  }

  /**
   * Whether a reliable provisional answer is the next in order. All others are copies, or came too early and will come
   * again (RFC 3262 §4).
   */
  takesRseq(rseq: number): boolean {
    if (this.#lastRseq !== null && rseq !== this.#lastRseq + 1) return false;
    this.#lastRseq = rseq;
    return true;
  }

  /**
   * The 2xx says anew where the dialog leads (RFC 3261 §13.2.2.4); CSeqs and flow go on.
   * @throws SipParseError when it cannot be read.
   */
  confirm(invite: OwnInvite, answer: SipResponse): void {
    const { localCseq, remoteCseq, flow } = this.dialog;
    this.dialog = { ...createUacDialog(invite, answer), localCseq, remoteCseq, flow };
  }
}

/** RSeq of a provisional answer that is sent reliably (RFC 3262 §3); null for all others, and when it cannot be read. */
export function reliableSequence(answer: SipResponse): number | null {
  const text = answer.headers.first('rseq');
  if (text === undefined || !mentions(answer.headers, '100rel')) return null;
  try {
    return parseDigits(text, 4_294_967_295, 'RSeq');
  } catch (error) {
    if (!(error instanceof SipParseError)) throw error;
    return null;
  }
}
