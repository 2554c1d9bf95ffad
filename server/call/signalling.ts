import { isDeepStrictEqual } from 'node:util';
import type { LegId } from '../../mixer/protocol/mixer-command.ts';
import type { DialogId } from '../sip/user-agent.ts';
import type { CallAction } from './call-message.ts';
import { reasonOf, releaseVerdict } from './release-cause.ts';
import type { ReleaseCause } from './release-cause.ts';
import type { LegPlace, Session } from './session.ts';

/** What the signalling half of a call is made of. */
export interface SignallingOptions {
  readonly dialogId: DialogId;
  readonly legId: LegId;
  readonly session: Session;
  /** Literal address for Contact. */
  readonly localHost: string;
}

/** How far the peer's dialog has come. An answered one that ended is `ended`, any other end is `refused`. */
export type DialogState = 'offered' | 'answered' | 'ended' | 'refused';

/** Seconds after which a caller who met a 503 may try again. */
const RETRY_AFTER_S = 10;
const NOWHERE: LegPlace = { port: 0, candidates: [] };

/** The signalling half of a call: its dialog, and the offers and answers in it. */
export class Signalling {
  readonly #options: SignallingOptions;
  #dialog: DialogState = 'offered';
  /** Null until the leg is open. */
  #place: LegPlace | null = null;
  /** An offer that came before the leg was open. */
  #earlyOffer: string | null = null;
  /** `withheld`: the leg is kept silent until the call is answered. */
  #media: 'flows' | 'withheld' = 'flows';

  constructor(options: SignallingOptions) {
    this.#options = options;
  }

  get dialog(): DialogState {
    return this.#dialog;
  }

  /** Where the leg can be reached is known. An offer that came before that is answered now. */
  placed(place: LegPlace): readonly CallAction[] {
    const { port, candidates } = place;
    this.#place = { port, candidates };
    const offer = this.#earlyOffer;
    this.#earlyOffer = null;
    return offer === null ? [] : this.reoffer(offer);
  }

  /** The caller is told that it rings. */
  ring(): readonly CallAction[] {
    this.#media = 'withheld';
    return [{ type: 'sip', command: { type: 'ring', dialogId: this.#options.dialogId } }];
  }

  /** The INVITE is answered. Media flows from now on. */
  answer(offer: string | null): readonly CallAction[] {
    const opened = this.#media === 'withheld' ? [this.#updateLeg()] : [];
    this.#dialog = 'answered';
    this.#media = 'flows';
    return [...opened, this.#describe(offer), { type: 'answered' }];
  }

  /** An offer within the call is answered, or refused and the session left as it was (RFC 3261 §14.2). */
  reoffer(offer: string | null): readonly CallAction[] {
    if (this.#dialog !== 'answered' && this.#dialog !== 'offered') return [];
    if (this.#place === null) {
      // UPDATE before the leg is open (RFC 3311): only one at a time is let through.
      this.#earlyOffer = offer;
      return [];
    }
    if (offer === null) return [this.#describe(null)];
    const judged = this.#judge(offer);
    if (judged.outcome === 'accepted') return [...judged.actions, this.#describe(offer)];
    return [this.#reject(judged.cause)];
  }

  /** A description of the peer takes force. Null when it cannot. */
  accept(description: string): readonly CallAction[] | null {
    const judged = this.#judge(description);
    return judged.outcome === 'accepted' ? judged.actions : null;
  }

  #judge(
    description: string,
  ):
    | { readonly outcome: 'accepted'; readonly actions: readonly CallAction[] }
    | { readonly outcome: 'refused'; readonly cause: ReleaseCause } {
    const { session } = this.#options;
    const before = session.media;
    const judged = session.receive(description);
    if (judged.outcome === 'refused') return judged;
    // A refresh of the session changes nothing: the leg is not to stumble over it.
    const isSame = this.#media === 'withheld' || isDeepStrictEqual(before, judged.media);
    return { outcome: 'accepted', actions: isSame ? [] : [this.#updateLeg()] };
  }

  #updateLeg(): CallAction {
    const { session, legId } = this.#options;
    return { type: 'media', command: { type: 'update-leg', legId, media: session.media } };
  }

  /** The peer, or the connection to it, is gone; nothing is sent any more. */
  lost(dialog: 'ended' | 'refused'): void {
    this.#dialog = dialog;
  }

  /** Ends what is left of the dialog: a refusal before the answer, BYE after it. */
  end(cause: ReleaseCause): readonly CallAction[] {
    if (this.#dialog === 'offered') {
      this.#dialog = 'refused';
      return [this.#reject(cause)];
    }
    if (this.#dialog !== 'answered') return [];
    this.#dialog = 'ended';
    const { dialogId } = this.#options;
    return [{ type: 'sip', command: { type: 'hang-up', dialogId, reason: reasonOf(cause) } }];
  }

  #describe(offer: string | null): CallAction {
    const { dialogId, localHost, session } = this.#options;
    const place = this.#place ?? NOWHERE;
    const sdp = session.describe(place, offer === null ? 'no-offer' : 'an-offer');
    return { type: 'sip', command: { type: 'answer', dialogId, sdp, localHost } };
  }

  #reject(cause: ReleaseCause): CallAction {
    const { status } = releaseVerdict(cause);
    return {
      type: 'sip',
      command: {
        type: 'reject',
        dialogId: this.#options.dialogId,
        status,
        retryAfterS: status === 503 ? RETRY_AFTER_S : null,
        reason: reasonOf(cause),
      },
    };
  }
}
