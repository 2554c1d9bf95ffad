import { createAddressBook } from '../address/address-book.ts';
import { advertisedAddresses } from '../address/advertised-addresses.ts';
import { ownHostFor } from '../address/own-host.ts';
import { startStunAgent } from '../address/stun-agent.ts';
import type { StunAgent } from '../address/stun-agent.ts';
import type { Config } from '../config/config.ts';
import { systemClock } from '../runtime/clock.ts';
import { systemRandom } from '../runtime/random.ts';
import type { Terminal } from './terminal.ts';

/**
 * Tells which addresses each trunk would be told, and warns of those that it cannot reach. Asks the STUN servers of the
 * settings unless it is to stay `offline`.
 */
export async function tellAddresses(
  config: Config,
  mode: 'offline' | 'online',
  terminal: Terminal,
): Promise<void> {
  const stun = mode === 'offline' ? null : askStun(config, terminal);
  await stun?.ready;
  const { lines, warnings } = advertisedAddresses({
    trunks: config.trunks,
    localHostFor: (remoteHost) => ownHostFor(config, { remoteHost, localPort: 0 }),
    book: createAddressBook({ config, stun }),
  });
  stun?.stop();
  for (const line of lines) terminal.say(line);
  for (const warning of warnings) terminal.complain(`warning: ${warning}`);
}

function askStun({ sip }: Config, terminal: Terminal): StunAgent | null {
  if (sip.stunServers.length === 0) return null;
  const told = (message: string): void => terminal.complain(`warning: ${message}`);
  return startStunAgent({
    servers: sip.stunServers,
    clock: systemClock,
    random: systemRandom,
    log: { debug: () => undefined, info: () => undefined, warn: told },
    changed: () => undefined,
  });
}
