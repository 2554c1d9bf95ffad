import type { MonotonicMs } from '../../../mixer/protocol/units.ts';
import { isLiteralAddress, unscopedHost } from '../../runtime/literal-address.ts';
import { networkOf } from '../../runtime/network-address.ts';
import { NetworkList } from '../../runtime/network-list.ts';
import { RecentMap } from '../../runtime/recent-map.ts';
import { TokenBucket } from '../../runtime/token-bucket.ts';
import { OffenderLedger } from './offender-ledger.ts';
import type { Consequence, LedgerSettings } from './offender-ledger.ts';
import { SecurityLog } from './security-log.ts';
import type { SecurityLine } from './security-log.ts';
import type { Ban, GuardedSource, GuardFigures, ManagedGuard, Offence } from './source-guard.ts';

/** Settings under `sip.guard`. */
export interface GuardSettings extends LedgerSettings {
  readonly messagesPerSecond: number;
  readonly trunkMessagesPerSecond: number;
  /** Addresses and networks. */
  readonly neverBan: readonly string[];
}

/** What a guard needs to know. */
interface SourceGuardOptions {
  readonly settings: GuardSettings;
  /** Whether this literal address belongs to a trunk now. */
  readonly isTrunk: (host: string) => boolean;
  /** Takes the security lines. There is never a flood of them. */
  readonly log?: (line: SecurityLine) => void;
}

/** Creates a guard. It is pure: time comes with each call. */
export function createSourceGuard(options: SourceGuardOptions): ManagedGuard<GuardSettings> {
  return new Guard(options);
}

/** Sources whose rate is measured: in two generations. One that is pushed out begins with a full measure. */
const MEASURED_SOURCES = 8192;
/** A flood is one failure in this time, not one for each message. */
const FLOOD_EVERY_MS = 1000;

/** Rate of one source. */
interface Measure {
  readonly bucket: TokenBucket;
  nextFloodAtMs: MonotonicMs;
}

/** A source, taken to pieces. */
interface Origin {
  readonly host: string;
  readonly key: string;
  readonly transport: string;
  readonly way: 'datagrams' | 'connections';
  readonly standing: 'trunk' | 'spared' | 'stranger';
}

class Guard implements ManagedGuard<GuardSettings> {
  readonly #isTrunk: (host: string) => boolean;
  readonly #log: SecurityLog;
  /** What was seen by UDP, whose source addresses anybody can write, is held apart from what was seen over connections. */
  readonly #ledgers = { datagrams: new OffenderLedger(), connections: new OffenderLedger() };
  readonly #measures = {
    trunk: new RecentMap<Measure>(MEASURED_SOURCES),
    datagrams: new RecentMap<Measure>(MEASURED_SOURCES),
    connections: new RecentMap<Measure>(MEASURED_SOURCES),
  };
  readonly #offences: Record<Offence, number> = {
    'unknown-source': 0,
    malformed: 0,
    'no-such-number': 0,
    flood: 0,
    'bad-credentials': 0,
  };
  readonly #counts = { droppedBanned: 0, droppedFlood: 0, bans: 0, bansNotKept: 0 };
  #settings: GuardSettings;
  #neverBan: NetworkList;

  constructor({ settings, isTrunk, log = () => {} }: SourceGuardOptions) {
    this.#settings = settings;
    this.#isTrunk = isTrunk;
    this.#log = new SecurityLog(log);
    this.#neverBan = new NetworkList(settings.neverBan);
  }

  get figures(): GuardFigures {
    const { datagrams, connections } = this.#ledgers;
    const measures = Object.values(this.#measures).reduce((sum, each) => sum + each.size, 0);
    return {
      ...this.#counts,
      offences: { ...this.#offences },
      linesLeftOut: this.#log.leftOut,
      sources: datagrams.size + connections.size + measures,
    };
  }

  admit(source: GuardedSource | string, nowMs: MonotonicMs): 'pass' | 'drop' {
    const origin = this.#originOf(source);
    if (origin.standing === 'stranger' && this.#isBanned(origin, nowMs)) {
      this.#counts.droppedBanned += 1;
      return 'drop';
    }
    const measure = this.#measureOf(origin, nowMs);
    if (measure.bucket.take(nowMs)) return 'pass';
    this.#counts.droppedFlood += 1;
    if (nowMs >= measure.nextFloodAtMs) {
      measure.nextFloodAtMs = nowMs + FLOOD_EVERY_MS;
      this.#fail(origin, 'flood', nowMs);
    }
    return 'drop';
  }

  offend(source: GuardedSource | string, offence: Offence, nowMs: MonotonicMs): void {
    this.#fail(this.#originOf(source), offence, nowMs);
  }

  bans(nowMs: MonotonicMs): readonly Ban[] {
    const { datagrams, connections } = this.#ledgers;
    const listed = (ledger: OffenderLedger, scope: Ban['scope']): Ban[] =>
      ledger.standing(nowMs).map(([source, { why, sinceMs, untilMs, count }]) => {
        return { source, scope, why, sinceMs, untilMs, count };
      });
    return [...listed(connections, 'everything'), ...listed(datagrams, 'datagrams')].sort(
      (one, other) => other.sinceMs - one.sinceMs,
    );
  }

  lift(source: string, nowMs: MonotonicMs): 'lifted' | 'not-banned' {
    const key = networkOf(source.endsWith('/64') ? source.slice(0, -3) : source);
    const { datagrams, connections } = this.#ledgers;
    const were = [datagrams.forget(key, nowMs), connections.forget(key, nowMs)];
    return were.includes('banned') ? 'lifted' : 'not-banned';
  }

  reload(settings: GuardSettings): void {
    this.#settings = settings;
    this.#neverBan = new NetworkList(settings.neverBan);
    for (const measures of Object.values(this.#measures)) measures.clear();
  }

  #originOf(source: GuardedSource | string): Origin {
    const [host, transport] =
      typeof source === 'string' ? [source, 'connection'] : [source.remoteHost, source.transport];
    const standing = this.#isTrunk(host)
      ? 'trunk'
      : this.#neverBan.includes(host)
        ? 'spared'
        : 'stranger';
    const way = transport === 'udp' ? 'datagrams' : 'connections';
    return { host, key: networkOf(host), transport, way, standing };
  }

  #isBanned({ key, way }: Origin, nowMs: MonotonicMs): boolean {
    const { datagrams, connections } = this.#ledgers;
    return (
      connections.isBanned(key, nowMs) || (way === 'datagrams' && datagrams.isBanned(key, nowMs))
    );
  }

  /** A trunk is measured by address: its neighbours in a /64 may be somebody else's. */
  #measureOf({ host, key, way, standing }: Origin, nowMs: MonotonicMs): Measure {
    const measures = standing === 'stranger' ? this.#measures[way] : this.#measures.trunk;
    const name = standing === 'stranger' ? key : host;
    const known = measures.get(name);
    if (known !== undefined) return known;
    const { messagesPerSecond, trunkMessagesPerSecond } = this.#settings;
    const perSecond = standing === 'stranger' ? messagesPerSecond : trunkMessagesPerSecond;
    const bucket = new TokenBucket({ perSecond, capacity: perSecond, nowMs });
    const measure = { bucket, nextFloodAtMs: Number.NEGATIVE_INFINITY };
    measures.set(name, measure);
    return measure;
  }

  #fail(origin: Origin, offence: Offence, nowMs: MonotonicMs): void {
    this.#offences[offence] += 1;
    if (origin.standing !== 'stranger') {
      this.#write(origin, { offence, verdict: 'spared' }, nowMs);
      return;
    }
    // What was under way when the ban began.
    if (this.#isBanned(origin, nowMs)) return;
    this.#write(origin, { offence, verdict: 'counted' }, nowMs);
    const failure = { key: origin.key, offence, nowMs };
    const consequence = this.#ledgers[origin.way].note(failure, this.#settings);
    this.#follow(origin, consequence, nowMs);
  }

  #follow(origin: Origin, consequence: Consequence, nowMs: MonotonicMs): void {
    if (consequence === 'noted') return;
    if (consequence === 'not-kept') {
      this.#counts.bansNotKept += 1;
      return;
    }
    this.#counts.bans += 1;
    const { why, sinceMs, untilMs, count } = consequence;
    const more = {
      source: origin.key,
      offence: why,
      banSeconds: (untilMs - sinceMs) / 1000,
      count,
    };
    const { transport } = origin;
    const remoteHost = loggedHost(origin.host);
    this.#log.note({ event: 'sip-ban', remoteHost, transport, verdict: 'banned', more }, nowMs);
  }

  #write(
    { host, transport }: Origin,
    { offence, verdict }: { readonly offence: Offence; readonly verdict: 'counted' | 'spared' },
    nowMs: MonotonicMs,
  ): void {
    const remoteHost = loggedHost(host);
    this.#log.note({ event: `sip-${offence}`, remoteHost, transport, verdict }, nowMs);
  }
}

/** A source as a log line names it, so that a firewall understands it; nothing when it only looks like IPv6. */
function loggedHost(host: string): string {
  if (host.includes(':') && !isLiteralAddress(host)) return '';
  return unscopedHost(host).slice(0, 64);
}
