import { CODECS } from '../protocol/codec.ts';
import type { CodecName } from '../protocol/codec.ts';
import type { Hz } from '../protocol/units.ts';

/** Ticks in a second: a tick is 20 ms. */
const TICKS_PER_SECOND = 50;

/** Rates that rooms mix at. 16,000 would be one more row: everything else goes by this list. */
export const MIX_RATES_HZ: readonly Hz[] = [8000, 48_000];

/** Rate of all recordings. */
export const MIX_RATE_HZ: Hz = 8000;

/** Samples of a recording in one tick. */
export const FRAME_SAMPLES = 160;

/** Samples in one tick of 20 ms, at a rate of audio or of a clock. */
export function frameSamplesAt(rateHz: Hz): number {
  return rateHz / TICKS_PER_SECOND;
}

/** The rate at which legs of a codec are mixed. */
export function mixRateOf(codec: CodecName): Hz {
  return CODECS.find(({ name }) => name === codec)?.sampleRateHz ?? MIX_RATE_HZ;
}

/** The rate of a codec's RTP clock. */
export function clockRateOf(codec: CodecName): Hz {
  return CODECS.find(({ name }) => name === codec)?.clockRateHz ?? MIX_RATE_HZ;
}

/** Where a rate stands in `MIX_RATES_HZ`. */
export function rateIndexOf(rateHz: Hz): number {
  return Math.max(0, MIX_RATES_HZ.indexOf(rateHz));
}
