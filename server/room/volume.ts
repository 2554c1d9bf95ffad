import type { VolumeScale } from './room-options.ts';

/** Changes of a volume by one step. */
export type VolumeChange = 'quieter' | 'louder';

/** What a step came to: the new step, and whether there was room for it. */
export interface VolumeResult {
  readonly step: number;
  readonly outcome: 'changed' | 'at-limit';
}

/** Moves a volume by one step of its scale; at the end of the scale it stays. Step 0 is as it came. */
export function changeVolume(step: number, change: VolumeChange, scale: VolumeScale): VolumeResult {
  const next = change === 'louder' ? step + 1 : step - 1;
  return next < scale.lowest || next > scale.highest
    ? { step, outcome: 'at-limit' }
    : { step: next, outcome: 'changed' };
}

/** The gain of a step in decibels. */
export function gainDb(step: number, scale: VolumeScale): number {
  return step * scale.stepDb;
}
