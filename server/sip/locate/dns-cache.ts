import type { DurationMs, MonotonicMs } from '../../../mixer/protocol/units.ts';
import { LatestMap } from '../../runtime/latest-map.ts';
import type { Dns, DnsRecords, DnsRecordType, DnsReply } from './dns-reply.ts';

/** Bounds of how long an answer is kept, whatever its TTL. */
const SHORTEST_MS = 5000;
const LONGEST_MS = 3_600_000;
/** Where the TTL is not known: Node does not tell those of SRV and NAPTR. */
const UNKNOWN_TTL_MS = 60_000;
/** That there is nothing may change soon: names are set up by people. */
const NONE_MS = 30_000;
/** A DNS server that does not answer is not asked at once again. */
const FAILED_MS = 5000;
/** How long an old answer helps while the DNS does not answer (RFC 8767 §5 allows days). */
const STALE_MS = 86_400_000;
/** Most questions remembered; the oldest is forgotten first. */
const MAX_ENTRIES = 512;

interface Kept<Record> {
  readonly reply: DnsReply<Record>;
  readonly untilMs: MonotonicMs;
  readonly answeredAtMs: MonotonicMs;
}

/** An answer and how long it stays fresh. */
export interface TimedReply<Record> {
  readonly reply: DnsReply<Record>;
  readonly untilMs: MonotonicMs;
}

type Table<Type extends DnsRecordType> = LatestMap<Kept<DnsRecords[Type]>>;
type Pending<Type extends DnsRecordType> = Map<string, Promise<TimedReply<DnsRecords[Type]>>>;

/** Keeps answers of the DNS for their TTL within bounds, and an old one as long as the DNS fails. */
export class DnsCache {
  readonly #dns: Dns;
  readonly #nowMs: () => MonotonicMs;
  readonly #tables: { readonly [Type in DnsRecordType]: Table<Type> } = {
    NAPTR: new LatestMap(MAX_ENTRIES),
    SRV: new LatestMap(MAX_ENTRIES),
    A: new LatestMap(MAX_ENTRIES),
    AAAA: new LatestMap(MAX_ENTRIES),
  };
  readonly #pending: { readonly [Type in DnsRecordType]: Pending<Type> } = {
    NAPTR: new Map(),
    SRV: new Map(),
    A: new Map(),
    AAAA: new Map(),
  };

  constructor(dns: Dns, nowMs: () => MonotonicMs) {
    this.#dns = dns;
    this.#nowMs = nowMs;
  }

  /** Answers from memory, or asks. The same question is on its way once only. */
  query<Type extends DnsRecordType>(
    name: string,
    type: Type,
  ): Promise<TimedReply<DnsRecords[Type]>> {
    const key = name.toLowerCase();
    const known = this.#tables[type].get(key);
    if (known !== undefined && known.untilMs > this.#nowMs()) return Promise.resolve(known);
    const pending: Pending<Type> = this.#pending[type];
    const waiting = pending.get(key);
    if (waiting !== undefined) return waiting;
    const asked = this.#ask(key, type).finally(() => pending.delete(key));
    pending.set(key, asked);
    return asked;
  }

  async #ask<Type extends DnsRecordType>(
    name: string,
    type: Type,
  ): Promise<TimedReply<DnsRecords[Type]>> {
    const reply = await this.#dns.query(name, type);
    const nowMs = this.#nowMs();
    const table: Table<Type> = this.#tables[type];
    const old = table.get(name);
    const untilMs = nowMs + keepMs(reply);
    const helps =
      reply.type === 'failed' &&
      old?.reply.type === 'records' &&
      nowMs - old.answeredAtMs < STALE_MS;
    const kept: Kept<DnsRecords[Type]> = helps
      ? { ...old, untilMs }
      : { reply, untilMs, answeredAtMs: nowMs };
    table.set(name, kept);
    return kept;
  }
}

function keepMs(reply: DnsReply<unknown>): DurationMs {
  if (reply.type === 'failed') return FAILED_MS;
  if (reply.type === 'none') return NONE_MS;
  const ttlMs = reply.ttlS === null ? UNKNOWN_TTL_MS : reply.ttlS * 1000;
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ttlMs));
}
