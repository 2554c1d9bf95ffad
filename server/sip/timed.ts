import type { MonotonicMs } from '../../mixer/protocol/units.ts';

/** Something with a deadline in the endpoint's one queue. */
export interface Timed {
  expire(nowMs: MonotonicMs): void;
}
