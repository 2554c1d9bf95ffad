import type { Hz } from '../protocol/units.ts';

/** Rate at which rooms mix: all codecs so far are at 8 kHz, so nothing is resampled. */
export const MIX_RATE_HZ: Hz = 8000;

/** Samples that are mixed in one tick of 20 ms. */
export const FRAME_SAMPLES = 160;
