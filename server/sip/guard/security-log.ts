import type { Facts } from '../../../mixer/protocol/coded-error.ts';
import type { MonotonicMs } from '../../../mixer/protocol/units.ts';
import { RatePerKey } from '../../runtime/rate-per-key.ts';
import { TokenBucket } from '../../runtime/token-bucket.ts';

/**
 * A line for those who watch: fail2ban reads it, so its facts stand in this order and keep their names
 * (deploy/fail2ban/README.md). Nothing in it was written by a peer.
 */
export interface SecurityLine {
  readonly level: 'warn';
  readonly message: 'security';
  readonly facts: Facts;
}

/** What a line says. */
interface SecurityEvent {
  readonly event: string;
  /** Address of the source. */
  readonly remoteHost: string;
  readonly transport: string;
  /** `counted`: towards a ban. `spared`: of a source that is never banned. `banned`: it was just banned. */
  readonly verdict: 'counted' | 'spared' | 'banned';
  /** More facts, ours alone. */
  readonly more?: Facts;
}

/** Lines of one source in a minute. More than failures lead to a ban by default, and than fail2ban asks for. */
const LINES_PER_MINUTE = 20;
/** Lines of a source that is never banned: they only tell the administrator that something is set up wrongly. */
const SPARED_PER_MINUTE = 2;
/** All lines together, for long and at once. */
const ALL_PER_SECOND = 10;
const ALL_AT_ONCE = 300;
/** Sources whose lines are counted. */
const SOURCES = 4096;
/** How often it is said that lines were left out. */
const LEFT_OUT_EVERY_MS = 60_000;

/** Hands out security lines, and no flood of them. */
export class SecurityLog {
  readonly #write: (line: SecurityLine) => void;
  readonly #bySource = new RatePerKey(SOURCES);
  #failures: TokenBucket | null = null;
  #bans: TokenBucket | null = null;
  #leftOut = 0;
  #leftOutTold = 0;
  #nextTellAtMs: MonotonicMs = Number.NEGATIVE_INFINITY;

  constructor(write: (line: SecurityLine) => void) {
    this.#write = write;
  }

  /** Lines that were left out so far. */
  get leftOut(): number {
    return this.#leftOut;
  }

  note(event: SecurityEvent, nowMs: MonotonicMs): void {
    if (!this.#mayWrite(event, nowMs)) {
      this.#leftOut += 1;
      return;
    }
    const { remoteHost, transport, verdict, more } = event;
    this.#line({ event: event.event, remoteHost, transport, verdict, ...more });
    if (this.#leftOut === this.#leftOutTold || nowMs < this.#nextTellAtMs) return;
    this.#nextTellAtMs = nowMs + LEFT_OUT_EVERY_MS;
    this.#line({ event: 'sip-lines-left-out', lines: this.#leftOut - this.#leftOutTold });
    this.#leftOutTold = this.#leftOut;
  }

  #line(facts: Facts): void {
    this.#write({ level: 'warn', message: 'security', facts });
  }

  /** Bans have a measure of their own, so that failures of others cannot hide one. */
  #mayWrite({ remoteHost, verdict }: SecurityEvent, nowMs: MonotonicMs): boolean {
    const all = { perSecond: ALL_PER_SECOND, capacity: ALL_AT_ONCE, nowMs };
    if (verdict === 'banned') return (this.#bans ??= new TokenBucket(all)).take(nowMs);
    const perMinute = verdict === 'spared' ? SPARED_PER_MINUTE : LINES_PER_MINUTE;
    if (!this.#bySource.take(remoteHost, perMinute, nowMs)) return false;
    return (this.#failures ??= new TokenBucket(all)).take(nowMs);
  }
}
