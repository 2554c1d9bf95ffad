import type { TrunkSettings } from '../config/config.ts';
import { TrunkTable } from './trunk-table.ts';

/** Whom we listen to: the trunks of today's settings, and whoever still has a call from before they changed. */
export class KnownTrunks {
  readonly #callingHosts: () => readonly string[];
  #table: TrunkTable;
  /** Addresses of hosts and registrars of trunks, as DNS had them last. */
  #learned: ReadonlyMap<string, string> = new Map();
  /** Hosts that no trunk has any more, while calls with them go on. */
  #formerHosts: ReadonlySet<string> = new Set();

  /** `callingHosts`: where calls that are not over came from. */
  constructor(trunks: readonly TrunkSettings[], callingHosts: () => readonly string[]) {
    this.#table = new TrunkTable(trunks);
    this.#callingHosts = callingHosts;
  }

  /**
   * The trunk that a call comes over: among those of known peers the one whose Contact was called, since several can be
   * with one provider; else that of the source address. Null for a stranger, whatever was called.
   */
  trunkOfCall(host: string, trunkOfContact: () => string | null): TrunkSettings | null {
    const source = this.#table.trunkOf(host);
    if (source === null) return null;
    const called = trunkOfContact();
    return (called === null ? null : this.#table.named(called)) ?? source;
  }

  /** The trunk of a source address, or null for a stranger. */
  trunkOf(host: string): TrunkSettings | null {
    return this.#table.trunkOf(host);
  }

  /** Whether SIP requests from this address are listened to. */
  isTrusted(host: string): boolean {
    return this.#table.trunkOf(host) !== null || this.#formerHosts.has(host);
  }

  /** New settings from here on. */
  reload(trunks: readonly TrunkSettings[]): void {
    this.#table = new TrunkTable(trunks);
    this.#table.learn(this.#learned);
    this.#keepFormerHosts();
  }

  /** See `TrunkTable.learn`; it holds over a reload. */
  learn(addresses: ReadonlyMap<string, string>): void {
    this.#learned = addresses;
    this.#table.learn(addresses);
    this.#keepFormerHosts();
  }

  /** A call is over: its host may be a stranger from now on. */
  callEnded(): void {
    if (this.#formerHosts.size > 0) this.#keepFormerHosts();
  }

  /** Their calls must still be heard, or a caller could not even hang up. */
  #keepFormerHosts(): void {
    const hosts = this.#callingHosts();
    this.#formerHosts = new Set(hosts.filter((host) => this.#table.trunkOf(host) === null));
  }
}
