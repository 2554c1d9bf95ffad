import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../mixer/protocol/coded-error.ts';
import { projectRoot } from '../runtime/project-root.ts';
import { LANGUAGES, PHRASE_TABLES, SOUNDS } from './phrase-table.ts';
import type { Language } from './utterance.ts';
import type { Recording } from './wav.ts';
import { readWav } from './wav.ts';

/** `prompts.directory` does not lead to a folder that can be read. */
export class PromptDirectoryError extends CodedError {
  constructor(directory: string, cause: unknown) {
    const message = `prompts.directory: ${JSON.stringify(directory)} is not a folder that can be read`;
    super('PROMPT_DIRECTORY', message, { directory }, cause);
  }
}

/** One recording that Konfa needs. */
export interface Prompt {
  /** Name in the clip bank: `pl/menu-join`, `music`. */
  readonly name: string;
  /** Null for a sound. */
  readonly language: Language | null;
  readonly text: string;
  /** Where its file lies under a folder of recordings: `pl/menu-join.wav`, `sound/music.wav`. */
  readonly path: string;
}

/** Every recording: languages first, sounds last. */
export const PROMPTS: readonly Prompt[] = [
  ...LANGUAGES.flatMap((language) =>
    Object.entries(PHRASE_TABLES[language]).map(([piece, text]) => ({
      name: `${language}/${piece}`,
      language,
      text,
      path: `${language}/${piece}.wav`,
    })),
  ),
  ...Object.entries(SOUNDS).map(([name, text]) => ({
    name,
    language: null,
    text,
    path: `sound/${name}.wav`,
  })),
];

/** The folders that `path` of a prompt begins with. */
const FOLDERS: readonly string[] = [...LANGUAGES, 'sound'];

/** Our own recordings. */
export function builtInFolder(): string {
  return join(projectRoot(), 'server', 'prompt', 'audio');
}

/**
 * Paths (`pl/menu-join.wav`) of all WAV files in the places where recordings are looked for.
 *
 * @throws PromptDirectoryError when `directory` cannot be read.
 */
export function wavFilesIn(directory: string): ReadonlySet<string> {
  let entries: readonly string[];
  try {
    entries = readdirSync(directory);
  } catch (error) {
    throw new PromptDirectoryError(directory, error);
  }
  const found = FOLDERS.filter((folder) => entries.includes(folder)).flatMap((folder) =>
    namesIn(join(directory, folder)).map((name) => `${folder}/${name}`),
  );
  return new Set(found.filter((path) => path.endsWith('.wav')));
}

/** A file that bears a folder's name has no recordings in it. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A prompt as it will be played. */
export interface FoundPrompt {
  readonly recording: Recording;
  readonly file: string;
  readonly source: 'built-in' | 'replaced';
  /** Why a replacement that is there cannot be used, or null. */
  readonly problem: string | null;
}

/** Longest recording that is taken from an operator: ten minutes at 48 kHz, 16 bit, stereo. */
const LARGEST_FILE_BYTES = 120_000_000;

/**
 * Reads a prompt: the operator's when `replacements` has it and it can be used, else ours.
 *
 * @throws CodedError `PROMPT_MISSING` when ours cannot be read either: the installation is damaged.
 */
export function readPrompt(
  prompt: Prompt,
  operator: { readonly directory: string; readonly files: ReadonlySet<string> } | null,
): FoundPrompt {
  let problem: string | null = null;
  if (operator !== null && operator.files.has(prompt.path)) {
    const file = join(operator.directory, prompt.path);
    const read = readRecording(file);
    if (typeof read !== 'string') {
      return { recording: read, file, source: 'replaced', problem: null };
    }
    problem = read;
  }
  const file = join(builtInFolder(), prompt.path);
  const recording = readRecording(file);
  if (typeof recording === 'string') {
    const message = `the recording ${prompt.name} cannot be read: ${recording}; run "npm run prompts"`;
    throw new CodedError('PROMPT_MISSING', message, { file });
  }
  return { recording, file, source: 'built-in', problem };
}

/** The recording, or why there is none. */
function readRecording(file: string): Recording | string {
  try {
    const bytes = readFileSync(file);
    return bytes.length > LARGEST_FILE_BYTES ? 'it is larger than 120 MB' : readWav(bytes);
  } catch (error) {
    return error instanceof Error ? error.message : 'it cannot be read';
  }
}
