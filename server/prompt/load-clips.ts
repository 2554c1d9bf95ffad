import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { ClipBank, ClipName } from '../../mixer/protocol/mixer-command.ts';
import type { DurationMs, Hz } from '../../mixer/protocol/units.ts';
import { endsSentence } from './phrase-table.ts';
import type { Prompt } from './prompt-files.ts';
import { PROMPTS, readPrompt, wavFilesIn } from './prompt-files.ts';
import type { Edges, Resampler } from './resample.ts';
import { createResampler } from './resample.ts';
import type { Recording } from './wav.ts';

/** What `loadClipBank` is told. */
export interface ClipBankOptions {
  /** `prompts.directory`: recordings of the operator that replace ours, or null. */
  readonly directory: string | null;
  /** The rate that rooms mix at. */
  readonly sampleRateHz: Hz;
  /** Takes a line for each replacement that cannot be used. */
  readonly log: { warn(message: string, facts: Facts): void };
}

/** Silence after a sentence, so that the next one does not fall in with it. */
const BREATH_MS: DurationMs = 180;

/**
 * Reads every recording and sound into one shared buffer: `pl/…`, `en/…`, `tone-enter`, `tone-leave`, `music`.
 * A file `pl/menu-join.wav` or `sound/music.wav` in `directory` replaces ours.
 *
 * @throws PromptDirectoryError when `directory` is not a folder that can be read.
 * @throws CodedError `PROMPT_MISSING` when one of ours cannot be read.
 */
export function loadClipBank(options: ClipBankOptions): ClipBank {
  const { sampleRateHz } = options;
  const recordings = readAll(options);
  const resamplers = new Map<string, Resampler>();
  const clips: Record<ClipName, { offsetSamples: number; lengthSamples: number }> = {};
  let totalSamples = 0;
  for (const { prompt, recording } of recordings) {
    const resampler = resamplerFor(prompt, recording, { sampleRateHz, resamplers });
    const breathSamples = Math.round((breathMs(prompt) * sampleRateHz) / 1000);
    const lengthSamples = resampler.outSamples(recording.samples.length) + breathSamples;
    clips[prompt.name] = { offsetSamples: totalSamples, lengthSamples };
    totalSamples += lengthSamples;
  }
  const shared = new SharedArrayBuffer(totalSamples * Int16Array.BYTES_PER_ELEMENT);
  const samples = new Int16Array(shared);
  for (const { prompt, recording } of recordings) {
    const resampler = resamplerFor(prompt, recording, { sampleRateHz, resamplers });
    resampler.resample(recording.samples, samples.subarray(clips[prompt.name]?.offsetSamples));
  }
  return { sampleRateHz, samples: shared, clips };
}

function readAll(
  options: ClipBankOptions,
): readonly { readonly prompt: Prompt; readonly recording: Recording }[] {
  const { directory, log } = options;
  const operator = directory === null ? null : { directory, files: wavFilesIn(directory) };
  if (operator !== null) {
    const known = new Set(PROMPTS.map((prompt) => prompt.path));
    for (const file of operator.files) {
      if (!known.has(file)) log.warn('a file in prompts.directory replaces no prompt', { file });
    }
  }
  return PROMPTS.map((prompt) => {
    const { recording, problem } = readPrompt(prompt, operator);
    if (problem !== null) {
      const facts = { file: prompt.path, problem };
      log.warn('a file in prompts.directory cannot be used; the built-in prompt is', facts);
    }
    return { prompt, recording };
  });
}

/** One for each rate and kind; music is played round and round. */
function resamplerFor(
  prompt: Prompt,
  recording: Recording,
  to: { readonly sampleRateHz: Hz; readonly resamplers: Map<string, Resampler> },
): Resampler {
  const edges: Edges = prompt.name === 'music' ? 'loop' : 'silence';
  const key = `${recording.sampleRateHz} ${edges}`;
  const made =
    to.resamplers.get(key) ?? createResampler(recording.sampleRateHz, to.sampleRateHz, edges);
  to.resamplers.set(key, made);
  return made;
}

function breathMs(prompt: Prompt): DurationMs {
  return prompt.language !== null && endsSentence(prompt.text) ? BREATH_MS : 0;
}
