import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Destination, Located } from '../sip/locate/locate.ts';
import type { SipsUri } from '../sip/sip-uri.ts';
import { destinationText } from './trunk-core.ts';

/** How long a destination that failed stands behind the others of its host. */
const AVOIDED_MS: DurationMs = 300_000;

/**
 * Which of a registrar's destinations is asked next: the best that has not failed lately first, among equals the one that
 * holds our binding, those that have failed last. In one round each is asked once.
 */
export class RegistrarChoice {
  #destinations: readonly Destination[] = [];
  #round: Destination[] = [];
  readonly #avoidedUntilMs = new Map<string, MonotonicMs>();

  /** Addresses of all destinations that are known. */
  get hosts(): readonly string[] {
    return this.#destinations.map(({ host }) => host);
  }

  /** Takes over what the DNS says; when it does not answer, what it said before holds. */
  located(located: Located): void {
    if (located.type === 'failed') return;
    this.#destinations = located.type === 'found' ? located.destinations : [];
    const known = new Set(this.#destinations.map(destinationText));
    for (const key of this.#avoidedUntilMs.keys()) {
      if (!known.has(key)) this.#avoidedUntilMs.delete(key);
    }
  }

  /** Begins a round. `bound` — the destination that holds our binding, or null. */
  beginRound(bound: Destination | null, nowMs: MonotonicMs): void {
    this.#round = [...this.#ordered(bound, nowMs)];
    if (this.#round.length === 0 && bound !== null) this.#round.push(bound);
  }

  /** The first of a round that would begin now, in words; null when none is known. */
  best(bound: Destination | null, nowMs: MonotonicMs): string | null {
    const [first] = this.#ordered(bound, nowMs);
    return first === undefined ? null : destinationText(first);
  }

  /**
   * A registrar sends us to another (3xx): of those that are still to be asked, these come first, in that order. To hosts
   * that are none of the trunk's nobody is sent, and to one that was asked already not again.
   */
  prefer(redirects: readonly Pick<SipsUri, 'host' | 'port'>[]): void {
    const rankOf = (destination: Destination): number => {
      const at = redirects.findIndex((each) => leadsTo(each, destination));
      return at === -1 ? redirects.length : at;
    };
    this.#round.sort((one, other) => rankOf(one) - rankOf(other));
  }

  /** The next of this round, or null. */
  next(): Destination | null {
    return this.#round.shift() ?? null;
  }

  failed(destination: Destination, nowMs: MonotonicMs): void {
    this.#avoidedUntilMs.set(destinationText(destination), nowMs + AVOIDED_MS);
  }

  /** It is there: a destination in words. */
  answered(destination: string): void {
    this.#avoidedUntilMs.delete(destination);
  }

  #ordered(bound: Destination | null, nowMs: MonotonicMs): readonly Destination[] {
    const boundText = bound === null ? null : destinationText(bound);
    const rows = this.#destinations.map((destination, index) => {
      const text = destinationText(destination);
      const isAvoided = (this.#avoidedUntilMs.get(text) ?? 0) > nowMs;
      return {
        destination,
        keys: [isAvoided ? 1 : 0, destination.rank, text === boundText ? 0 : 1, index],
      };
    });
    rows.sort((one, other) => compare(one.keys, other.keys));
    return rows.map(({ destination }) => destination);
  }
}

/** By its address, or by a name that the DNS has led us there with. */
function leadsTo({ host, port }: Pick<SipsUri, 'host' | 'port'>, to: Destination): boolean {
  const names = [to.host, to.machine, to.serverName].map((each) => each.toLowerCase());
  return names.includes(host.toLowerCase()) && (port === null || port === to.port);
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [at, key] of one.entries()) {
    const difference = key - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
