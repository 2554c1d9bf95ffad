import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CodedError } from '../../mixer/protocol/coded-error.ts';
import { composeSound } from './compose-sound.ts';
import { SOUNDS, endsSentence } from './phrase-table.ts';
import type { Prompt } from './prompt-files.ts';
import { PROMPTS, builtInFolder } from './prompt-files.ts';
import { createResampler } from './resample.ts';
import { shapeSpeech } from './shape-recording.ts';
import type { Language, SoundName } from './utterance.ts';
import { readWav, writeImaAdpcmWav } from './wav.ts';

/** Rate of the files that are committed. */
const RATE_HZ = 16_000;

const SYNTHESISER = 'espeak-ng';

/** Voices of it, with a rate (words a minute) and pitch that stay clear over a telephone. */
const VOICES: Readonly<Record<Language, readonly string[]>> = {
  pl: ['-v', 'pl', '-s', '187', '-p', '45'],
  en: ['-v', 'en-gb', '-s', '175', '-p', '45'],
};

/** Words that the synthesiser would spell. */
const PRONUNCIATIONS: readonly (readonly [RegExp, string])[] = [[/\bPIN\b/g, 'pin']];

/** Generates every recording of `PROMPTS` and removes files that are none of them. */
function generatePrompts(): void {
  const folder = builtInFolder();
  let totalBytes = 0;
  for (const prompt of PROMPTS) {
    const bytes = writeImaAdpcmWav({ sampleRateHz: RATE_HZ, samples: samplesOf(prompt) });
    const file = join(folder, prompt.path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    totalBytes += bytes.length;
  }
  removeOrphans(folder);
  const kibibytes = Math.round(totalBytes / 1024);
  process.stdout.write(`${PROMPTS.length} recordings, ${kibibytes} KiB, in ${folder}\n`);
}

function samplesOf(prompt: Prompt): Int16Array {
  if (prompt.language === null) return composeSound(soundName(prompt.name));
  // A comma makes the voice stay up at the end of a piece.
  const spoken = synthesise(
    endsSentence(prompt.text) ? prompt.text : `${prompt.text},`,
    prompt.language,
  );
  return shapeSpeech(spoken);
}

function soundName(name: string): SoundName {
  if (name === 'tone-enter' || name === 'tone-leave' || name === 'music') return name;
  throw new CodedError('PROMPT_SOUND', `${name} is none of ${Object.keys(SOUNDS).join(', ')}`);
}

/** Speaks a text with espeak-ng: int16 at 16 kHz. */
function synthesise(text: string, language: Language): Int16Array {
  const said = PRONUNCIATIONS.reduce((was, [word, sound]) => was.replace(word, sound), text);
  const result = spawnSync(SYNTHESISER, [...VOICES[language], '-b', '1', '--stdin', '--stdout'], {
    input: said,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error !== undefined || result.status !== 0) {
    const message = `${SYNTHESISER} is needed to generate prompts; on Debian: apt-get install ${SYNTHESISER}`;
    throw new CodedError('PROMPT_ESPEAK', message, { status: result.status }, result.error);
  }
  const { sampleRateHz, samples } = readWav(result.stdout);
  const resampler = createResampler(sampleRateHz, RATE_HZ, 'silence');
  const out = new Int16Array(resampler.outSamples(samples.length));
  resampler.resample(samples, out);
  return out;
}

/** Files of phrases that are gone. */
function removeOrphans(folder: string): void {
  const wanted = new Set(PROMPTS.map((prompt) => prompt.path));
  for (const group of readdirSync(folder)) {
    for (const name of readdirSync(join(folder, group))) {
      if (!wanted.has(`${group}/${name}`)) rmSync(join(folder, group, name));
    }
  }
}

try {
  generatePrompts();
} catch (error) {
  if (!(error instanceof CodedError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
