/** Step sizes of the IMA Digital Audio ADPCM algorithm, by step index (IMA Recommended Practices 3.0, table 2). */
const STEP_SIZES = Int32Array.of(
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  16,
  17,
  19,
  21,
  23,
  25,
  28,
  31,
  34,
  37,
  41,
  45,
  50,
  55,
  60,
  66,
  73,
  80,
  88,
  97,
  107,
  118,
  130,
  143,
  157,
  173,
  190,
  209,
  230,
  253,
  279,
  307,
  337,
  371,
  408,
  449,
  494,
  544,
  598,
  658,
  724,
  796,
  876,
  963,
  1060,
  1166,
  1282,
  1411,
  1552,
  1707,
  1878,
  2066,
  2272,
  2499,
  2749,
  3024,
  3327,
  3660,
  4026,
  4428,
  4871,
  5358,
  5894,
  6484,
  7132,
  7845,
  8630,
  9493,
  10442,
  11487,
  12635,
  13899,
  15289,
  16818,
  18500,
  20350,
  22385,
  24623,
  27086,
  29794,
  32767,
);

/** Change of the step index for each code (table 1). The sign bit does not matter. */
const INDEX_CHANGES = Int32Array.of(-1, -1, -1, -1, 2, 4, 6, 8, -1, -1, -1, -1, 2, 4, 6, 8);

const LARGEST_INDEX = STEP_SIZES.length - 1;
const HEADER_BYTES = 4;

/** How many samples of one channel a WAV block of `blockBytes` holds: one in the header, two in each further byte. */
export function samplesPerBlock(blockBytes: number, channels: number): number {
  return Math.trunc((blockBytes - HEADER_BYTES * channels) * 2) / channels + 1;
}

/** A predictor and its step index: all that a channel remembers. */
interface ChannelState {
  predictor: number;
  index: number;
}

/** What a code adds to the predictor, at `index × 16 + code`: the algorithm's shifts, done once. */
const DIFFERENCES = Int32Array.from({ length: STEP_SIZES.length * 16 }, (_, at) => {
  const step = STEP_SIZES[at >> 4] ?? 0;
  let difference = step >> 3;
  if ((at & 4) !== 0) difference += step;
  if ((at & 2) !== 0) difference += step >> 1;
  if ((at & 1) !== 0) difference += step >> 2;
  return (at & 8) !== 0 ? -difference : difference;
});

/** The step index after a code, at the same place. */
const NEXT_INDEXES = Int32Array.from({ length: STEP_SIZES.length * 16 }, (_, at) =>
  Math.max(0, Math.min(LARGEST_INDEX, (at >> 4) + (INDEX_CHANGES[at & 15] ?? 0))),
);

/** The next sample for a 4-bit code; the decoder's half of the algorithm, which the encoder runs too. */
function decodeCode(state: ChannelState, code: number): number {
  const at = (state.index << 4) | code;
  const next = state.predictor + (DIFFERENCES[at] ?? 0);
  state.predictor = next > 32767 ? 32767 : next < -32768 ? -32768 : next;
  state.index = NEXT_INDEXES[at] ?? 0;
  return state.predictor;
}

/**
 * Decodes WAV blocks of IMA ADPCM (format 0x11): each starts with one header per channel (predictor, step index),
 * then groups of four bytes per channel in turn, low nibble first.
 *
 * Returns int16, interleaved if stereo; a block cut short at the end gives the samples that are whole.
 */
export function decodeImaAdpcm(
  bytes: Uint8Array,
  format: { readonly blockBytes: number; readonly channels: number },
): Int16Array {
  const { blockBytes, channels } = format;
  const blockFrames = samplesPerBlock(blockBytes, channels);
  const fullBlocks = Math.trunc(bytes.length / blockBytes);
  const restBytes = bytes.length - fullBlocks * blockBytes;
  const groups = Math.floor((restBytes - HEADER_BYTES * channels) / (4 * channels));
  const restFrames = groups >= 0 ? groups * 8 + 1 : 0;
  const out = new Int16Array((fullBlocks * blockFrames + restFrames) * channels);
  for (let block = 0; block * blockFrames * channels < out.length; block += 1) {
    const from = block * blockBytes;
    const target = out.subarray(block * blockFrames * channels);
    decodeBlock(bytes.subarray(from, from + blockBytes), channels, target);
  }
  return out;
}

function decodeBlock(block: Uint8Array, channels: number, out: Int16Array): void {
  const groups = Math.trunc((block.length - HEADER_BYTES * channels) / (4 * channels));
  for (let channel = 0; channel < channels; channel += 1) {
    const state = readHeader(block, channel * HEADER_BYTES);
    out[channel] = state.predictor;
    let frame = 1;
    for (let group = 0; group < groups; group += 1) {
      const from = HEADER_BYTES * channels + (group * channels + channel) * 4;
      for (let byte = from; byte < from + 4; byte += 1) {
        const pair = block[byte] ?? 0;
        out[frame * channels + channel] = decodeCode(state, pair & 15);
        out[(frame + 1) * channels + channel] = decodeCode(state, pair >> 4);
        frame += 2;
      }
    }
  }
}

function readHeader(block: Uint8Array, at: number): ChannelState {
  const predictor = (((block[at] ?? 0) | ((block[at + 1] ?? 0) << 8)) << 16) >> 16;
  return { predictor, index: Math.min(block[at + 2] ?? 0, LARGEST_INDEX) };
}

/**
 * Encodes mono int16 into WAV blocks of `blockBytes`. The last block ends with the group of eight samples that the sound
 * ends in, filled up by repeating the last one; the true length belongs into the file's `fact` chunk.
 */
export function encodeImaAdpcm(samples: Int16Array, blockBytes: number): Uint8Array {
  const blockSamples = samplesPerBlock(blockBytes, 1);
  const fullBlocks = Math.trunc(samples.length / blockSamples);
  const rest = samples.length - fullBlocks * blockSamples;
  const restBytes = rest === 0 ? 0 : HEADER_BYTES + Math.ceil((rest - 1) / 8) * 4;
  const out = new Uint8Array(fullBlocks * blockBytes + restBytes);
  const state: ChannelState = { predictor: 0, index: 0 };
  for (let block = 0; block * blockBytes < out.length; block += 1) {
    const sound = samples.subarray(block * blockSamples, (block + 1) * blockSamples);
    encodeBlock(sound, state, out.subarray(block * blockBytes, (block + 1) * blockBytes));
  }
  return out;
}

function encodeBlock(samples: Int16Array, state: ChannelState, out: Uint8Array): void {
  const first = samples[0] ?? 0;
  state.predictor = first;
  out[0] = first & 255;
  out[1] = (first >> 8) & 255;
  out[2] = state.index;
  const last = samples[samples.length - 1] ?? 0;
  for (let byte = HEADER_BYTES; byte < out.length; byte += 1) {
    const at = (byte - HEADER_BYTES) * 2 + 1;
    const low = encodeSample(state, samples[at] ?? last);
    out[byte] = low | (encodeSample(state, samples[at + 1] ?? last) << 4);
  }
}

/** The code whose decoding comes nearest to `sample`. */
function encodeSample(state: ChannelState, sample: number): number {
  const step = STEP_SIZES[state.index] ?? 0;
  const difference = sample - state.predictor;
  const magnitude = Math.min(7, Math.trunc((Math.abs(difference) * 4) / step));
  const code = difference < 0 ? magnitude | 8 : magnitude;
  decodeCode(state, code);
  return code;
}
