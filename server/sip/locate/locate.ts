import { NEVER } from '../../../mixer/protocol/units.ts';
import type { MonotonicMs } from '../../../mixer/protocol/units.ts';
import { isLiteralAddress, plainHost } from '../../runtime/literal-address.ts';
import type { AddressFamily } from '../../runtime/literal-address.ts';
import type { Random } from '../../runtime/random.ts';
import { hostPortOf } from '../../runtime/host-port.ts';
import { DnsCache } from './dns-cache.ts';
import type { Dns, DnsRecordType, DnsRecords, SrvRecord } from './dns-reply.ts';
import { naptrServices } from './naptr.ts';
import { weightedOrder } from './weighted-order.ts';

/** Transports that requests of ours go by. */
export type OutboundTransport = 'udp' | 'tcp' | 'tls';

/** One address to try. */
export interface Destination {
  readonly transport: OutboundTransport;
  /** Literal address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** The name that a certificate must bear: the one that was asked for, not what the DNS made of it (RFC 5922 §4). */
  readonly serverName: string;
  /** Name of the machine that the address belongs to. */
  readonly machine: string;
  /** Those of one rank are equals, among which `weight` decides; a lower rank comes first. */
  readonly rank: number;
  readonly weight: number;
}

/** Where a host is. */
export type Located =
  | {
      readonly type: 'found';
      /** In the order in which they are to be tried; at least one. */
      readonly destinations: readonly Destination[];
      /** When to look again. */
      readonly untilMs: MonotonicMs;
    }
  /** There is no such host, or it has no address that we can reach. */
  | { readonly type: 'none'; readonly untilMs: MonotonicMs }
  /** The DNS does not answer. `why` — words for a log line. */
  | { readonly type: 'failed'; readonly why: string; readonly untilMs: MonotonicMs };

/** What is looked for. */
export interface LocateQuery {
  /** `host`, `host:port`, `[IPv6]:port`, or an IPv6 address without brackets. */
  readonly host: string;
  /** `auto`: what the DNS says, else UDP. */
  readonly transport: OutboundTransport | 'auto';
}

/** Finds servers (RFC 3263). */
export interface Locator {
  /** Never rejects. */
  locate(query: LocateQuery): Promise<Located>;
}

/** What a locator stands on. */
export interface LocatorOptions {
  readonly dns: Dns;
  readonly random: Random;
  readonly nowMs: () => MonotonicMs;
  /** Families of addresses that we can send to, the preferred one first; asked at every search. */
  readonly families: () => readonly AddressFamily[];
}

/** Most destinations of one host, and most addresses of one machine. */
const MAX_DESTINATIONS = 32;
const MAX_ADDRESSES = 8;
const MAX_SERVICES = 8;

/** How long an answer holds that some questions failed for. */
const UNSURE_MS = 30_000;

/** SRV names for each transport, RFC 3263 §4.1. */
const SRV_PREFIXES: Readonly<Record<OutboundTransport, string>> = {
  udp: '_sip._udp.',
  tcp: '_sip._tcp.',
  tls: '_sips._tcp.',
};

/** Creates a locator with a memory of its own. */
export function createLocator(options: LocatorOptions): Locator {
  const cache = new DnsCache(options.dns, options.nowMs);
  return {
    locate: (query) => new Search(options, cache, query).run(),
  };
}

/** A service to be looked up by SRV. */
interface Service {
  readonly transport: OutboundTransport;
  readonly name: string;
}

/** One search, and what it has met on its way. */
class Search {
  readonly #options: LocatorOptions;
  readonly #cache: DnsCache;
  readonly #query: LocateQuery;
  /** How long what was found is fresh, and how long what was not found is known not to be there. */
  #untilMs: MonotonicMs = NEVER;
  #missingUntilMs: MonotonicMs = NEVER;
  #failure: string | null = null;
  #rank = 0;

  constructor(options: LocatorOptions, cache: DnsCache, query: LocateQuery) {
    this.#options = options;
    this.#cache = cache;
    this.#query = query;
  }

  async run(): Promise<Located> {
    const destinations = (await this.#search()).slice(0, MAX_DESTINATIONS);
    if (destinations.length > 0)
      return { type: 'found', destinations, untilMs: this.#foundUntilMs() };
    const untilMs = Math.min(this.#untilMs, this.#missingUntilMs);
    if (this.#failure !== null) return { type: 'failed', why: this.#failure, untilMs };
    return { type: 'none', untilMs };
  }

  /** Records that are not there (no NAPTR, no AAAA) are usual and looked for rarely; those that nobody could tell, soon. */
  #foundUntilMs(): MonotonicMs {
    if (this.#failure === null) return this.#untilMs;
    return Math.min(this.#untilMs, this.#options.nowMs() + UNSURE_MS);
  }

  async #search(): Promise<readonly Destination[]> {
    const { host, port } = hostPortOf(this.#query.host);
    const asked = this.#query.transport;
    const usual = asked === 'auto' ? 'udp' : asked;
    // RFC 3263 §4.2: a literal address, and a port that is given, leave nothing to be looked up but addresses.
    if (isLiteralAddress(host)) return [this.#literal(host, usual, port)];
    const plain = { serverName: host, machine: host, weight: 0, rank: 0 };
    const fallback = { ...plain, transport: usual, port: port ?? defaultPort(usual) };
    if (port !== null) return this.#addresses(fallback);
    const services = await this.#services(host);
    const found: Destination[] = [];
    let isSilent = true;
    for (const service of services) {
      const records = await this.#ask(service.name, 'SRV');
      if (records.length > 0) isSilent = false;
      found.push(...(await this.#servers(service.transport, host, records)));
    }
    // No SRV at all: the name itself. A SRV that says "not here" (target ".") is an answer too (RFC 2782).
    return isSilent ? this.#addresses(fallback) : found;
  }

  #literal(host: string, transport: OutboundTransport, port: number | null): Destination {
    const machine = plainHost(host);
    return {
      transport,
      host: machine,
      port: port ?? defaultPort(transport),
      serverName: host,
      machine,
      rank: 0,
      weight: 0,
    };
  }

  /** RFC 3263 §4.1: NAPTR where the transport is open; without it the SRV names of all that we know. */
  async #services(host: string): Promise<readonly Service[]> {
    const { transport } = this.#query;
    if (transport !== 'auto') return [{ transport, name: SRV_PREFIXES[transport] + host }];
    const offered = naptrServices(await this.#ask(host, 'NAPTR')).slice(0, MAX_SERVICES);
    if (offered.length > 0) return offered;
    return (['udp', 'tcp', 'tls'] as const).map((each) => ({
      transport: each,
      name: SRV_PREFIXES[each] + host,
    }));
  }

  async #servers(
    transport: OutboundTransport,
    serverName: string,
    records: readonly SrvRecord[],
  ): Promise<readonly Destination[]> {
    const usable = records.filter(
      ({ target, port }) => target !== '' && target !== '.' && port > 0,
    );
    const priorities = [...new Set(usable.map(({ priority }) => priority))].sort((a, b) => a - b);
    const found: Destination[] = [];
    for (const priority of priorities) {
      const equals = usable.filter((record) => record.priority === priority);
      this.#rank += 1;
      for (const { target, port, weight } of weightedOrder(equals, this.#options.random)) {
        if (found.length >= MAX_DESTINATIONS) return found;
        const machine = target.replace(/\.$/u, '').toLowerCase();
        const rank = this.#rank;
        found.push(
          ...(await this.#addresses({ transport, serverName, machine, port, rank, weight })),
        );
      }
    }
    return found;
  }

  /** All addresses of a machine, those of the preferred family first. */
  async #addresses(server: Omit<Destination, 'host'>): Promise<readonly Destination[]> {
    if (isLiteralAddress(server.machine)) return [{ ...server, host: server.machine }];
    const families = this.#options.families();
    const lists = await Promise.all(
      families.map((family) => this.#ask(server.machine, family === 'ipv6' ? 'AAAA' : 'A')),
    );
    const hosts = [...new Set(lists.flatMap((list) => list.slice(0, MAX_ADDRESSES)))];
    return hosts.filter(isLiteralAddress).map((host) => ({ ...server, host }));
  }

  async #ask<Type extends DnsRecordType>(
    name: string,
    type: Type,
  ): Promise<readonly DnsRecords[Type][]> {
    const { reply, untilMs } = await this.#cache.query(name, type);
    if (reply.type === 'records') {
      this.#untilMs = Math.min(this.#untilMs, untilMs);
      return reply.records;
    }
    this.#missingUntilMs = Math.min(this.#missingUntilMs, untilMs);
    if (reply.type === 'failed') this.#failure = `${type} of ${name}: ${reply.why}`;
    return [];
  }
}

function defaultPort(transport: OutboundTransport): number {
  return transport === 'tls' ? 5061 : 5060;
}
