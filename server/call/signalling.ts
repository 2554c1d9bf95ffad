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

/** The signalling half of a call: its dialog, and the offers and answers in it. */
export class Signalling {
  readonly #options: SignallingOptions;
  #dialog: DialogState = 'offered';
  #place: LegPlace = { port: 0, candidates: [] };

  constructor(options: SignallingOptions) {
    this.#options = options;
  }

  get dialog(): DialogState {
    return this.#dialog;
  }

  /** The INVITE is answered with where the leg can be reached. */
  answer(place: LegPlace, offer: string | null): readonly CallAction[] {
    const { port, candidates } = place;
    this.#place = { port, candidates };
    this.#dialog = 'answered';
    return [this.#describe(offer), { type: 'answered' }];
  }

  /** A re-INVITE is answered, or refused and the session left as it was (RFC 3261 §14.2). */
  reoffer(offer: string | null): readonly CallAction[] {
    if (this.#dialog !== 'answered') return [];
    if (offer === null) return [this.#describe(null)];
    const accepted = this.accept(offer);
    if (accepted !== null) return [...accepted, this.#describe(offer)];
    return [this.#reject('no-common-codec')];
  }

  /** A description of the peer takes force. Null when it cannot. */
  accept(description: string): readonly CallAction[] | null {
    const { session, legId } = this.#options;
    const judged = session.receive(description);
    if (judged.outcome === 'refused') return null;
    return [{ type: 'media', command: { type: 'update-leg', legId, media: judged.media } }];
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
    const sdp = session.describe(this.#place, offer === null ? 'no-offer' : 'an-offer');
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
