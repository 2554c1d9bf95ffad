/* eslint-disable @typescript-eslint/max-params -- An object of options for each gap would be garbage. */
import type { AudioDecoder } from '../codec/audio-codec.ts';
import type { Hz } from '../protocol/units.ts';
import type { JitterBufferPacket } from '../rtp/jitter-buffer.ts';
import { frameSamplesAt } from './mix-format.ts';

/** Made-up audio stays as the decoder makes it for so long, then falls to silence in a straight line. */
const FULL_LEVEL_MS = 60;
const SILENT_AFTER_MS = 120;
/** What a decoder makes of a pause, a faint noise, is faded out at once. */
const PAUSE_FADE_MS = 20;
/** From silence back into audio, and from audio into other audio. */
const BLEND_MS = 5;
/** Longest packet that is kept to warm a decoder up. */
const MAX_KEPT_BYTES = 400;
/** Longest packet, in frames of 20 ms. */
const MAX_PACKET_FRAMES = 6;

/**
 * Gaps in the audio of a decoder that makes up what is lost: how long it may, how that ends in silence, and how audio
 * begins again without a click. A decoder that has been passed over for a while decodes the last packet it has missed
 * before it is heard, so that it knows where the sound stands.
 */
export class DecoderGap {
  readonly #fullSamples: number;
  readonly #silentSamples: number;
  readonly #pauseSamples: number;
  readonly #blend: Int16Array;
  readonly #scratch: Int16Array;
  /** Made up since the last packet. */
  #gapSamples = 0;
  /** What the next packet begins with: nothing special, a rise from silence, or a blend with `#blend`. */
  #entry: 'plain' | 'from-silence' | 'blend' = 'plain';
  readonly #kept = new Uint8Array(MAX_KEPT_BYTES);
  /** Bytes of the last packet that was passed over; −1: the decoder has missed nothing. */
  #keptBytes = -1;

  constructor(rateHz: Hz) {
    const perMs = rateHz / 1000;
    this.#fullSamples = FULL_LEVEL_MS * perMs;
    this.#silentSamples = SILENT_AFTER_MS * perMs;
    this.#pauseSamples = PAUSE_FADE_MS * perMs;
    this.#blend = new Int16Array(BLEND_MS * perMs);
    this.#scratch = new Int16Array(MAX_PACKET_FRAMES * frameSamplesAt(rateHz));
  }

  /** Makes up `count` samples of `out` from `at`; `silence`: it has all faded, and nothing was written. */
  conceal(
    decoder: AudioDecoder,
    out: Int16Array,
    at: number,
    count: number,
    kind: 'loss' | 'pause',
  ): 'audio' | 'silence' {
    const fadeFrom = kind === 'pause' ? 0 : this.#fullSamples;
    const silentAfter = kind === 'pause' ? this.#pauseSamples : this.#silentSamples;
    if (this.#gapSamples >= silentAfter || this.#keptBytes >= 0) {
      this.#entry = 'from-silence';
      return 'silence';
    }
    const made = decoder.conceal?.(out, at, count) ?? 0;
    if (made < count) out.fill(0, at + made, at + count);
    for (let i = 0; i < count; i += 1) {
      const age = this.#gapSamples + i;
      if (age < fadeFrom) continue;
      const left = age >= silentAfter ? 0 : (silentAfter - age) / (silentAfter - fadeFrom);
      out[at + i] = Math.round((out[at + i] ?? 0) * left);
    }
    this.#gapSamples += count;
    return 'audio';
  }

  /** Passes over a packet. */
  skip(view: JitterBufferPacket): void {
    this.#keptBytes = view.length <= MAX_KEPT_BYTES ? view.length : 0;
    for (let i = 0; i < this.#keptBytes; i += 1) this.#kept[i] = view.bytes[view.offset + i] ?? 0;
    this.#entry = 'from-silence';
  }

  /** Gets a decoder ready for the packet that is decoded next. */
  close(decoder: AudioDecoder, view: JitterBufferPacket): void {
    if (this.#keptBytes > 0) decoder.decode(this.#kept, 0, this.#keptBytes, this.#scratch, 0);
    else if (view.continuity === 'jump' && this.#entry === 'plain') {
      // What would have come next is blended with what does.
      decoder.conceal?.(this.#blend, 0, this.#blend.length);
      this.#entry = 'blend';
    }
    this.#keptBytes = -1;
    this.#gapSamples = 0;
  }

  /** Smooths the beginning of the packet that was decoded last. */
  blend(samples: Int16Array, at: number, count: number): void {
    if (this.#entry === 'plain') return;
    const length = Math.min(this.#blend.length, count);
    const silence = this.#entry === 'from-silence';
    for (let i = 0; i < length; i += 1) {
      const before = silence ? 0 : (this.#blend[i] ?? 0);
      const after = samples[at + i] ?? 0;
      samples[at + i] = before + Math.round(((after - before) * (i + 1)) / (length + 1));
    }
    this.#entry = 'plain';
  }

  /** Forgets what was. */
  reset(): void {
    this.#gapSamples = 0;
    this.#entry = 'from-silence';
    this.#keptBytes = -1;
  }
}
