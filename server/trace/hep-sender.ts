import type { Logger } from '../runtime/logger.ts';
import type { Clock } from '../runtime/clock.ts';
import type { SipFlow } from '../sip/user-agent.ts';
import type { MessageSink } from './sip-trace.ts';

/** What copies to a collector need. */
export interface HepOptions {
  /** host or host:port, `sip.hep.server`; port 9060 when there is none. */
  readonly server: string;
  readonly captureId: number;
  readonly password: string | null;
  /** Our own address of a flow, as the collector shall show it. */
  readonly localHostFor: (flow: SipFlow) => string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Sends copies of messages to a HEPv3 collector by UDP; drops them while it cannot. */
export interface HepSender extends MessageSink {
  /** Copies sent, and those dropped. */
  readonly figures: { readonly sent: number; readonly dropped: number };
  close(): Promise<void>;
}

/** Opens the socket of copies. */
export function openHepSender(options: HepOptions): HepSender {
  throw new Error(options.server);
}
