import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { SipAction, SipInput } from '../sip/user-agent.ts';
import type { SipFlow } from '../sip/user-agent.ts';
import type { TraceBook } from './trace-book.ts';

/** A message as the trace sees it. */
export interface SeenMessage {
  /** Seen from this server. */
  readonly direction: 'in' | 'out';
  readonly flow: SipFlow;
  /** The other side. */
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly bytes: Uint8Array;
  readonly atMs: WallclockMs;
  /** Whether it is known to have been sent before. */
  readonly kind: 'first' | 'again';
}

/** Takes copies of messages. */
export interface MessageSink {
  seen(message: SeenMessage): void;
}

/** Hands every message on to `sinks` (the trace book, HEP). Feed it with what sockets receive and send. */
export interface SipTrace {
  received(input: SipInput, atMs: WallclockMs): void;
  sent(action: SipAction, atMs: WallclockMs): void;
  readonly book: TraceBook;
}

/** Joins the edge of the SIP stack with those who look at messages. */
export function createSipTrace(book: TraceBook, others: readonly MessageSink[]): SipTrace {
  const sinks: readonly MessageSink[] = [book, ...others];
  return {
    book,
    received(input, atMs) {
      if (input.type !== 'received') return;
      const { flow, bytes } = input;
      const { remoteHost, remotePort } = flow;
      for (const sink of sinks) {
        sink.seen({ direction: 'in', flow, remoteHost, remotePort, bytes, atMs, kind: 'first' });
      }
    },
    sent(action, atMs) {
      if (action.type !== 'send') return;
      const { flow, bytes, host, port, again } = action;
      const kind = again === true ? 'again' : 'first';
      const seen = { flow, remoteHost: host, remotePort: port, bytes, atMs, kind } as const;
      for (const sink of sinks) sink.seen({ direction: 'out', ...seen });
    },
  };
}
