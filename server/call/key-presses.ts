import type { DtmfKey, DtmfMethod } from '../../mixer/protocol/dtmf.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';

/** One telling of a key. */
export interface KeyTold {
  readonly key: DtmfKey;
  readonly method: DtmfMethod;
  /**
   * How long it was held, where that is told with it (INFO): some telephones send that at the beginning of the press and
   * some at the end. 0: not told.
   */
  readonly heldMs: DurationMs;
}

interface Press {
  readonly key: DtmfKey;
  readonly atMs: MonotonicMs;
  readonly heldMs: DurationMs;
  readonly toldBy: Set<DtmfMethod>;
}

/** How far apart two methods may tell of one press. */
const WINDOW_MS: DurationMs = 150;
/**
 * How late a method may tell where it is known that the telephone tells by two: some send no INFO before the last one was
 * answered, and look for answers once a second.
 */
const LATE_MS: DurationMs = 5000;
/** No longer press is looked for; with the window it is less than `LATE_MS`. */
const LONGEST_HELD_MS: DurationMs = 2000;

/**
 * Tells presses from their echoes: a telephone may tell of one press by RFC 4733, by INFO and as a tone, all at once. Each
 * method tells of a press once; so the same key by the same method is another press, however soon it comes. Once a telephone
 * has told of one press twice it is taken to do so always, and the second telling may be late.
 */
export class KeyPresses {
  #presses: readonly Press[] = [];
  #method: DtmfMethod | null = null;
  /** Those by which one and the same press was told. */
  readonly #together = new Set<DtmfMethod>();

  /** By which method the last press was told first; null before any. */
  get method(): DtmfMethod | null {
    return this.#method;
  }

  /** Whether this is a press, or what another method has told already. */
  told({ key, method, heldMs }: KeyTold, nowMs: MonotonicMs): 'press' | 'echo' {
    const held = Math.min(Math.max(0, heldMs), LONGEST_HELD_MS);
    const recent = this.#presses.filter((press) => nowMs - press.atMs <= LATE_MS);
    const echoed = recent.find(
      (press) =>
        press.key === key &&
        !press.toldBy.has(method) &&
        // It may have begun any time since `held` ago, or be told of while it lasts.
        (nowMs - Math.max(held, press.heldMs) - press.atMs <= WINDOW_MS ||
          this.#isToldTwice(press, method)),
    );
    this.#presses = recent;
    if (echoed !== undefined) {
      echoed.toldBy.add(method);
      for (const each of echoed.toldBy) this.#together.add(each);
      return 'echo';
    }
    this.#presses = [...recent, { key, atMs: nowMs, heldMs: held, toldBy: new Set([method]) }];
    this.#method = method;
    return 'press';
  }

  /** Whether this telephone is known to tell presses by `method` and by one of those that told of this one. */
  #isToldTwice(press: Press, method: DtmfMethod): boolean {
    return this.#together.has(method) && [...press.toldBy].some((each) => this.#together.has(each));
  }
}
