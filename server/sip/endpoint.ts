import type { Core } from '../runtime/core.ts';
import type { Random } from '../runtime/random.ts';
import type { SipTimers } from './sip-timers.ts';
import type { SipAction, SipInput } from './user-agent.ts';

/** What an endpoint needs to know. */
export interface SipEndpointOptions {
  readonly random: Random;
  /** Whether requests from this literal address are listened to. All others are dropped without an answer. */
  readonly isTrusted: (host: string) => boolean;
  /** Text of the Server and User-Agent headers. */
  readonly userAgent: string;
  /** Changes to T1, T2 and T4, for tests. */
  readonly timers?: Partial<SipTimers>;
  /** New requests beyond this many transactions get 503. */
  readonly maxTransactions?: number;
  /** New INVITEs beyond this many dialogs get 503. */
  readonly maxDialogs?: number;
}

/** Figures of an endpoint, for metrics and tests. */
export interface SipEndpointFigures {
  readonly transactions: number;
  readonly dialogs: number;
  /** Messages from hosts that are not trusted. */
  readonly untrustedMessages: number;
  readonly malformedMessages: number;
}

/** A user agent server over any number of flows. */
export interface SipEndpoint extends Core<SipInput, SipAction> {
  readonly figures: SipEndpointFigures;
}

/** Creates the SIP user agent (RFC 3261) that answers calls; see `user-agent.ts` for what goes in and out. */
export function createSipEndpoint(options: SipEndpointOptions): SipEndpoint {
  throw new Error(`not written yet: ${options.userAgent}`);
}
