import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import { TokenBucket } from '../runtime/token-bucket.ts';
import { isWebSocket } from './user-agent.ts';
import type { SipFlow } from './user-agent.ts';

/** Most new INVITEs of one WebSocket in a minute, for long as in a burst, unless told. */
const DEFAULT_PER_MINUTE = 10;

/** A page that goes wrong, or a guest who guesses, calls only so often. Telephones are limited by their trunk. */
export class InviteThrottle {
  readonly #perMinute: number;
  readonly #byFlowId = new Map<string, TokenBucket>();

  constructor(perMinute: number | undefined) {
    this.#perMinute = perMinute ?? DEFAULT_PER_MINUTE;
  }

  /** Whether a new INVITE may come by this flow now. */
  allows(flow: SipFlow, nowMs: MonotonicMs): boolean {
    if (!isWebSocket(flow)) return true;
    const bucket =
      this.#byFlowId.get(flow.flowId) ??
      new TokenBucket({ perSecond: this.#perMinute / 60, capacity: this.#perMinute, nowMs });
    this.#byFlowId.set(flow.flowId, bucket);
    return bucket.take(nowMs);
  }

  forget(flow: SipFlow): void {
    this.#byFlowId.delete(flow.flowId);
  }
}
