/** A frame this loud opens the gate, whoever makes the sound: what is softer is no speech (see `VoiceActivity`). */
const OPEN_MIN_DBOV = -55;
/** Ticks that must all be softer before the gate shuts: 400 ms. */
const SHUT_AFTER_TICKS = 20;

/**
 * Tells when a microphone has nothing to say, so that its noise need not be mixed and its owner can hear what all others
 * hear. It looks at a frame before that is heard: the first that is loud passes whole. Before it lay silence or what is
 * far below speech, so neither edge is heard.
 */
export class QuietGate {
  #quietTicks = SHUT_AFTER_TICKS;

  /** Takes the level of a 20 ms frame, dBov, and whether it is thought to be speech; whether the frame is to be heard. */
  frame(levelDbov: number, activity: 'speech' | 'quiet'): 'open' | 'shutting' | 'shut' {
    if (levelDbov >= OPEN_MIN_DBOV || activity === 'speech') {
      this.#quietTicks = 0;
      return 'open';
    }
    if (this.#quietTicks >= SHUT_AFTER_TICKS) return 'shut';
    this.#quietTicks += 1;
    return this.#quietTicks === SHUT_AFTER_TICKS ? 'shutting' : 'open';
  }
}

/** Fades a frame of `length` samples out, in place. */
export function fadeOut(samples: Int16Array, length: number): void {
  for (let i = 0; i < length; i += 1) {
    samples[i] = Math.round(((samples[i] ?? 0) * (length - 1 - i)) / length);
  }
}
