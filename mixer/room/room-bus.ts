import { Resampler } from '../dsp/resampler.ts';
import type { Hz } from '../protocol/units.ts';
import { frameSamplesAt, MIX_RATE_HZ } from './mix-format.ts';
import { MixBus } from './mix-bus.ts';
import type { OpusTuning } from './opus-tuning.ts';
import { SharedFrame } from './shared-frame.ts';

/** Silence in a row after which nothing of the last sound is left in any codec: 200 ms. */
const SETTLED_TICKS = 10;

/** All that legs of one rate hear in a room. */
export class RoomBus {
  readonly rateHz: Hz;
  /** The sum of what is said: by the legs of this rate first, then by all others too. */
  readonly voices: MixBus;
  readonly shared: SharedFrame;
  /** What plays to the room, at this rate. */
  readonly prompt: Int32Array;
  /** Legs of this rate in the tick at hand. */
  legs = 0;
  /** `settled`: there is nothing to hear and no codec has anything left of what was. */
  silence: 'none' | 'fresh' | 'settled' = 'settled';
  readonly #promptResampler: Resampler | null;
  #silentTicks = SETTLED_TICKS;

  constructor(rateHz: Hz, tuning: OpusTuning) {
    this.rateHz = rateHz;
    this.voices = new MixBus(rateHz);
    this.shared = new SharedFrame(rateHz, tuning);
    this.prompt = new Int32Array(frameSamplesAt(rateHz));
    this.#promptResampler = rateHz === MIX_RATE_HZ ? null : new Resampler(MIX_RATE_HZ, rateHz);
  }

  /** Begins a tick. */
  clear(): void {
    this.voices.clear();
    this.shared.clear();
    this.legs = 0;
  }

  /** Whether the end of a recording is still to be heard here. */
  get promptRings(): boolean {
    return this.#promptResampler?.isRinging === true;
  }

  /** Takes this tick's piece of a recording. */
  playPrompt(clips: Int32Array): void {
    if (this.#promptResampler === null) this.prompt.set(clips);
    else this.#promptResampler.addTo(clips, this.prompt.fill(0));
  }

  /** Plays the end of a recording. */
  endPrompt(): void {
    this.prompt.fill(0);
    this.#promptResampler?.flushTo(this.prompt);
  }

  /** Adds the recording to what a leg hears. */
  addPrompt(mix: Int32Array): void {
    const { prompt } = this;
    for (let i = 0; i < prompt.length; i += 1) mix[i] = (mix[i] ?? 0) + (prompt[i] ?? 0);
  }

  /** Says whether there is anything to hear in this tick. */
  settle(hears: 'something' | 'nothing'): void {
    if (hears === 'something') this.#silentTicks = 0;
    else if (this.#silentTicks < SETTLED_TICKS) this.#silentTicks += 1;
    if (hears === 'something') this.silence = 'none';
    // At the rate of telephones no codec remembers anything.
    else if (this.#promptResampler === null) this.silence = 'settled';
    else this.silence = this.#silentTicks >= SETTLED_TICKS ? 'settled' : 'fresh';
  }

  /** Nobody hears this rate any more. */
  rest(): void {
    this.#promptResampler?.reset();
    this.#silentTicks = SETTLED_TICKS;
  }
}
