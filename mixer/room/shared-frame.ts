import { createEncoder } from '../codec/audio-codec.ts';
import type { AudioEncoder } from '../codec/audio-codec.ts';
import { Limiter } from '../dsp/limiter.ts';
import { CODECS } from '../protocol/codec.ts';
import type { CodecName } from '../protocol/codec.ts';
import { FRAME_SAMPLES, MIX_RATE_HZ } from './mix-format.ts';

/** One codec's copy of what everybody hears. */
interface Encoding {
  readonly codec: CodecName;
  readonly encoder: AudioEncoder;
  readonly bytes: Uint8Array;
  state: 'stale' | 'encoded';
}

/** What all who only listen hear in one tick: mixed and limited once, and encoded once for each codec in use. */
export class SharedFrame {
  /** To be filled before `limit`: `FRAME_SAMPLES` int32. */
  readonly mix = new Int32Array(FRAME_SAMPLES);
  readonly #frame = new Int16Array(FRAME_SAMPLES);
  readonly #limiter = new Limiter(MIX_RATE_HZ);
  readonly #encodings: readonly Encoding[] = CODECS.map(({ name }) => ({
    codec: name,
    encoder: createEncoder(name),
    bytes: new Uint8Array(FRAME_SAMPLES),
    state: 'stale',
  }));
  #state: 'stale' | 'limited' = 'stale';

  /** Begins a tick. */
  clear(): void {
    this.#state = 'stale';
    for (const encoding of this.#encodings) encoding.state = 'stale';
  }

  /** Whether this tick's mix is there already. */
  get isMixed(): boolean {
    return this.#state === 'limited';
  }

  /** Takes `mix` as this tick's. */
  limit(): void {
    this.#limiter.process(this.mix, this.#frame, FRAME_SAMPLES);
    this.#state = 'limited';
  }

  /** This tick's frame in one codec. The bytes hold until the next tick. */
  encodedFor(codec: CodecName): Uint8Array {
    for (const encoding of this.#encodings) {
      if (encoding.codec !== codec) continue;
      if (encoding.state === 'stale') {
        encoding.encoder.encode(this.#frame, 0, FRAME_SAMPLES, encoding.bytes, 0);
        encoding.state = 'encoded';
      }
      return encoding.bytes;
    }
    return NOTHING;
  }
}

/** There is an encoding for every codec of the catalogue; this keeps the types honest. */
const NOTHING = new Uint8Array(FRAME_SAMPLES);
