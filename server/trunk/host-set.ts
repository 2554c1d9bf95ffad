import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { Facts } from '../../mixer/protocol/coded-error.ts';
import { NEVER } from '../../mixer/protocol/units.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Core, Timeout } from '../runtime/core.ts';
import type { Random } from '../runtime/random.ts';
import type { Destination, Located } from '../sip/locate/locate.ts';
import { weightedOrder } from '../sip/locate/weighted-order.ts';
import type { ClientRequest } from '../sip/outgoing-call.ts';
import { hostPortOf } from '../runtime/host-port.ts';
import { bracketed } from '../sip/sip-uri.ts';
import { jittered } from './back-off.ts';
import { HostHealth } from './host-health.ts';
import { dnsTrouble } from './trouble.ts';
import type { Trouble, TroubleCode } from './trouble.ts';
import { destinationText } from './trunk-core.ts';
import type { RouteTo, TrunkAction, TrunkInput } from './trunk-core.ts';

/** How soon a host that could not be found is looked up again. */
const LOOK_AGAIN_MS: DurationMs = 60_000;
/** An answer of the DNS is kept this long at least. */
const SHORTEST_LOOK_MS: DurationMs = 5000;
/** Pings of several hosts begin within this time, not all at once. */
const FIRST_PING_MS: DurationMs = 1000;

/** What a host set is made of. */
export interface HostSetOptions {
  readonly trunk: string;
  /** As configured, the preferred one first. */
  readonly hosts: readonly string[];
  /** 0: never. */
  readonly pingSeconds: number;
  readonly routeTo: RouteTo;
  readonly random: Random;
}

/** One configured host and what the DNS makes of it. */
interface Entry {
  readonly host: string;
  destinations: readonly Destination[];
  look: 'waiting' | 'asked';
  lookAtMs: MonotonicMs;
  /** Why there are no destinations, or only old ones; null when all is well. */
  error: Trouble | null;
}

/** One address of a host. Instants are monotonic. */
export interface HostFacts {
  readonly host: string;
  readonly address: string | null;
  readonly state: 'up' | 'down' | 'unknown';
  readonly use: 'preferred' | 'spare';
  readonly sinceMs: MonotonicMs;
  readonly lastStatus: number | null;
  readonly roundTripMs: DurationMs | null;
  readonly lastError: string | null;
  readonly lastTrouble: TroubleCode | null;
}

/** The hosts of a trunk: where they are, which are there, and where the next call goes. */
export class HostSet implements Core<TrunkInput, TrunkAction> {
  readonly #options: HostSetOptions;
  readonly #entries: readonly Entry[];
  #health = new Map<string, HostHealth>();
  #isStopped = false;
  #actions: TrunkAction[] = [];

  constructor(options: HostSetOptions) {
    this.#options = options;
    this.#entries = options.hosts.map((host) => ({
      host,
      destinations: [],
      look: 'waiting',
      lookAtMs: NEVER,
      error: null,
    }));
  }

  get deadlineMs(): MonotonicMs {
    if (this.#isStopped) return NEVER;
    let soonest = NEVER;
    for (const { look, lookAtMs } of this.#entries) {
      if (look === 'waiting') soonest = Math.min(soonest, lookAtMs);
    }
    for (const { dueAtMs } of this.#health.values()) soonest = Math.min(soonest, dueAtMs);
    return soonest;
  }

  /** Addresses of all hosts that are known: calls come from there. */
  get hosts(): readonly string[] {
    return this.#entries.flatMap(({ destinations }) => destinations.map(({ host }) => host));
  }

  /** Where one of the hosts is, as it was found last. */
  knownOf(host: string): readonly Destination[] {
    return this.#entries.find((entry) => entry.host === host)?.destinations ?? [];
  }

  /** Whether requests to a destination are known to come to nothing. */
  isDown(destination: Destination): 'yes' | 'no' {
    return this.#health.get(destinationText(destination))?.state === 'down' ? 'yes' : 'no';
  }

  /**
   * Where a call is to be tried, in this order: hosts as configured, among equals by weight (RFC 2782), those that are
   * down last.
   */
  destinations(): readonly Destination[] {
    const ordered = this.#entries.flatMap(({ destinations }) => this.#byWeight(destinations));
    return this.#downLast(unique(ordered));
  }

  handle(input: TrunkInput | Timeout, nowMs: MonotonicMs): readonly TrunkAction[] {
    this.#actions = [];
    if (!this.#isStopped) this.#take(input, nowMs);
    return this.#actions;
  }

  /** How the hosts stand, as configured. */
  facts(): readonly HostFacts[] {
    const [preferred] = this.#downLast(this.#entries.flatMap(({ destinations }) => destinations));
    return this.#entries.flatMap(({ host, destinations, error }) => {
      if (destinations.length === 0) return [nowhere(host, error)];
      return destinations.map((destination): HostFacts => {
        const health = this.#health.get(destinationText(destination));
        return {
          host,
          address: destinationText(destination),
          state: health?.state ?? 'unknown',
          use: destination === preferred ? 'preferred' : 'spare',
          sinceMs: health?.sinceMs ?? 0,
          lastStatus: health?.lastStatus ?? null,
          roundTripMs: health?.roundTripMs ?? null,
          ...troubleFacts(health?.trouble ?? error),
        };
      });
    });
  }

  #take(input: TrunkInput | Timeout, nowMs: MonotonicMs): void {
    switch (input.type) {
      case 'start':
        for (const entry of this.#entries) this.#look(entry);
        return;
      case 'located':
        for (const entry of this.#entries) {
          if (entry.host === input.host) this.#onLocated(entry, input.located, nowMs);
        }
        return;
      case 'answered':
        return this.#onPing(input.requestId, nowMs, (health) =>
          health.answered(input.response.status, nowMs),
        );
      case 'failed':
        return this.#onPing(input.requestId, nowMs, (health) => health.silent(input.why, nowMs));
      case 'heard':
        return this.#onHeard(input.destination, input.outcome, nowMs);
      case 'flow-closed':
      case 'address-changed':
      case 'host-changed':
        return;
      case 'stop':
        this.#isStopped = true;
        return;
      case 'timeout':
        return this.#onTimeout(nowMs);
      default:
        assertNever(input);
    }
  }

  #onTimeout(nowMs: MonotonicMs): void {
    for (const entry of this.#entries) {
      if (entry.look === 'waiting' && entry.lookAtMs <= nowMs) this.#look(entry);
    }
    for (const { host, destinations } of this.#entries) {
      for (const destination of destinations) {
        const address = destinationText(destination);
        const health = this.#health.get(address);
        if (health === undefined || health.dueAtMs > nowMs) continue;
        // What comes of a ping after this is no longer waited for.
        if (health.pending !== null) this.#turned(address, health.silent('timeout', nowMs), nowMs);
        else if (this.#options.pingSeconds > 0) this.#ping({ host, destination, health, nowMs });
        else this.#changed(address, health.forgive(nowMs));
      }
    }
  }

  #look(entry: Entry): void {
    if (entry.look === 'asked') return;
    entry.look = 'asked';
    this.#actions.push({ type: 'locate', host: entry.host });
  }

  #onLocated(entry: Entry, located: Located, nowMs: MonotonicMs): void {
    const { random } = this.#options;
    const before = entry.error;
    entry.look = 'waiting';
    entry.lookAtMs = nowMs + jittered(LOOK_AGAIN_MS, random);
    switch (located.type) {
      case 'found':
        entry.destinations = located.destinations;
        entry.error = null;
        entry.lookAtMs = Math.max(located.untilMs, nowMs + SHORTEST_LOOK_MS);
        break;
      case 'none':
        entry.destinations = [];
        entry.error = { code: 'no-address', words: 'no such host' };
        break;
      case 'failed':
        // What was known still holds: a DNS that is away for a while takes no trunk with it.
        entry.error = dnsTrouble(located.why);
        break;
    }
    if (entry.error !== null && before === null) {
      const facts = { host: entry.host, reason: entry.error.words };
      this.#log('warn', 'a host of a trunk is not found', facts);
    } else if (entry.error === null && before !== null) {
      this.#log('info', 'a host of a trunk is found again', { host: entry.host });
    }
    this.#keepHealth(nowMs);
    this.#actions.push({ type: 'addresses' });
  }

  /** Every address that is known now has its health, and no other. */
  #keepHealth(nowMs: MonotonicMs): void {
    const { pingSeconds, random } = this.#options;
    const pingMs = pingSeconds * 1000;
    const kept = new Map<string, HostHealth>();
    for (const destination of this.#entries.flatMap(({ destinations }) => destinations)) {
      const text = destinationText(destination);
      const firstPingAtMs = pingMs === 0 ? NEVER : nowMs + random.integer(FIRST_PING_MS);
      const known = kept.get(text) ?? this.#health.get(text);
      kept.set(text, known ?? new HostHealth({ pingMs, nowMs, firstPingAtMs }));
    }
    this.#health = kept;
  }

  #ping(to: {
    readonly host: string;
    readonly destination: Destination;
    readonly health: HostHealth;
    readonly nowMs: MonotonicMs;
  }): void {
    const { host, destination, health, nowMs } = to;
    const request = this.#optionsRequest(host, destination);
    health.pending = { requestId: request.requestId, sentAtMs: nowMs };
    this.#actions.push({ type: 'request', request });
  }

  #optionsRequest(host: string, destination: Destination): ClientRequest {
    const { random, routeTo } = this.#options;
    const { target, localHost } = routeTo(destination);
    const { host: name, port } = hostPortOf(host);
    const uri = `sip:${bracketed(name)}${port === null ? '' : `:${port}`}`;
    return {
      requestId: `ping-${random.hex(8)}`,
      method: 'OPTIONS',
      uri,
      target,
      localHost,
      headers: [
        ['From', `<sip:ping@${bracketed(localHost)}>;tag=${random.hex(8)}`],
        ['To', `<${uri}>`],
        ['Call-ID', random.hex(16)],
        ['CSeq', '1 OPTIONS'],
        ['Accept', 'application/sdp'],
      ],
    };
  }

  #onPing(
    requestId: string,
    nowMs: MonotonicMs,
    note: (health: HostHealth) => 'up' | 'down' | null,
  ): void {
    for (const [address, health] of this.#health) {
      if (health.pending?.requestId !== requestId) continue;
      this.#turned(address, note(health), nowMs);
    }
  }

  #onHeard(address: string, outcome: 'served' | 'failed', nowMs: MonotonicMs): void {
    const changed = this.#health.get(address)?.heard(outcome, nowMs) ?? null;
    this.#turned(address, changed, nowMs);
  }

  #turned(address: string, state: 'up' | 'down' | null, nowMs: MonotonicMs): void {
    const health = this.#health.get(address);
    if (state === null || health === undefined) return;
    if (state === 'up') this.#log('info', 'a host of a trunk is up', { address });
    else this.#onDown(address, health, nowMs);
    this.#changed(address, state);
  }

  #changed(destination: string, state: 'up' | 'down' | 'unknown'): void {
    this.#actions.push({ type: 'host-changed', destination, state });
  }

  #onDown(address: string, { trouble }: HostHealth, nowMs: MonotonicMs): void {
    this.#log('warn', 'a host of a trunk is down', { address, reason: trouble?.words ?? null });
    // It may have moved.
    for (const entry of this.#entries) {
      const isHere = entry.destinations.some((each) => destinationText(each) === address);
      if (isHere && entry.lookAtMs !== NEVER) entry.lookAtMs = Math.min(entry.lookAtMs, nowMs);
    }
  }

  /** Ranks stay in order; within one, machines by weight, each with all its addresses. */
  #byWeight(destinations: readonly Destination[]): readonly Destination[] {
    const ranks = [...new Set(destinations.map(({ rank }) => rank))];
    return ranks.flatMap((rank) => {
      const machines = new Map<string, { weight: number; addresses: Destination[] }>();
      for (const destination of destinations) {
        if (destination.rank !== rank) continue;
        const { machine, port, weight } = destination;
        const key = `${machine}:${port}`;
        const row = machines.get(key) ?? { weight, addresses: [] };
        row.addresses.push(destination);
        machines.set(key, row);
      }
      const order = weightedOrder([...machines.values()], this.#options.random);
      return order.flatMap(({ addresses }) => addresses);
    });
  }

  #downLast(destinations: readonly Destination[]): readonly Destination[] {
    return [
      ...destinations.filter((each) => this.isDown(each) === 'no'),
      ...destinations.filter((each) => this.isDown(each) === 'yes'),
    ];
  }

  #log(level: 'info' | 'warn', message: string, facts: Facts): void {
    const { trunk } = this.#options;
    this.#actions.push({ type: 'log', level, message, facts: { trunk, ...facts } });
  }
}

function unique(destinations: readonly Destination[]): readonly Destination[] {
  const byText = new Map<string, Destination>();
  for (const each of destinations) {
    const text = destinationText(each);
    if (!byText.has(text)) byText.set(text, each);
  }
  return [...byText.values()];
}

function nowhere(host: string, error: Trouble | null): HostFacts {
  return {
    host,
    address: null,
    state: 'unknown',
    use: 'spare',
    sinceMs: 0,
    lastStatus: null,
    roundTripMs: null,
    ...troubleFacts(error),
  };
}

function troubleFacts(trouble: Trouble | null): Pick<HostFacts, 'lastError' | 'lastTrouble'> {
  return { lastError: trouble?.words ?? null, lastTrouble: trouble?.code ?? null };
}
