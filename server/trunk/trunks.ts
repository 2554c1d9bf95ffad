import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Config } from '../config/config.ts';
import type { Drive } from '../runtime/drive.ts';
import type { SendTarget } from '../sip/received-request.ts';
import type { RequestCommand, RequestEvent, SipFlow } from '../sip/user-agent.ts';
import { isCalledOn, LiveTrunk } from './live-trunk.ts';
import type { TrunkPlatform, TrunkSettings } from './live-trunk.ts';
import { AwakeFlows } from './awake-flows.ts';
import type { TrunkInput } from './trunk-core.ts';
import type { TrunkSnapshot } from './trunk-snapshot.ts';

/** What the trunks stand on. */
export interface TrunksOptions extends TrunkPlatform {
  readonly config: Config;
  /** The names of a trunk have been found for the first time: literal addresses. Once for each trunk that begins. */
  readonly found?: (trunkName: string, hosts: readonly string[]) => void;
  /** Feeds the SIP endpoint. Its `request-answered` and `request-failed` come to `sipEvent`. */
  readonly sip: (command: RequestCommand) => void;
}

/** Trunks that we send requests to: registrations, pings, and where calls go. Create first, `start` when SIP is open. */
export interface Trunks {
  /** Looks the hosts up, registers, begins to ping. */
  start(): void;
  /** Outcome of a request; one that is not the trunks' own is ignored. */
  sipEvent(event: RequestEvent): void;
  /** A connection is gone: registrations over it are made anew. */
  flowClosed(flow: SipFlow): void;
  /** Our own addresses have changed: what was registered is looked through. */
  addressChanged(): void;
  /** Trunks whose settings are the same go on; others are taken back and begun anew. */
  reload(config: Config): void;
  /** Takes all registrations back: at once when the registrars answer, 8 s at most. Nothing is left running. */
  stop(): Promise<void>;
  /** One for each trunk that has hosts or registers, as configured. */
  snapshot(): readonly TrunkSnapshot[];
  /** Where a call over a trunk is to be tried, in this order; none for a trunk that we cannot call. */
  targetsFor(trunkName: string): readonly SendTarget[];
  /** The Route lines of that call (RFC 3608); none for most trunks. */
  routeSetFor(trunkName: string): readonly string[];
  /** What a call to one of `targetsFor` came to: `failed` when nobody answered, or with 408 or 503. */
  heard(trunkName: string, target: SendTarget, outcome: 'served' | 'failed'): void;
  /** The trunk whose registration has this user part in its Contact, or null: calls to it come over that trunk. */
  trunkOfContact(user: string): string | null;
  /**
   * Calls `changed` now and at every change with the literal addresses that registrars and hosts have, each with the name
   * of its trunk: the first one where several trunks share a provider.
   */
  onAddresses(changed: (addresses: ReadonlyMap<string, string>) => void): void;
}

/** How long an address is still a trunk's when the DNS no longer names it: it may name it again with the next answer. */
const FORGET_MS: DurationMs = 3_600_000;

/** Puts the trunks of a configuration together. */
export function createTrunks(options: TrunksOptions): Trunks {
  return new TrunkKeeper(options);
}

class TrunkKeeper implements Trunks {
  readonly #options: TrunksOptions;
  readonly #owners = new Map<string, Drive<TrunkInput>>();
  readonly #live = new Map<string, LiveTrunk>();
  /** Trunks that are being taken back, by name. */
  readonly #ending = new Map<string, Promise<void>>();
  /** Of each trunk: its addresses and when they were named last. */
  readonly #seen = new Map<string, Map<string, MonotonicMs>>();
  readonly #awake: AwakeFlows;
  #config: Config;
  #addresses: ReadonlyMap<string, string> = new Map();
  #changed: (addresses: ReadonlyMap<string, string>) => void = () => undefined;
  #state: 'new' | 'running' | 'stopped' = 'new';

  constructor(options: TrunksOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#awake = new AwakeFlows(options);
  }

  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'running';
    this.#adapt();
  }

  sipEvent(event: RequestEvent): void {
    const owner = this.#owners.get(event.requestId);
    if (owner === undefined) return;
    this.#owners.delete(event.requestId);
    const { requestId } = event;
    if (event.type === 'request-answered') {
      owner.feed({ type: 'answered', requestId, response: event.response });
    } else {
      owner.feed({ type: 'failed', requestId, why: event.why });
    }
  }

  flowClosed({ flowId }: SipFlow): void {
    for (const trunk of this.#live.values()) trunk.tell({ type: 'flow-closed', flowId });
  }

  addressChanged(): void {
    for (const trunk of this.#live.values()) trunk.tell({ type: 'address-changed' });
  }

  reload(config: Config): void {
    this.#config = config;
    if (this.#state === 'running') this.#adapt();
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    for (const trunk of [...this.#live.values()]) this.#end(trunk);
    await Promise.all(this.#ending.values());
    this.#owners.clear();
  }

  snapshot(): readonly TrunkSnapshot[] {
    return this.#config.trunks.flatMap(({ name }) => {
      const trunk = this.#live.get(name);
      return trunk === undefined ? [] : [trunk.snapshot()];
    });
  }

  targetsFor(trunkName: string): readonly SendTarget[] {
    return this.#live.get(trunkName)?.targets() ?? [];
  }

  routeSetFor(trunkName: string): readonly string[] {
    return this.#live.get(trunkName)?.routeSet ?? [];
  }

  heard(trunkName: string, target: SendTarget, outcome: 'served' | 'failed'): void {
    this.#live.get(trunkName)?.heard(target, outcome);
  }

  trunkOfContact(user: string): string | null {
    for (const [name, { contactUser }] of this.#live) if (contactUser === user) return name;
    return null;
  }

  onAddresses(changed: (addresses: ReadonlyMap<string, string>) => void): void {
    this.#changed = changed;
    changed(this.#addresses);
  }

  /** Brings what runs in line with the settings. */
  #adapt(): void {
    const wanted = new Map(
      this.#config.trunks.filter(isCalledOn).map((trunk) => [trunk.name, trunk] as const),
    );
    for (const trunk of [...this.#live.values()]) {
      const settings = wanted.get(trunk.settings.name);
      if (settings === undefined || outwardText(settings) !== outwardText(trunk.settings)) {
        this.#end(trunk);
      }
    }
    for (const settings of wanted.values()) {
      if (!this.#live.has(settings.name)) this.#begin(settings);
    }
    this.#collectAddresses();
  }

  #begin(settings: TrunkSettings): void {
    const ending = this.#ending.get(settings.name);
    if (ending !== undefined) {
      // Its REGISTER must not be overtaken by the one that takes the former binding back.
      void ending.then(() => this.#beginIfWanted(settings.name));
      return;
    }
    const trunk = new LiveTrunk(settings, {
      ...this.#options,
      keepAwake: (flow) => this.#awake.keep(flow),
      letSleep: (flow) => this.#awake.letGo(flow),
      request: (request, owner) => {
        this.#owners.set(request.requestId, owner);
        this.#options.sip({ type: 'request', request });
      },
      addressesChanged: () => this.#collectAddresses(),
    });
    this.#live.set(settings.name, trunk);
    trunk.start();
  }

  #beginIfWanted(name: string): void {
    const settings = this.#config.trunks.find((each) => each.name === name);
    if (this.#state !== 'running' || this.#live.has(name)) return;
    if (settings !== undefined && isCalledOn(settings)) this.#begin(settings);
  }

  #end(trunk: LiveTrunk): void {
    const { name } = trunk.settings;
    this.#live.delete(name);
    const stopped = trunk.stop().then(() => {
      if (this.#ending.get(name) === stopped) this.#ending.delete(name);
    });
    this.#ending.set(name, stopped);
  }

  #collectAddresses(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const addresses = new Map<string, string>();
    for (const name of [...this.#seen.keys()]) if (!this.#live.has(name)) this.#seen.delete(name);
    for (const { name } of this.#config.trunks) {
      const trunk = this.#live.get(name);
      if (trunk === undefined) continue;
      const seen = this.#seen.get(name) ?? new Map<string, MonotonicMs>();
      this.#seen.set(name, seen);
      const { hosts } = trunk;
      if (seen.size === 0 && hosts.length > 0) this.#options.found?.(name, [...new Set(hosts)]);
      for (const host of hosts) seen.set(host, nowMs);
      for (const [host, atMs] of seen) {
        if (nowMs - atMs > FORGET_MS) seen.delete(host);
        else if (!addresses.has(host)) addresses.set(host, name);
      }
    }
    if (sameMap(addresses, this.#addresses)) return;
    this.#addresses = addresses;
    this.#changed(addresses);
  }
}

/** All that our own requests depend on. */
function outwardText({ hosts, transport, pingSeconds, register, tls }: TrunkSettings): string {
  return JSON.stringify({ hosts, transport, pingSeconds, register, tls });
}

function sameMap(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
}
