import type { DialogId } from '../sip/user-agent.ts';
import { octetsToString } from '../sip/octet-string.ts';
import { CallShelf } from './call-shelf.ts';
import { callIdOf, lookAt } from './message-look.ts';
import type { MessageSink, SeenMessage } from './sip-trace.ts';
import { maskSecrets, maySecretsBeIn } from './trace-secrets.ts';
import { TracedCall } from './traced-call.ts';

/** What a reference to a call leads to. */
export type FoundCall =
  | { readonly outcome: 'found'; readonly call: TracedCall }
  | { readonly outcome: 'absent' }
  /** The beginning of several. */
  | { readonly outcome: 'ambiguous'; readonly callIds: readonly string[] };

/** `calls`: what we answered or began. `requests`: OPTIONS, REGISTER and the like, and what nobody answered. */
export type TraceShelf = 'calls' | 'requests';

/** Keeps the SIP messages of the latest calls, to be looked at by `konfa trace`. */
export interface TraceBook extends MessageSink {
  /** Tells under which name of ours a call stands in the log. */
  names(callIdHeader: string, dialogId: DialogId): void;
  /** By Call-ID or by our name of the dialog, whole or a beginning of which there is only one. */
  find(reference: string): FoundCall;
  /** The latest ones, the one that was busy last first. */
  list(shelf: TraceShelf, most: number): readonly TracedCall[];
  readonly figures: { readonly calls: number; readonly requests: number; readonly bytes: number };
}

/** Size of the book: `sip.trace`. */
export interface TraceLimits {
  readonly calls: number;
  readonly messagesPerCall: number;
  /** Octets of all messages together; beyond it, calls give way early. 64 MiB unless told. */
  readonly mostBytes?: number;
}

const MOST_BYTES = 64 * 1024 * 1024;
/** What is longer is cut. */
const LONGEST_MESSAGE_BYTES = 8192;
/** Requests outside of calls that are kept: the pings and registrations of some trunks, and the latest strangers. */
const MOST_REQUESTS = 50;
const MOST_MESSAGES_OF_REQUESTS = 20;
/** Calls that are named when a beginning fits several. */
const MOST_CANDIDATES = 5;
/** Methods that set up no call. */
const OUTSIDE_OF_CALLS = /^(?:OPTIONS|REGISTER|SUBSCRIBE|NOTIFY|PUBLISH|MESSAGE)$/u;

/** An empty book. `calls` 0: it stays empty and costs nothing. */
export function createTraceBook(limits: TraceLimits): TraceBook {
  return new Book(limits);
}

class Book implements TraceBook {
  readonly #limits: TraceLimits;
  readonly #mostBytes: number;
  readonly #calls: CallShelf;
  readonly #requests: CallShelf;
  readonly #callIdOfDialog = new Map<DialogId, string>();
  #bytes = 0;

  constructor(limits: TraceLimits) {
    const forgotten = (call: TracedCall): void => this.#forgotten(call);
    this.#limits = limits;
    this.#mostBytes = limits.mostBytes ?? MOST_BYTES;
    this.#calls = new CallShelf(limits.calls, forgotten);
    this.#requests = new CallShelf(Math.min(MOST_REQUESTS, limits.calls), forgotten);
  }

  get figures(): TraceBook['figures'] {
    return { calls: this.#calls.size, requests: this.#requests.size, bytes: this.#bytes };
  }

  seen(message: SeenMessage): void {
    if (this.#limits.calls === 0) return;
    const { direction, flow, remoteHost, remotePort, bytes, atMs, kind } = message;
    const whole = octetsToString(bytes, 0, Math.min(bytes.length, LONGEST_MESSAGE_BYTES));
    const callId = callIdOf(whole);
    if (callId === '') return;
    const octets = maySecretsBeIn(whole) ? maskSecrets(whole) : whole;
    const cutBytes = Math.max(0, bytes.length - LONGEST_MESSAGE_BYTES);
    const { transport } = flow;
    const call = this.#callFor(callId, message, octets);
    this.#bytes += call.keep({
      ...{ atMs, direction, transport, remoteHost, remotePort, kind, octets, cutBytes },
    });
    while (this.#bytes > this.#mostBytes && this.#calls.size + this.#requests.size > 1) {
      (this.#calls.size > 1 ? this.#calls : this.#requests).dropOldest();
    }
  }

  names(callIdHeader: string, dialogId: DialogId): void {
    const call = this.#calls.get(callIdHeader) ?? this.#requests.get(callIdHeader);
    if (call === undefined) return;
    if (call.dialogId !== null) this.#callIdOfDialog.delete(call.dialogId);
    call.dialogId = dialogId;
    this.#callIdOfDialog.set(dialogId, call.callId);
  }

  find(reference: string): FoundCall {
    const callId = this.#callIdOfDialog.get(reference) ?? reference;
    const whole = this.#calls.get(callId) ?? this.#requests.get(callId);
    if (whole !== undefined) return { outcome: 'found', call: whole };
    const fitting: TracedCall[] = [];
    for (const shelf of [this.#calls, this.#requests]) {
      for (const call of shelf.values()) {
        if (call.callId.startsWith(reference) || call.dialogId?.startsWith(reference) === true) {
          fitting.push(call);
        }
      }
    }
    const [call] = fitting;
    if (call === undefined || reference === '') return { outcome: 'absent' };
    if (fitting.length === 1) return { outcome: 'found', call };
    const callIds = fitting.slice(-MOST_CANDIDATES).map((each) => each.callId);
    return { outcome: 'ambiguous', callIds };
  }

  list(shelf: TraceShelf, most: number): readonly TracedCall[] {
    const all = [...(shelf === 'calls' ? this.#calls : this.#requests).values()];
    return all.slice(-most).reverse();
  }

  /**
   * A call that is new stands among the requests until something of ours goes out: a scanner, whom nobody answers, pushes
   * out no call.
   */
  #callFor(callId: string, { direction, atMs }: SeenMessage, octets: string): TracedCall {
    const known = this.#calls.get(callId);
    if (known !== undefined) {
      this.#calls.touch(known);
      return known;
    }
    const call = this.#requests.get(callId) ?? this.#newCall(callId, atMs, octets);
    if (direction === 'in' || call.purpose === 'request') {
      this.#requests.touch(call);
    } else {
      this.#requests.take(callId);
      this.#calls.touch(call);
    }
    return call;
  }

  #newCall(callId: string, startedAtMs: number, octets: string): TracedCall {
    const purpose = purposeOf(octets);
    const { messagesPerCall } = this.#limits;
    const mostMessages =
      purpose === 'call' ? messagesPerCall : Math.min(MOST_MESSAGES_OF_REQUESTS, messagesPerCall);
    return new TracedCall({ callId, startedAtMs, purpose, mostMessages });
  }

  #forgotten(call: TracedCall): void {
    this.#bytes -= call.keptBytes;
    if (call.dialogId !== null) this.#callIdOfDialog.delete(call.dialogId);
  }
}

/** By the first message that is seen of it. */
function purposeOf(octets: string): TracedCall['purpose'] {
  const method = octets.startsWith('SIP/') ? lookAt(octets).cseqMethod : octets.split(' ', 1)[0];
  return OUTSIDE_OF_CALLS.test(method ?? '') ? 'request' : 'call';
}
