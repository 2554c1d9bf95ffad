import { createEncoder } from '../codec/audio-codec.ts';
import { OPUS_RATE_HZ } from '../codec/opus-codec.ts';
import type { OpusEncoder, OpusEncoderSettings } from '../codec/opus-codec.ts';
import { levelDbov } from '../dsp/level-meter.ts';
import type { OpusParameters } from '../protocol/mixer-command.ts';
import type { EncodedFrame } from './encoded-frame.ts';
import { frameSamplesAt } from './mix-format.ts';
import type { OpusTuning } from './opus-tuning.ts';

const OPUS_FRAME_SAMPLES = frameSamplesAt(OPUS_RATE_HZ);

/** What a room's shared stream is: anything that a peer may ask for, as it is made for many. */
export const SHARED_PARAMETERS: OpusParameters = {
  maxPlaybackRateHz: 48_000,
  maxAverageBitrate: null,
  inbandFec: 'wanted',
  dtx: 'not-asked',
};

/** One stream of Opus that is sent to one leg or to many: an encoder that is made when it is first needed. */
export class OpusStream {
  readonly #tuning: OpusTuning;
  readonly #parameters: OpusParameters;
  #encoder: OpusEncoder | null = null;
  #revision = -1;
  #expectedLossPercent = 0;
  #bitratePercent = 100;
  #state: 'running' | 'rested' = 'running';

  constructor(tuning: OpusTuning, parameters: OpusParameters) {
    this.#tuning = tuning;
    this.#parameters = parameters;
  }

  /** Encodes 960 samples of `frame` into `out`. */
  encode(frame: Int16Array, out: EncodedFrame): void {
    const encoder = (this.#encoder ??= this.#create());
    if (this.#revision !== this.#tuning.revision) this.#configure(encoder);
    // What it remembers is not what was heard last.
    if (this.#state === 'rested') encoder.reset();
    this.#state = 'running';
    out.length = encoder.encode(frame, 0, OPUS_FRAME_SAMPLES, out.bytes, 0);
    out.levelDbov = levelDbov(frame, 0, OPUS_FRAME_SAMPLES);
  }

  /** Says that listeners have heard something else in this tick: the next frame begins anew. */
  rest(): void {
    this.#state = 'rested';
  }

  /** Fits the stream to what is lost on the way. */
  adapt(expectedLossPercent: number, bitratePercent: number): void {
    if (expectedLossPercent === this.#expectedLossPercent) {
      if (bitratePercent === this.#bitratePercent) return;
    }
    this.#expectedLossPercent = expectedLossPercent;
    this.#bitratePercent = bitratePercent;
    if (this.#encoder !== null) this.#configure(this.#encoder);
  }

  /** Gives the encoder's memory back. Encoding again makes another. */
  free(): void {
    this.#encoder?.free();
    this.#encoder = null;
  }

  #create(): OpusEncoder {
    this.#revision = this.#tuning.revision;
    return createEncoder('opus', this.#settings());
  }

  #configure(encoder: OpusEncoder): void {
    this.#revision = this.#tuning.revision;
    encoder.configure(this.#settings());
  }

  #settings(): OpusEncoderSettings {
    const { bitrate, complexity } = this.#tuning.settings;
    const { maxAverageBitrate, inbandFec, maxPlaybackRateHz } = this.#parameters;
    const adapted = Math.round((bitrate * this.#bitratePercent) / 100);
    return {
      bitrate: maxAverageBitrate === null ? adapted : Math.min(adapted, maxAverageBitrate),
      complexity,
      inbandFec: inbandFec === 'wanted' ? 'on' : 'off',
      expectedLossPercent: this.#expectedLossPercent,
      // Rooms know themselves when there is nothing to hear.
      dtx: 'off',
      maxPlaybackRateHz,
    };
  }
}
