import { createEncoder } from '../codec/audio-codec.ts';
import type { AudioEncoder } from '../codec/audio-codec.ts';
import { MAX_OPUS_FRAME_BYTES } from '../codec/opus-codec.ts';
import { Limiter } from '../dsp/limiter.ts';
import { CODECS } from '../protocol/codec.ts';
import type { CodecName } from '../protocol/codec.ts';
import type { Hz } from '../protocol/units.ts';
import { EncodedFrame } from './encoded-frame.ts';
import { frameSamplesAt } from './mix-format.ts';
import { OpusStream, SHARED_PARAMETERS } from './opus-stream.ts';
import type { OpusTuning } from './opus-tuning.ts';

/** One codec's copy of what everybody hears. */
interface Encoding {
  readonly codec: CodecName;
  readonly encoder: Pick<AudioEncoder, 'encode'> | OpusStream;
  readonly frame: EncodedFrame;
  state: 'stale' | 'encoded';
}

/**
 * What all who only listen at one rate hear in one tick: mixed and limited once, and encoded once for each codec in use.
 */
export class SharedFrame {
  /** To be filled before `limit`: a frame of int32. */
  readonly mix: Int32Array;
  readonly #samples: number;
  readonly #frame: Int16Array;
  readonly #limiter: Limiter;
  readonly #encodings: readonly Encoding[];
  readonly #opus: OpusStream;
  #state: 'stale' | 'limited' = 'stale';

  constructor(rateHz: Hz, tuning: OpusTuning) {
    this.#samples = frameSamplesAt(rateHz);
    this.mix = new Int32Array(this.#samples);
    this.#frame = new Int16Array(this.#samples);
    this.#limiter = new Limiter(rateHz);
    this.#opus = new OpusStream(tuning, SHARED_PARAMETERS);
    this.#encodings = CODECS.filter(({ sampleRateHz }) => sampleRateHz === rateHz).map(
      ({ name }) => ({
        codec: name,
        encoder: name === 'opus' ? this.#opus : createEncoder(name),
        frame: new EncodedFrame(name === 'opus' ? MAX_OPUS_FRAME_BYTES : this.#samples),
        state: 'stale',
      }),
    );
  }

  /** Begins a tick. */
  clear(): void {
    this.#state = 'stale';
    for (const encoding of this.#encodings) {
      if (encoding.state === 'stale' && encoding.encoder instanceof OpusStream) {
        encoding.encoder.rest();
      }
      encoding.state = 'stale';
    }
  }

  /** Whether this tick's mix is there already. */
  get isMixed(): boolean {
    return this.#state === 'limited';
  }

  /** Takes `mix` as this tick's. */
  limit(): void {
    this.#limiter.process(this.mix, this.#frame, this.#samples);
    this.#state = 'limited';
  }

  /** This tick's frame in one codec of the rate. It holds until the next tick. */
  encodedFor(codec: CodecName): EncodedFrame {
    for (const encoding of this.#encodings) {
      if (encoding.codec !== codec) continue;
      if (encoding.state === 'stale') {
        this.#encode(encoding);
        encoding.state = 'encoded';
      }
      return encoding.frame;
    }
    return NOTHING;
  }

  /** Fits what is sent to the worst of the listeners. */
  adapt(expectedLossPercent: number, bitratePercent: number): void {
    this.#opus.adapt(expectedLossPercent, bitratePercent);
  }

  /** Gives memory back. */
  free(): void {
    this.#opus.free();
  }

  #encode({ encoder, frame }: Encoding): void {
    if (encoder instanceof OpusStream) encoder.encode(this.#frame, frame);
    else frame.length = encoder.encode(this.#frame, 0, this.#samples, frame.bytes, 0);
  }
}

/** Nobody asks for a codec of another rate; this keeps the types honest. */
const NOTHING = new EncodedFrame(0);
