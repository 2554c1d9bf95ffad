import { splitList } from './header-value.ts';

/**
 * The header fields of a message in the order they came, filed under canonical names (`header-name.ts`).
 * Values are octet strings, unfolded and trimmed, and are not looked into before somebody asks.
 */
export class SipHeaders {
  readonly #names: string[] = [];
  readonly #values: string[] = [];

  /** Number of header fields. */
  get size(): number {
    return this.#names.length;
  }

  append(name: string, value: string): void {
    this.#names.push(name);
    this.#values.push(value);
  }

  /** The first field of that name, or undefined. */
  first(name: string): string | undefined {
    const at = this.#names.indexOf(name);
    return at === -1 ? undefined : this.#values[at];
  }

  /** How many fields have that name. */
  count(name: string): number {
    let count = 0;
    for (const each of this.#names) if (each === name) count += 1;
    return count;
  }

  /** All fields of that name, one string for each line. */
  lines(name: string): readonly string[] {
    const lines: string[] = [];
    for (let i = 0; i < this.#names.length; i += 1) {
      if (this.#names[i] === name) lines.push(this.#values[i] ?? '');
    }
    return lines;
  }

  /**
   * All values of that name in order, however they are spread over lines (RFC 3261 §7.3.1).
   * @throws SipParseError when a quoted string or an angle bracket is not closed.
   */
  list(name: string): readonly string[] {
    const lines = this.lines(name);
    if (lines.length === 1) return splitList(lines[0] ?? '');
    return lines.flatMap((line) => splitList(line));
  }
}

/** A request as it was received, its headers not yet looked into. */
export interface SipRequest {
  readonly kind: 'request';
  /** As written: methods are case-sensitive (RFC 3261 §7.1). */
  readonly method: string;
  readonly uri: string;
  readonly headers: SipHeaders;
  readonly body: Uint8Array;
}

/** A response as it was received. */
export interface SipResponse {
  readonly kind: 'response';
  /** 100–699. */
  readonly status: number;
  readonly reasonPhrase: string;
  readonly headers: SipHeaders;
  readonly body: Uint8Array;
}

/** A message. */
export type SipMessage = SipRequest | SipResponse;
