import type { DurationMs } from '../../mixer/protocol/units.ts';
import type { SipTransport } from './user-agent.ts';

/** The base values that every timer of RFC 3261 is made of (§17.1.1.1). */
export interface SipTimers {
  /** Round-trip estimate. */
  readonly t1Ms: DurationMs;
  /** Longest interval between retransmissions of anything but an INVITE. */
  readonly t2Ms: DurationMs;
  /** Longest time a message stays in the network. */
  readonly t4Ms: DurationMs;
}

/** RFC 3261, table 4. */
export const DEFAULT_SIP_TIMERS: SipTimers = { t1Ms: 500, t2Ms: 4000, t4Ms: 5000 };

/** Timers B, D, F, H, J, L and M: the life of a transaction (RFC 3261 table 4, RFC 6026 §7). */
export function transactionTimeoutMs(timers: SipTimers): DurationMs {
  return 64 * timers.t1Ms;
}

/** Whether a transport delivers by itself (RFC 3261 §17), so that retransmissions and linger timers are not wanted. */
export type Reliability = 'reliable' | 'unreliable';

/** UDP is the only transport here that loses messages. */
export function reliabilityOf(transport: SipTransport): Reliability {
  return transport === 'udp' ? 'unreliable' : 'reliable';
}

/** What a transaction must know of its surroundings. */
export interface TransactionSettings {
  readonly timers: SipTimers;
  readonly reliability: Reliability;
}
