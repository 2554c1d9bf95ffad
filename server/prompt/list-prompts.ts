import type { DurationMs } from '../../mixer/protocol/units.ts';
import { PROMPTS, readPrompt, wavFilesIn } from './prompt-files.ts';
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
 * A replacement that cannot be read shows as `built-in`, for that is what is heard.
 *
 * @throws PromptDirectoryError when `directory` is not a folder that can be read.
 * @throws CodedError `PROMPT_MISSING` when one of ours cannot be read.
 */
export function listPrompts(options: {
  readonly directory: string | null;
  readonly language?: Language;
}): readonly PromptListing[] {
  const { directory, language } = options;
  const operator = directory === null ? null : { directory, files: wavFilesIn(directory) };
  return PROMPTS.filter(
    (prompt) => language === undefined || prompt.language === null || prompt.language === language,
  ).map((prompt) => {
    const { recording, file, source } = readPrompt(prompt, operator);
    const durationMs = Math.round((recording.samples.length * 1000) / recording.sampleRateHz);
    const { name, text } = prompt;
    return { name, language: prompt.language, text, file, source, durationMs };
  });
}
