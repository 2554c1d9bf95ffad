import { startStunAgent } from './address/stun-agent.ts';
import type { StunAgent } from './address/stun-agent.ts';
import type { Config } from './config/config.ts';
import type { ControlHandlers } from './control/control-handlers.ts';
import { listenControl } from './control/control-server.ts';
import type { Clock } from './runtime/clock.ts';
import type { Logger } from './runtime/logger.ts';
import { watchMainThreadLag } from './runtime/main-thread-lag.ts';
import type { MainThreadLoad } from './runtime/main-thread-lag.ts';
import type { Random } from './runtime/random.ts';
import { createNodeDns } from './sip/locate/node-dns.ts';
import type { Dns } from './sip/locate/dns-reply.ts';
import type { SipFlow } from './sip/user-agent.ts';
import { openHepSender } from './trace/hep-sender.ts';
import type { HepSender } from './trace/hep-sender.ts';

/** What the surroundings are reached with. */
interface Means {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly localHostFor: (flow: SipFlow) => string;
}

/** What only a machine in a network has. */
export interface Surroundings {
  /** Asks what address we are seen by; null where the settings name nobody to ask. */
  startStun(config: Config, means: Means, changed: () => void): StunAgent | null;
  /** Sends copies of SIP messages; null where the settings do not want it. */
  openHep(config: Config, means: Means): HepSender | null;
  readonly dns: Dns;
  /** Ends with the function that it returns. */
  watchLag(tell: (load: MainThreadLoad) => void): () => void;
  /** Lets `konfa trace` and its like ask. A socket that cannot be had is logged, and the server goes on. */
  listenControl(
    config: Config,
    means: Means,
    handlers: ControlHandlers,
  ): Promise<() => Promise<void>>;
  close(): void;
}

/** Nothing of it: a simulated world, in which no name has an address. */
export const NO_SURROUNDINGS: Surroundings = {
  startStun: () => null,
  openHep: () => null,
  dns: { query: async () => ({ type: 'none' }) },
  watchLag: () => () => undefined,
  listenControl: async () => async () => undefined,
  close: () => undefined,
};

/**
 * The network around this machine.
 * @throws DnsServerError when one of `sip.dnsServers` is given by name.
 */
export function surroundingsOf({ sip }: Config): Surroundings {
  const dns = createNodeDns(sip.dnsServers);
  return {
    startStun: (config, { clock, random, log }, changed) =>
      config.sip.stunServers.length === 0
        ? null
        : startStunAgent({ servers: config.sip.stunServers, clock, random, log, changed }),
    openHep: (config, { clock, log, localHostFor }) =>
      config.sip.hep === null
        ? null
        : openHepSender({ ...config.sip.hep, clock, log, localHostFor }),
    dns,
    watchLag: watchMainThreadLag,
    listenControl: openControl,
    close: () => dns.close(),
  };
}

async function openControl(
  { control }: Config,
  { clock, log }: Means,
  handlers: ControlHandlers,
): Promise<() => Promise<void>> {
  if (control.socket === null) return async () => undefined;
  try {
    const server = await listenControl({ path: control.socket, handlers, clock, log });
    return () => server.close();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.error('konfa trace, trunks and bans cannot ask this server', { reason });
    return async () => undefined;
  }
}
