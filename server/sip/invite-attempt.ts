import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import { noteRequest, refreshTarget } from './dialog.ts';
import type { OwnInvite } from './dialog.ts';
import { dialogAck, dialogRequest } from './dialog-request.ts';
import { EarlyFork, reliableSequence } from './early-fork.ts';
import { answerPlainly } from './in-dialog.ts';
import { sessionIn } from './message-body.ts';
import { sdpOf } from './inbound-invite.ts';
import type { HeaderLine } from './message-writer.ts';
import type { SipResponse } from './message.ts';
import { parseNameAddress, tagOf } from './name-address.ts';
import type { OutgoingRequest, RequestOwner, StartedRequest } from './outgoing-request.ts';
import { SipParseError } from './sip-parse-error.ts';
import type { ServerEntry, TransactionLayer } from './transaction-layer.ts';

/** An answer to a request of the peer within an early dialog. */
export interface EarlyReply {
  readonly status: number;
  readonly phrase?: string;
  readonly headers: readonly HeaderLine[];
  readonly body?: Uint8Array;
}

/** What one INVITE tells the call it belongs to. */
export interface AttemptPorts {
  readonly transactions: TransactionLayer;
  readonly userAgentHeader: HeaderLine;
  readonly contact: HeaderLine;
  readonly respond: (entry: ServerEntry, reply: EarlyReply) => void;
  /** A provisional answer but 100; `answer` is new SDP of a fork, or null. */
  readonly progress: (status: number, answer: string | null) => void;
  /** The first 2xx. `acknowledge` is expected, soon or late. */
  readonly accepted: (fork: EarlyFork, response: SipResponse, nowMs: MonotonicMs) => void;
  readonly refused: (response: SipResponse, nowMs: MonotonicMs) => void;
  /** `unreadable`: a 2xx that makes no dialog. */
  readonly failed: (why: 'timeout' | 'transport' | 'unreadable', nowMs: MonotonicMs) => void;
  /** An UPDATE or a reliable provisional answer has brought an offer in an early dialog; `answerOffer` is expected. */
  readonly reoffered: (offer: string) => void;
  /** The peer's BYE; its 200 is out. */
  readonly left: (fork: EarlyFork, nowMs: MonotonicMs) => void;
}

/** One INVITE to be sent. */
export interface AttemptParts {
  readonly invite: Omit<OutgoingRequest, 'owner'>;
  readonly own: OwnInvite;
  readonly offer: string | null;
  /** Authorization and its like of the INVITE, which the ACK of a 2xx bears too (RFC 3261 §22.1). */
  readonly credentials: readonly HeaderLine[];
  /** The same for another request, once somebody has asked for them. */
  readonly credentialsFor: (method: string, uri: string) => readonly HeaderLine[];
}

/** Early dialogs beyond this many are not kept: nobody rings so many telephones honestly. */
const MAX_EARLY_FORKS = 32;

/** Answered ones beyond this many are not even sent away: each would cost us an ACK and a BYE. */
const MAX_FORKS = 64;

/** To keys of somebody who has not picked up: which of several telephones will, nobody knows (RFC 2976 §2.2). */
const NOT_ANSWERED: EarlyReply = { status: 480, phrase: 'Not Answered Yet', headers: [] };

/** One INVITE of ours and the dialogs that its answers make. */
export class InviteAttempt implements RequestOwner {
  readonly #ports: AttemptPorts;
  readonly #parts: AttemptParts;
  #own: OwnInvite;
  #started: StartedRequest | null = null;
  readonly #forks = new Map<string, EarlyFork>();
  #winner: EarlyFork | null = null;

  constructor(ports: AttemptPorts, parts: AttemptParts) {
    this.#ports = ports;
    this.#parts = parts;
    this.#own = parts.own;
  }

  /** The highest CSeq used so far, in any of its dialogs. */
  get lastCseq(): number {
    let last = this.#own.cseq;
    for (const fork of this.#forks.values()) last = Math.max(last, fork.dialog.localCseq);
    return last;
  }

  start(nowMs: MonotonicMs): void {
    this.#started = this.#ports.transactions.start({ ...this.#parts.invite, owner: this }, nowMs);
  }

  cancel(headers: readonly HeaderLine[], nowMs: MonotonicMs): void {
    this.#started?.cancel([...headers, this.#ports.userAgentHeader], nowMs);
  }

  response(response: SipResponse, nowMs: MonotonicMs): void {
    // It may have gone by TCP though it was meant for UDP.
    const flow = this.#started?.target.flow ?? this.#own.flow;
    if (flow !== this.#own.flow) this.#own = { ...this.#own, flow };
    if (response.status < 200) this.#provisional(response, nowMs);
    else if (response.status < 300) this.#success(response, nowMs);
    else this.#ports.refused(response, nowMs);
  }

  failed(why: 'timeout' | 'transport', nowMs: MonotonicMs): void {
    this.#ports.failed(why, nowMs);
  }

  /** Sends the ACK of a fork's 2xx: with our answer when the 2xx bore the offer. */
  acknowledge(fork: EarlyFork, sdp: string | null): void {
    const { credentials, invite } = this.#parts;
    const lines = [...credentials, this.#ports.userAgentHeader];
    const { localHost } = invite;
    fork.ack =
      sdp === null
        ? dialogAck(fork.dialog, this.#own.cseq, { localHost, headers: lines })
        : dialogAck(fork.dialog, this.#own.cseq, {
            localHost,
            headers: [...lines, ['Content-Type', 'application/sdp']],
            body: Buffer.from(sdp, 'utf8'),
          });
    this.#ports.transactions.sendAck(fork.ack, 'first');
  }

  /** Acknowledges a fork that nobody wants, and ends it (RFC 3261 §13.2.2.4). */
  dismiss(fork: EarlyFork, headers: readonly HeaderLine[], nowMs: MonotonicMs): void {
    if (fork.ack === null) this.acknowledge(fork, null);
    this.#request(fork, { method: 'BYE', headers }, nowMs);
  }

  /** Answers an offer within an early dialog: that of an UPDATE, or of a provisional answer by its PRACK. */
  answerOffer(status: number, sdp: string | null, nowMs: MonotonicMs): void {
    for (const fork of this.#forks.values()) {
      if (fork.rack !== null) return this.#answerByPrack(fork, sdp, nowMs);
      const { update } = fork;
      if (update === null) continue;
      fork.update = null;
      const { contact } = this.#ports;
      const retry: readonly HeaderLine[] = status === 500 ? [['Retry-After', '1']] : [];
      if (sdp === null) {
        this.#ports.respond(update, { status, headers: retry });
      } else {
        fork.description = sdpOf(update.request);
        fork.localSdp = sdp;
        const headers: readonly HeaderLine[] = [contact, ['Content-Type', 'application/sdp']];
        this.#ports.respond(update, { status, headers, body: Buffer.from(sdp, 'utf8') });
      }
      return;
    }
  }

  /** RFC 3262 §5: the answer to an offer in a reliable provisional answer is in its PRACK, or there can be no call. */
  #answerByPrack(fork: EarlyFork, sdp: string | null, nowMs: MonotonicMs): void {
    const rack = fork.rack === null ? [] : [fork.rack];
    fork.rack = null;
    if (sdp === null) {
      this.#request(fork, { method: 'PRACK', headers: rack }, nowMs);
      this.#ports.left(fork, nowMs);
      return;
    }
    fork.exchange = 'done';
    fork.localSdp = sdp;
    const headers: readonly HeaderLine[] = [...rack, ['Content-Type', 'application/sdp']];
    this.#request(fork, { method: 'PRACK', headers, body: Buffer.from(sdp, 'utf8') }, nowMs);
  }

  /** A request of the peer within one of the early dialogs. */
  receive(entry: ServerEntry, nowMs: MonotonicMs): 'taken' | 'foreign' {
    const { request } = entry;
    const fork = this.#forks.get(request.envelope.fromTag);
    if (fork === undefined) return 'foreign';
    if (request.envelope.cseqNumber <= fork.dialog.remoteCseq) {
      this.#ports.respond(entry, { status: 500, headers: [] });
      return 'taken';
    }
    fork.dialog = noteRequest(fork.dialog, request);
    switch (request.message.method) {
      case 'BYE':
        this.#ports.respond(entry, { status: 200, headers: [] });
        this.#forks.delete(request.envelope.fromTag);
        this.#ports.left(fork, nowMs);
        break;
      case 'UPDATE':
        this.#update(fork, entry);
        break;
      case 'INVITE':
        // Our own INVITE is not over (RFC 3261 §14.2).
        this.#ports.respond(entry, { status: 491, headers: [] });
        break;
      case 'PRACK':
        // We send no provisional answers here.
        this.#ports.respond(entry, { status: 481, headers: [] });
        break;
      default: {
        const { reply, events } = answerPlainly(request, '');
        this.#ports.respond(entry, events.length === 0 ? reply : NOT_ANSWERED);
      }
    }
    return 'taken';
  }

  /** RFC 3311 §5.2. */
  #update(fork: EarlyFork, entry: ServerEntry): void {
    const offer = sdpOf(entry.request);
    const offers = offer !== null;
    if (offers && fork.update !== null) {
      this.#ports.respond(entry, { status: 500, headers: [['Retry-After', '3']] });
    } else if (offers && fork.exchange === 'open') {
      this.#ports.respond(entry, { status: 491, headers: [] });
    } else if (!this.#retarget(fork, entry)) {
      this.#ports.respond(entry, { status: 400, headers: [] });
    } else if (offers) {
      fork.update = entry;
      this.#ports.reoffered(offer);
    } else {
      this.#ports.respond(entry, { status: 200, headers: [this.#ports.contact] });
    }
  }

  #retarget(fork: EarlyFork, entry: ServerEntry): boolean {
    return (
      this.#readable(() => {
        fork.dialog = refreshTarget(fork.dialog, entry.request);
        return fork;
      }) !== null
    );
  }

  #provisional(response: SipResponse, nowMs: MonotonicMs): void {
    if (response.status === 100 || this.#winner !== null) return;
    const fork = this.#readable(() => this.#forkOf(response, 'tag-needed'));
    const rseq = reliableSequence(response);
    if (fork === null) {
      // Without a tag there is no dialog, as before RFC 3261: it rings all the same.
      if (rseq === null) this.#ports.progress(response.status, null);
      return;
    }
    if (rseq !== null) {
      if (!fork.takesRseq(rseq)) return;
      const rack: HeaderLine = ['RAck', `${rseq} ${this.#own.cseq} INVITE`];
      const offer = this.#parts.offer === null ? sessionIn(response) : null;
      if (offer !== null && fork.description === null) {
        fork.description = offer;
        fork.rack = rack;
        this.#ports.progress(response.status, null);
        return this.#ports.reoffered(offer);
      }
      this.#request(fork, { method: 'PRACK', headers: [rack] }, nowMs);
    }
    this.#ports.progress(response.status, this.#earlyAnswer(fork, response, rseq));
  }

  /** SDP of an early answer, once: what comes later must be the same (RFC 3261 §13.2.1). */
  #earlyAnswer(fork: EarlyFork, response: SipResponse, rseq: number | null): string | null {
    const description = this.#parts.offer === null ? null : sessionIn(response);
    if (description === null) return null;
    if (rseq !== null) fork.exchange = 'done';
    if (fork.description !== null) return null;
    fork.description = description;
    return description;
  }

  #success(response: SipResponse, nowMs: MonotonicMs): void {
    const fork = this.#readable(() => this.#forkOf(response, 'any'));
    if (fork === null) {
      if (this.#winner === null) this.#ports.failed('unreadable', nowMs);
    } else if (fork.ack !== null) {
      this.#ports.transactions.sendAck(fork.ack, 'again');
    } else if (this.#winner === null) {
      this.#winner = fork;
      this.#confirm(fork, response);
      // What waits for an answer of ours is settled by the ACK now.
      for (const each of this.#forks.values()) each.rack = null;
      this.answerOffer(500, null, nowMs);
      this.#ports.accepted(fork, response, nowMs);
    } else if (fork !== this.#winner) {
      this.#confirm(fork, response);
      this.dismiss(fork, [], nowMs);
    }
  }

  #confirm(fork: EarlyFork, response: SipResponse): void {
    // What was answered reliably stands; a 2xx that repeats it, as many do, must not undo an UPDATE (RFC 3261 §13.2.1).
    if (fork.exchange === 'open') fork.description = sessionIn(response) ?? fork.description;
    this.#readable(() => {
      fork.confirm(this.#own, response);
      return fork;
    });
  }

  #forkOf(response: SipResponse, which: 'tag-needed' | 'any'): EarlyFork | null {
    const tag = tagOf(parseNameAddress(response.headers.first('to') ?? ''));
    if (tag === '' && which === 'tag-needed') return null;
    const known = this.#forks.get(tag);
    if (known !== undefined) return known;
    const most = which === 'tag-needed' ? MAX_EARLY_FORKS : MAX_FORKS;
    if (this.#forks.size >= most) return null;
    const fork = new EarlyFork(this.#own, response);
    this.#forks.set(tag, fork);
    return fork;
  }

  #readable(read: () => EarlyFork | null): EarlyFork | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SipParseError)) throw error;
      return null;
    }
  }

  /** A request that nobody waits for: what answers it changes nothing. */
  #request(
    fork: EarlyFork,
    what: {
      readonly method: 'PRACK' | 'BYE';
      readonly headers: readonly HeaderLine[];
      readonly body?: Uint8Array;
    },
    nowMs: MonotonicMs,
  ): void {
    const { method, headers, body } = what;
    const { credentialsFor, invite } = this.#parts;
    const { request, dialog } = dialogRequest(fork.dialog, {
      method,
      localHost: invite.localHost,
      headers: [...headers, this.#ports.userAgentHeader],
      ...(body === undefined ? {} : { body }),
    });
    fork.dialog = dialog;
    const lines = [...request.headers, ...credentialsFor(method, request.uri)];
    const owner = { response: () => undefined, failed: () => undefined };
    this.#ports.transactions.start({ ...request, headers: lines, owner }, nowMs);
  }
}
