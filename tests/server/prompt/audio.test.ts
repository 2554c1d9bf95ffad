import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PROMPTS, builtInFolder, readPrompt } from '../../../server/prompt/prompt-files.ts';
import { SPEECH_LEVEL_DBOV, activeLevelDbov } from '../../../server/prompt/shape-recording.ts';

// The recordings that are committed: complete, small, and all alike to the ear.

const LARGEST_BYTES = 4 * 1024 * 1024;
const SPEECH = PROMPTS.filter((prompt) => prompt.language !== null).map((prompt) => ({
  ...prompt,
  ...readPrompt(prompt, null).recording,
}));

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
}

test('has a file for every prompt, none for anything else, in 4 MiB', () => {
  const files = filesBelow(builtInFolder());
  const totalBytes = files.reduce(
    (sum, name) => sum + statSync(join(builtInFolder(), name)).size,
    0,
  );

  assert.equal([...files].sort(), PROMPTS.map((prompt) => prompt.path).sort());
  assert.ok(totalBytes <= LARGEST_BYTES, `${totalBytes} bytes`);
});

test('is recorded at 16 kHz throughout', () => {
  for (const prompt of PROMPTS) {
    assert.is(readPrompt(prompt, null).recording.sampleRateHz, 16_000, prompt.name);
  }
});

test('speaks at one level, with peaks below −3 dBFS', () => {
  for (const { name, samples } of SPEECH) {
    const level = activeLevelDbov(samples);
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);

    assert.ok(Math.abs(level - SPEECH_LEVEL_DBOV) < 1, `${name}: ${level} dBov`);
    assert.ok(20 * Math.log10(peak / 32_768) < -3, `${name}: peak ${peak}`);
  }
});

test('starts and ends with speech, not with silence', () => {
  const loud = 150;
  for (const { name, samples } of SPEECH) {
    const beforeMs = samples.findIndex((sample) => Math.abs(sample) > loud) / 16;
    const afterMs = (samples.length - 1 - samples.findLastIndex((s) => Math.abs(s) > loud)) / 16;

    assert.ok(beforeMs >= 0 && beforeMs < 40, `${name}: ${beforeMs} ms before`);
    assert.ok(afterMs < 60, `${name}: ${afterMs} ms after`);
    assert.ok(Math.abs(samples.at(-1) ?? 0) < 300, `${name} ends without a click`);
  }
});

test('takes as long as such a text takes to say', () => {
  for (const { name, text, samples } of SPEECH) {
    const lengthS = samples.length / 16_000;
    const lettersPerS = text.length / lengthS;

    assert.ok(lengthS > 0.12 && lengthS < 8, `${name}: ${lengthS} s`);
    assert.ok(lettersPerS > 5 && lettersPerS < 26, `${name}: ${lettersPerS} letters per second`);
  }
});

test('has its energy where speech has it: most of it between 100 and 3,400 Hz', () => {
  for (const { name, samples } of SPEECH.filter((prompt) => prompt.text.length > 25)) {
    let all = 0;
    let steep = 0;
    for (let at = 1; at < samples.length; at += 1) {
      all += (samples[at] ?? 0) ** 2;
      steep += ((samples[at] ?? 0) - (samples[at - 1] ?? 0)) ** 2;
    }
    // The mean square of the slope weighs frequencies: it gives their root mean square.
    const centreHz = (Math.sqrt(steep / all) * 16_000) / (2 * Math.PI);
    assert.ok(centreHz > 200 && centreHz < 2500, `${name}: ${centreHz} Hz`);
  }
});

test.run();
