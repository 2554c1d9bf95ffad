import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { Hz } from '../../mixer/protocol/units.ts';

/** A recording that cannot be used, and why in one sentence. */
export class WavError extends CodedError {
  constructor(message: string, context: CodedError['context'] = {}) {
    super('WAV_FORMAT', message, context);
  }
}

/** How samples are stored. `pcm`: 8 bit unsigned, above that signed. */
export type WavEncoding = 'pcm' | 'float' | 'a-law' | 'mu-law' | 'ima-adpcm';

/** The `fmt ` chunk, checked. */
export interface WavFormat {
  readonly encoding: WavEncoding;
  readonly channels: 1 | 2;
  readonly sampleRateHz: Hz;
  /** Bytes of one frame of all channels, or of one ADPCM block. */
  readonly blockBytes: number;
  readonly bitsPerSample: number;
}

/** Format tags of the registry in RFC 2361, appendix A, and the escape of WAVE_FORMAT_EXTENSIBLE. */
const ENCODINGS: Readonly<Record<number, WavEncoding>> = {
  0x0001: 'pcm',
  0x0003: 'float',
  0x0006: 'a-law',
  0x0007: 'mu-law',
  0x0011: 'ima-adpcm',
};
const EXTENSIBLE = 0xfffe;

/** Sample sizes that are understood. */
const BITS: Readonly<Record<WavEncoding, readonly number[]>> = {
  pcm: [8, 16, 24, 32],
  float: [32],
  'a-law': [8],
  'mu-law': [8],
  'ima-adpcm': [4],
};

const LOWEST_RATE_HZ = 4000;
const HIGHEST_RATE_HZ = 192_000;

/**
 * Reads a `fmt ` chunk.
 *
 * @throws WavError when it is too short or describes something that is not understood.
 */
export function parseWavFormat(chunk: DataView): WavFormat {
  if (chunk.byteLength < 16) throw new WavError('the fmt chunk is too short');
  const encoding = encodingOf(chunk);
  const channels = chunk.getUint16(2, true);
  const sampleRateHz = chunk.getUint32(4, true);
  const blockBytes = chunk.getUint16(12, true);
  const bitsPerSample = chunk.getUint16(14, true);
  if (channels !== 1 && channels !== 2) {
    throw new WavError('only mono and stereo are understood', { channels });
  }
  if (sampleRateHz < LOWEST_RATE_HZ || sampleRateHz > HIGHEST_RATE_HZ) {
    throw new WavError('the sample rate is not between 4,000 and 192,000 Hz', { sampleRateHz });
  }
  if (!BITS[encoding].includes(bitsPerSample)) {
    throw new WavError('this sample size is not understood', { encoding, bitsPerSample });
  }
  const format = { encoding, channels, sampleRateHz, blockBytes, bitsPerSample } as const;
  checkBlock(format);
  return format;
}

function encodingOf(chunk: DataView): WavEncoding {
  const tag = chunk.getUint16(0, true);
  // The sub-format's first two bytes are the tag of old.
  const real = tag === EXTENSIBLE && chunk.byteLength >= 26 ? chunk.getUint16(24, true) : tag;
  const encoding = ENCODINGS[real];
  if (encoding === undefined) {
    throw new WavError('this encoding is not understood; save it as 16-bit PCM', {
      formatTag: real,
    });
  }
  return encoding;
}

function checkBlock(format: WavFormat): void {
  const { encoding, channels, blockBytes, bitsPerSample } = format;
  const fits =
    encoding === 'ima-adpcm'
      ? blockBytes >= 8 * channels && blockBytes % (4 * channels) === 0
      : blockBytes === (channels * bitsPerSample) / 8;
  if (!fits) throw new WavError('the block size does not fit the format', { encoding, blockBytes });
}
