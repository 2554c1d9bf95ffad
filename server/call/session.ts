import type { CodecName } from '../../mixer/protocol/codec.ts';
import type { LegMedia } from '../../mixer/protocol/mixer-command.ts';
import { negotiate } from '../sdp/negotiate.ts';
import type { Negotiated } from '../sdp/negotiate.ts';
import { writeAnswer, writeOffer } from '../sdp/write-description.ts';

/** What a session is made of from our side. */
export interface SessionOptions {
  readonly codecs: readonly CodecName[];
  /** Literal address that phones are told to send to. */
  readonly advertisedHost: string;
  /** Where packets go when the SDP names no literal address. */
  readonly peerHost: string;
  /** For `o=`: not predictable, at most 62 bit. */
  readonly sessionId: string;
}

/** A peer's description as it was judged. */
export type Judged =
  | { readonly outcome: 'agreed'; readonly media: LegMedia }
  | { readonly outcome: 'refused'; readonly cause: 'bad-offer' | 'no-common-codec' };

/**
 * One call's offers and answers (RFC 3264), first and later ones. It keeps what was agreed last, and counts the versions of
 * our own descriptions.
 */
export class Session {
  readonly #options: SessionOptions;
  #agreed: Negotiated | null = null;
  #version = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** What is agreed now. Before the answer to an offer of ours: a silent session that sends nothing. */
  get media(): LegMedia {
    return this.#agreed?.media ?? silentMedia(this.#options);
  }

  /** Judges the peer's offer, or its answer to ours, and keeps it when it will do. */
  receive(description: string): Judged {
    const { codecs, peerHost } = this.#options;
    const result = negotiate(description, { codecs, fallbackHost: peerHost });
    if (result.outcome === 'refused') {
      return {
        outcome: 'refused',
        cause: result.why === 'malformed' ? 'bad-offer' : 'no-common-codec',
      };
    }
    this.#agreed = result;
    return { outcome: 'agreed', media: result.media };
  }

  /** Our description for the next response: an answer when the peer has offered, else an offer. `port` — our RTP port. */
  describe(port: number, towards: 'an-offer' | 'no-offer'): string {
    this.#version += 1;
    const origin = {
      sessionId: this.#options.sessionId,
      sessionVersion: this.#version,
      host: this.#options.advertisedHost,
      port,
    };
    return towards === 'an-offer' && this.#agreed !== null
      ? writeAnswer(this.#agreed, origin)
      : writeOffer(this.#options.codecs, 'sendrecv', origin);
  }
}

/** Holds the leg's place until the peer has answered our offer. */
function silentMedia(options: SessionOptions): LegMedia {
  const codec = options.codecs[0] ?? 'PCMA';
  return {
    codec,
    payloadTypeOut: codec === 'PCMA' ? 8 : 0,
    payloadTypesIn: [],
    telephoneEventPayloadType: null,
    comfortNoisePayloadType: null,
    ptimeOutMs: 20,
    remote: { host: options.peerHost, port: 9 },
    remoteRtcp: null,
    direction: 'inactive',
  };
}
