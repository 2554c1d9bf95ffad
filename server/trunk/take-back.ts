import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { SipResponse } from '../sip/message.ts';
import type { Asked, RegisterSender } from './register-sender.ts';

/**
 * How long a stop waits for a registrar that was there a moment ago: five copies by UDP, at 0, 0.5, 1.5, 3.5 and 7.5 s.
 * Three are not enough: with one packet in twenty lost, one removal of eight thousand would not arrive.
 */
const PATIENCE_MS: DurationMs = 8000;
/** And for one that was silent already, or has never said anything. */
const SILENT_PATIENCE_MS: DurationMs = 2000;

/** How a registration stands that is to end. */
export interface TakeBackFrom {
  /** The REGISTER that is on its way. */
  readonly asking: Asked | null;
  /** Where we are bound. */
  readonly bound: Pick<Asked, 'destination' | 'contact'> | null;
  /** `failing`: the last try came to nothing. */
  readonly registrar: 'there' | 'failing';
}

/** The REGISTER that takes a binding back, until it is answered (RFC 3261 §10.2.2). */
export class TakeBack {
  /** Nobody waits for the answer any longer than until then. */
  readonly untilMs: MonotonicMs;
  readonly #sender: RegisterSender;
  readonly #former: string | null;
  #asked: Asked;

  private constructor(
    sender: RegisterSender,
    parts: { readonly asked: Asked; readonly former: string | null; readonly untilMs: MonotonicMs },
  ) {
    this.#sender = sender;
    this.#asked = parts.asked;
    this.#former = parts.former;
    this.untilMs = parts.untilMs;
  }

  /** Begins; null when there is nothing that could be taken back. */
  static begin(sender: RegisterSender, state: TakeBackFrom, nowMs: MonotonicMs): TakeBack | null {
    const { asking, bound, registrar } = state;
    // A REGISTER on its way may still take effect: the one that takes it back has a higher CSeq.
    const destination = asking?.destination ?? bound?.destination ?? null;
    if (destination === null) return null;
    const former = bound?.contact ?? null;
    const asked = sender.first(destination, 'take-back', former);
    const wasHeard = registrar === 'there' && (bound !== null || (asking?.earlier ?? 0) > 0);
    const untilMs = nowMs + (wasHeard ? PATIENCE_MS : SILENT_PATIENCE_MS);
    return new TakeBack(sender, { asked, former, untilMs });
  }

  /** The one that is on its way. */
  get asked(): Asked {
    return this.#asked;
  }

  /** What an answer asks for: the same with credentials; null when all is done that can be. */
  answered(response: SipResponse): Asked | null {
    const { status } = response;
    if (status !== 401 && status !== 407) return null;
    if (this.#asked.exchange.challenged(response).then !== 'again') return null;
    const again = this.#sender.again(this.#asked, this.#former);
    if (again !== null) this.#asked = again;
    return again;
  }
}
