import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { DialogId, SipTransport } from '../sip/user-agent.ts';

/** A message that is kept. */
export interface KeptMessage {
  readonly atMs: WallclockMs;
  readonly direction: 'in' | 'out';
  readonly transport: SipTransport;
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly kind: 'first' | 'again';
  /** One character for each octet. */
  readonly octets: string;
  /** Octets that were left out at the end of a long message. */
  readonly cutBytes: number;
}

/** The messages with one Call-ID: the first ones and the latest. */
export class TracedCall {
  readonly callId: string;
  readonly startedAtMs: WallclockMs;
  /** `request`: an OPTIONS, a REGISTER or the like, which sets up no call. */
  readonly purpose: 'call' | 'request';
  readonly #first: KeptMessage[] = [];
  readonly #latest: KeptMessage[] = [];
  readonly #half: number;
  dialogId: DialogId | null = null;
  /** Messages that fell out between the first and the latest. */
  leftOut = 0;
  /** Octets of all that is kept. */
  keptBytes = 0;

  constructor(options: {
    readonly callId: string;
    readonly startedAtMs: WallclockMs;
    readonly purpose: TracedCall['purpose'];
    readonly mostMessages: number;
  }) {
    this.callId = options.callId;
    this.startedAtMs = options.startedAtMs;
    this.purpose = options.purpose;
    this.#half = Math.max(1, Math.floor(options.mostMessages / 2));
  }

  /** All that is kept, in order. */
  get messages(): readonly KeptMessage[] {
    return [...this.#first, ...this.#latest];
  }

  /** Of the messages kept: how many are from the beginning. */
  get firstHalf(): number {
    return this.#first.length;
  }

  /** How many messages there were. */
  get count(): number {
    return this.#first.length + this.#latest.length + this.leftOut;
  }

  /** Keeps a message; the oldest of the latest gives way. Returns by how much `keptBytes` grew. */
  keep(message: KeptMessage): number {
    const before = this.keptBytes;
    this.keptBytes += message.octets.length;
    if (this.#first.length < this.#half) {
      this.#first.push(message);
    } else {
      this.#latest.push(message);
      const fallen = this.#latest.length > this.#half ? this.#latest.shift() : undefined;
      if (fallen !== undefined) {
        this.keptBytes -= fallen.octets.length;
        this.leftOut += 1;
      }
    }
    return this.keptBytes - before;
  }
}
