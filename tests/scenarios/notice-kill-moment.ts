import type { Random } from '../../server/runtime/random.ts';

/** What a moment to kill is counted from. */
export type Happening = 'asked' | 'answered' | 'mail' | 'sms';

const HAPPENINGS: readonly Happening[] = ['asked', 'answered', 'mail', 'sms'];

/** So many happenings of one kind at most are let pass. */
const MOST_PASSED = 8;

/** Half of the moments come at once after what they are counted from, where the narrow gaps are. */
const AT_ONCE_MS = 12;
const LATER_MS = 250;

/** A moment that does not come by itself in this time is now. */
const PATIENCE_MS = 2500;

/** Chooses the moments at which the server is killed: so long after so many of one kind of happening. */
export class KillMoment {
  readonly #random: Random;
  #waiting: { happening: Happening; left: number; ring: () => void } | null = null;

  constructor(random: Random) {
    this.#random = random;
  }

  happened(happening: Happening): void {
    if (this.#waiting?.happening !== happening) return;
    this.#waiting.left -= 1;
    if (this.#waiting.left <= 0) this.#waiting.ring();
  }

  /** Comes back in the next moment. */
  next(): Promise<void> {
    const happening = HAPPENINGS[this.#random.integer(HAPPENINGS.length)] ?? 'asked';
    const left = 1 + this.#random.integer(MOST_PASSED);
    const spread = this.#random.integer(2) === 0 ? AT_ONCE_MS : LATER_MS;
    const delayMs = this.#random.integer(spread + 1);
    return new Promise((resolve) => {
      const impatience = setTimeout(resolve, PATIENCE_MS);
      const ring = (): void => {
        this.#waiting = null;
        clearTimeout(impatience);
        // 0 is at once, within the exchange itself, and not one turn of the event loop later.
        if (delayMs === 0) resolve();
        else setTimeout(resolve, delayMs);
      };
      this.#waiting = { happening, left, ring };
    });
  }
}
