import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import { RecentMap } from '../runtime/recent-map.ts';
import type { HeaderLine } from './message-writer.ts';
import { writeResponse } from './message-writer.ts';
import type { ReceivedRequest, SendTarget } from './received-request.ts';
import type { SessionSettings } from './session.ts';
import { transactionKeyOf } from './transaction-layer.ts';

/** Refusals that are remembered, in two generations: what comes within half a minute at 500 calls per second. */
const REMEMBERED_REFUSALS = 8192;

/**
 * Keys longer than this are not remembered: no peer of good will writes any, and thousands as long as a Via may be would
 * fill the memory.
 */
const LONGEST_KEY = 512;

/**
 * How long a copy may still come (64*T1). Longer, a refusal must not be remembered: there are peers that begin with the
 * same branches whenever they are started, and each of their calls would be a copy for ever.
 */
const COPIES_COME_MS: DurationMs = 32_000;

/** What was refused, and until when copies of it may come. */
interface Refusal {
  readonly toTag: string;
  readonly untilMs: MonotonicMs;
}

/** What it takes to refuse. */
interface StatelessRefusalParts extends Pick<SessionSettings, 'random' | 'serverHeader'> {
  readonly send: (target: SendTarget, bytes: Uint8Array, turn: 'first') => void;
}

/**
 * Refuses requests by 503 without a transaction (RFC 3261 §8.2.7): when there are too many, a refusal must cost little. It
 * is not sent again by itself, and needs no ACK; who has not got it asks again. Whoever asks again gets the same refusal,
 * with the same tag, also when there is room by then: they may have the first one already.
 */
export class StatelessRefusals {
  readonly #parts: StatelessRefusalParts;
  readonly #refused = new RecentMap<Refusal>(REMEMBERED_REFUSALS);
  /** When the last of them is forgotten. */
  #allUntilMs: MonotonicMs = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(parts: StatelessRefusalParts) {
    this.#parts = parts;
  }

  /** Requests that were refused, copies left out. */
  get count(): number {
    return this.#count;
  }

  /** Whether this is a copy of a request that was refused. */
  has(request: ReceivedRequest, nowMs: MonotonicMs): boolean {
    return nowMs < this.#allUntilMs && this.#find(keyOf(request), nowMs) !== undefined;
  }

  /** Says 503, and after how many seconds to come again. */
  refuse(request: ReceivedRequest, waitSeconds: number, nowMs: MonotonicMs): void {
    const { random, serverHeader, send } = this.#parts;
    const key = keyOf(request);
    const known = this.#find(key, nowMs);
    const toTag = known?.toTag ?? random.hex(8);
    if (known === undefined) {
      this.#remember(key, { toTag, untilMs: nowMs + COPIES_COME_MS });
      this.#count += 1;
    }
    const headers = [retryAfter(waitSeconds), serverHeader];
    const bytes = writeResponse(request.envelope, { status: 503, toTag, headers });
    send(request.responseTarget, bytes, 'first');
  }

  #find(key: string, nowMs: MonotonicMs): Refusal | undefined {
    const refusal = this.#refused.get(key);
    return refusal !== undefined && nowMs < refusal.untilMs ? refusal : undefined;
  }

  #remember(key: string, refusal: Refusal): void {
    if (key.length > LONGEST_KEY) return;
    this.#refused.set(key, refusal);
    this.#allUntilMs = refusal.untilMs;
  }
}

/** When to come again; at least a second. */
export function retryAfter(seconds: number): HeaderLine {
  return ['Retry-After', String(Math.max(1, Math.ceil(seconds)))];
}

function keyOf(request: ReceivedRequest): string {
  return transactionKeyOf(request, request.message.method);
}
