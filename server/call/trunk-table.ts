import type { TrunkSettings } from '../config/config.ts';
import { isLiteralAddress, literalAddress, plainHost } from '../runtime/literal-address.ts';
import { isInRange, networkRange } from '../runtime/network-range.ts';
import type { NetworkRange } from '../runtime/network-range.ts';

/** Why an address belongs to a trunk. `network`: the entry of `allowFrom`; null: a host or registrar of it is there. */
export interface TrunkMatch {
  readonly trunk: TrunkSettings;
  readonly network: string | null;
}

/** Most source addresses whose trunk is remembered; the table is emptied when it is full. */
const MAX_REMEMBERED = 4096;

/**
 * Which trunk a source address belongs to: the one whose network matches longest. An IPv4 address that came over an IPv6
 * socket (`::ffff:192.0.2.1`) counts as the IPv4 address it is.
 */
export class TrunkTable {
  /** Narrowest network first. */
  readonly #rows: readonly (TrunkMatch & { readonly range: NetworkRange })[];
  readonly #byName: ReadonlyMap<string, TrunkSettings>;
  /** Addresses of hosts and registrars, as DNS has them now. */
  #learned: ReadonlyMap<string, TrunkSettings> = new Map();
  readonly #remembered = new Map<string, TrunkSettings | null>();

  /** `trunks` — checked by `parseConfig`: every entry of `allowFrom` is an address or a CIDR range. */
  constructor(trunks: readonly TrunkSettings[]) {
    this.#byName = new Map(trunks.map((trunk) => [trunk.name, trunk]));
    this.#rows = trunks
      .flatMap((trunk) =>
        trunk.allowFrom.map((network) => ({ trunk, network, range: networkRange(network) })),
      )
      .sort((one, other) => other.range[1] - one.range[1]);
  }

  /** The trunk of a source address, or null for a stranger. */
  trunkOf(host: string): TrunkSettings | null {
    const known = this.#remembered.get(host);
    if (known !== undefined) return known;
    const trunk = this.match(host)?.trunk ?? null;
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(host, trunk);
    return trunk;
  }

  /** The trunk of this name, or null. */
  named(name: string): TrunkSettings | null {
    return this.#byName.get(name) ?? null;
  }

  /**
   * What the hosts and registrars of trunks resolve to now: literal address → name of the trunk. It takes the place of what
   * was learned before; addresses of trunks that are not in the table are left out.
   */
  learn(addresses: ReadonlyMap<string, string>): void {
    const learned = new Map<string, TrunkSettings>();
    for (const [host, name] of addresses) {
      const trunk = this.#byName.get(name);
      if (trunk !== undefined && isLiteralAddress(host)) learned.set(plainHost(host), trunk);
    }
    this.#learned = learned;
    this.#remembered.clear();
  }

  /** As `trunkOf`, and why. Nothing is remembered. */
  match(host: string): TrunkMatch | null {
    const address = literalAddress(host);
    if (address === null) return null;
    const row = this.#rows.find(({ range }) => isInRange(range, address));
    // A learned address is as long a match as can be: only the same address in `allowFrom` goes before it.
    if (row !== undefined && row.range[1] === (address.kind() === 'ipv4' ? 32 : 128)) return row;
    const learned = this.#learned.get(address.toString());
    return learned === undefined ? (row ?? null) : { trunk: learned, network: null };
  }
}
