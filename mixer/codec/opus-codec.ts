import type { Hz } from '../protocol/units.ts';

/** Longest payload of one 20 ms frame, RFC 6716 §3.4; what we send never exceeds it. */
export const MAX_OPUS_FRAME_BYTES = 1275;

/** The rate that Opus is decoded and encoded at, whatever bandwidth a packet carries. RFC 7587 §4.1. */
export const OPUS_RATE_HZ: Hz = 48_000;

/** How one stream is encoded. */
export interface OpusEncoderSettings {
  /** Bits per second: 6,000–510,000; what is outside is cut. */
  readonly bitrate: number;
  /** 0–10. */
  readonly complexity: number;
  /** Whether packets repeat the frame before at a low rate (LBRR); takes effect where loss is expected. */
  readonly inbandFec: 'on' | 'off';
  /** What the network is expected to lose, 0–100: with FEC, how much is spent on the repetition. */
  readonly expectedLossPercent: number;
  /** Whether silence is sent as packets of 1–2 bytes, which need not be sent at all. */
  readonly dtx: 'on' | 'off';
  /** Highest sample rate that the peer can play: no bandwidth beyond it is encoded. RFC 7587 §3.1.1, §6.1. */
  readonly maxPlaybackRateHz: Hz;
}

/**
 * One stream of Opus to mono at 48 kHz (stereo is mixed down). It remembers: every frame of the stream goes through it
 * in order, by `decode`, `decodeRedundancy` or `conceal`. Nothing is allocated after it was made.
 */
export interface OpusDecoder {
  /**
   * Decodes a packet into `out` from `outOffset`, which has room for `durationSamples` of it; returns the samples
   * written, 0 when the packet is malformed.
   */
  decode(
    payload: Uint8Array,
    offset: number,
    length: number,
    out: Int16Array,
    outOffset: number,
  ): number;
  /** What a packet holds at 48 kHz, 120–5,760; −1 when it cannot be one of Opus. RFC 6716 §3. */
  durationSamples(payload: Uint8Array, offset: number, length: number): number;
  /** Makes up `samples` of lost audio in `out` from `outOffset`; returns `samples`. */
  conceal(out: Int16Array, outOffset: number, samples: number): number;
  /**
   * Decodes what `payload` repeats of the frame before it, which was lost, into `out`. `samples` — how much is missing
   * right before it, a multiple of 120; what lies before the repetition is concealed. Returns the samples written: all,
   * or 0 when `payload` repeats nothing. `payload` itself is decoded afterwards, by `decode`.
   */
  decodeRedundancy(
    payload: Uint8Array,
    offset: number,
    length: number,
    out: Int16Array,
    outOffset: number,
    samples: number,
  ): number;
  /** Gives the memory back at once; otherwise it goes with the object. Afterwards nothing is decoded: 0. */
  free(): void;
}

/** Mono at 48 kHz to one stream of Opus. Make one for each stream that is sent. */
export interface OpusEncoder {
  /**
   * Encodes `length` samples from `offset` (2.5, 5, 10, 20, 40 or 60 ms of them) into `out` from `outOffset`; returns the
   * bytes written, at most `MAX_OPUS_FRAME_BYTES` and what `out` has room for. With DTX, 1 or 2 bytes say that nothing
   * need be sent. 0: `length` is none of these, or the encoder was freed.
   */
  encode(
    samples: Int16Array,
    offset: number,
    length: number,
    out: Uint8Array,
    outOffset: number,
  ): number;
  /** Silence has no payload of one byte over and over. */
  readonly silenceByte: null;
  /** Changes some settings from the next frame on. */
  configure(change: Partial<OpusEncoderSettings>): void;
  /** Forgets the audio so far. */
  reset(): void;
  /** Gives the memory back at once; otherwise it goes with the object. Afterwards nothing is encoded: 0. */
  free(): void;
}

/** A build of libopus. Each thread has its own. */
export interface OpusLibrary {
  readonly kind: 'native' | 'wasm';
  createDecoder(): OpusDecoder;
  createEncoder(settings: OpusEncoderSettings): OpusEncoder;
}
