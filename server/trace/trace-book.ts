import type { DialogId } from '../sip/user-agent.ts';
import type { MessageSink } from './sip-trace.ts';

/** Keeps the SIP messages of the latest calls, to be looked at by `konfa trace`. */
export interface TraceBook extends MessageSink {
  /** Tells under which name of ours a call stands in the log. */
  names(callIdHeader: string, dialogId: DialogId): void;
}

/** Size of the book: `sip.trace`. */
export interface TraceLimits {
  readonly calls: number;
  readonly messagesPerCall: number;
}

/** An empty book. `calls` 0: it stays empty and costs nothing. */
export function createTraceBook(limits: TraceLimits): TraceBook {
  throw new Error(String(limits.calls));
}
