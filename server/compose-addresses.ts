import type { AddressBook } from './address/address-book.ts';
import { advertisedAddresses } from './address/advertised-addresses.ts';
import type { Config } from './config/config.ts';
import type { Logger } from './runtime/logger.ts';
import { hostPortOf } from './runtime/host-port.ts';
import { plainHost } from './runtime/literal-address.ts';
import type { SipFlow } from './sip/user-agent.ts';

/** Says which addresses peers are told, since a wrong one is heard of only as silence. */
export interface AddressTeller {
  /** All trunks, before any of their names is looked up: at the start. */
  tellAll(): void;
  /** The names of one trunk have been found: what was said of them was a guess. */
  tellFound(trunkName: string, hosts: readonly string[]): void;
  reload(config: Config): void;
}

/** What it looks at, and where it says it. */
interface TellerParts {
  readonly log: Logger;
  readonly book: AddressBook;
  readonly localHostFor: (flow: SipFlow) => string;
}

/** Makes the teller; it says nothing by itself. */
export function createAddressTeller(
  config: Config,
  { log, book, localHostFor }: TellerParts,
): AddressTeller {
  let { trunks: known } = config;
  function tell(trunks: Config['trunks'], learned: ReadonlyMap<string, readonly string[]>): void {
    const told = advertisedAddresses({
      ...{ trunks, book, learned },
      localHostFor: (peerHost) => localHostFor(somebodyAt(peerHost)),
    });
    for (const line of told.lines) log.info('addresses that a trunk is told', { addresses: line });
    for (const warning of told.warnings) log.warn('a trunk is told a wrong address', { warning });
  }
  return {
    tellAll: () => tell(known, new Map()),
    reload({ trunks }) {
      known = trunks;
    },
    tellFound(trunkName, hosts) {
      const trunk = known.find(({ name }) => name === trunkName);
      if (trunk === undefined) return;
      const { register } = trunk;
      const names = register === null ? trunk.hosts : [...trunk.hosts, register.server];
      const written = new Set(names.map((name) => plainHost(hostPortOf(name).host)));
      const unknown = hosts.filter((host) => !written.has(host));
      if (unknown.length === 0) return;
      // Only what was found: literal addresses have been told at the start.
      const found = { ...trunk, allowFrom: [], hosts: [], register: null };
      tell([found], new Map([[trunkName, unknown]]));
    },
  };
}

function somebodyAt(remoteHost: string): SipFlow {
  return { transport: 'udp', flowId: '', remoteHost, remotePort: 0, localPort: 0 };
}
