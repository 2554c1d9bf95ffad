import type { MonotonicMs } from '../../mixer/protocol/units.ts';

/** What every core is fed when its deadline has come. */
export interface Timeout {
  readonly type: 'timeout';
}

/**
 * A protocol or policy without clocks and sockets: pure state that is fed inputs and the time, and returns what it
 * wants done. `handle` never reads a clock, opens a socket, logs, or throws on a peer's input.
 */
export interface Core<Input, Action> {
  handle(input: Input | Timeout, nowMs: MonotonicMs): readonly Action[];
  /** When `{ type: 'timeout' }` is due; `NEVER` if nothing is pending. A parent's is the minimum of its children's. */
  readonly deadlineMs: MonotonicMs;
}
