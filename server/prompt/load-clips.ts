import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { ClipBank } from '../../mixer/protocol/mixer-command.ts';
import type { Hz } from '../../mixer/protocol/units.ts';

/** What `loadClipBank` is told. */
export interface ClipBankOptions {
  /** `prompts.directory`: recordings of the operator that replace ours, or null. */
  readonly directory: string | null;
  /** The rate that rooms mix at. */
  readonly sampleRateHz: Hz;
  /** Takes a line for each replacement that cannot be used. */
  readonly log: { warn(message: string, facts: Facts): void };
}

/**
 * Reads every recording and sound into one shared buffer: `pl/…`, `en/…`, `tone-enter`, `tone-leave`, `music`.
 * A file `pl/menu-join.wav` or `sound/music.wav` in `directory` replaces ours.
 *
 * @throws PromptDirectoryError when `directory` is not a folder that can be read.
 */
export function loadClipBank(options: ClipBankOptions): ClipBank {
  return { sampleRateHz: options.sampleRateHz, samples: new SharedArrayBuffer(0), clips: {} };
}
