import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ClipBank } from '../../../mixer/protocol/mixer-command.ts';
import { loadClipBank } from '../../../server/prompt/load-clips.ts';
import { PROMPTS, PromptDirectoryError } from '../../../server/prompt/prompt-files.ts';
import { sine, toneLevelDb } from '../../support/tones.ts';
import { writeWav } from '../../support/wav-file.ts';
import { withFolder } from './prompt-folder.ts';

interface Loaded {
  readonly bank: ClipBank;
  readonly warnings: readonly string[];
}

function load(directory: string | null, sampleRateHz = 8000): Loaded {
  const warnings: string[] = [];
  const log = {
    warn: (message: string, facts: object) => {
      warnings.push(`${message} ${JSON.stringify(facts)}`);
    },
  };
  return { bank: loadClipBank({ directory, sampleRateHz, log }), warnings };
}

function clip(bank: ClipBank, name: string): Int16Array {
  const place = bank.clips[name];
  if (place === undefined) throw new Error(`no clip ${name}`);
  return new Int16Array(bank.samples, place.offsetSamples * 2, place.lengthSamples);
}

const { bank: BUILT_IN, warnings: BUILT_IN_WARNINGS } = load(null);

test('loads every prompt of both languages and the sounds', () => {
  assert.equal(
    Object.keys(BUILT_IN.clips),
    PROMPTS.map((prompt) => prompt.name),
  );
  for (const name of ['pl/menu-join', 'en/menu-join', 'tone-enter', 'tone-leave', 'music']) {
    assert.ok(
      clip(BUILT_IN, name).some((sample) => Math.abs(sample) > 1000),
      name,
    );
  }
  assert.is(BUILT_IN.sampleRateHz, 8000);
  assert.instance(BUILT_IN.samples, SharedArrayBuffer);
  assert.equal(BUILT_IN_WARNINGS, []);
});

test('lays clips one after another with nothing between or after', () => {
  let end = 0;
  for (const { offsetSamples, lengthSamples } of Object.values(BUILT_IN.clips)) {
    assert.is(offsetSamples, end);
    assert.ok(lengthSamples > 0);
    end += lengthSamples;
  }
  assert.is(BUILT_IN.samples.byteLength, end * 2);
});

test('takes a breath after a sentence, and none inside one', () => {
  const quietEndMs = (name: string): number => {
    const samples = clip(BUILT_IN, name);
    return (samples.length - 1 - samples.findLastIndex((sample) => Math.abs(sample) > 150)) / 8;
  };

  assert.ok(quietEndMs('pl/ask-pin') >= 180 && quietEndMs('pl/ask-pin') < 240);
  assert.ok(quietEndMs('pl/others-few') < 60);
  assert.ok(quietEndMs('music') < 10);
});

test('loads at the rate it is asked for', () => {
  const wide = load(null, 16_000).bank;

  assert.is(clip(wide, 'music').length, 256_000);
  assert.is(clip(BUILT_IN, 'music').length, 128_000);
});

test('puts the recording of an operator in the place of ours, at any rate', () => {
  const tone = sine({ toneHz: 700, amplitude: 12_000 }, 44_100, 44_100);
  const files = {
    'pl/menu-join.wav': writeWav(tone, 44_100),
    'sound/music.wav': writeWav(tone, 44_100),
  };
  withFolder(files, (folder) => {
    const { bank, warnings } = load(folder);

    assert.is(clip(bank, 'music').length, 8000);
    assert.is(clip(bank, 'pl/menu-join').length, 8000 + 1440);
    assert.ok(toneLevelDb(clip(bank, 'pl/menu-join').subarray(0, 8000), 700) > -9);
    assert.equal(clip(bank, 'en/menu-join'), clip(BUILT_IN, 'en/menu-join'));
    assert.equal(warnings, []);
  });
});

test('warns of a recording that cannot be read, and uses ours', () => {
  withFolder({ 'pl/menu-join.wav': Buffer.from('no sound at all') }, (folder) => {
    const { bank, warnings } = load(folder);

    assert.equal(clip(bank, 'pl/menu-join'), clip(BUILT_IN, 'pl/menu-join'));
    assert.is(warnings.length, 1);
    assert.match(warnings[0] ?? '', 'cannot be used; the built-in prompt is');
    assert.match(warnings[0] ?? '', '"pl/menu-join.wav","problem":"it is not a WAV file"');
  });
});

test('warns of a file whose name is no prompt', () => {
  withFolder(
    { 'pl/menu-jion.wav': writeWav(new Int16Array(10)), 'pl/read.me': Buffer.of(1) },
    (folder) => {
      const { warnings } = load(folder);

      assert.equal(warnings, [
        'a file in prompts.directory replaces no prompt {"file":"pl/menu-jion.wav"}',
      ]);
    },
  );
});

test('takes an empty folder, and a file where a folder should be, for no replacement', () => {
  withFolder({ pl: Buffer.of(1) }, (folder) => {
    assert.equal(load(folder).warnings, []);
  });
});

test('refuses a directory that is not there, naming the setting', () => {
  withFolder({ 'a-file': Buffer.of(1) }, (folder) => {
    for (const directory of [join(folder, 'missing'), join(folder, 'a-file')]) {
      assert.throws(
        () => load(directory),
        (error: unknown) =>
          error instanceof PromptDirectoryError &&
          error.message.startsWith(`prompts.directory: "${directory}" is not a folder`),
      );
    }
  });
});

test('spends less than 400 ms of processor time', () => {
  const before = process.cpuUsage();

  load(null);

  const used = process.cpuUsage(before);
  // Twice the bound: machines that run tests are shared.
  assert.ok(used.user + used.system < 800_000, `${used.user + used.system} µs`);
});

test.run();
