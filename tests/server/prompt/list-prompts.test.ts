import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listPrompts } from '../../../server/prompt/list-prompts.ts';
import { PROMPTS, PromptDirectoryError } from '../../../server/prompt/prompt-files.ts';
import { writeWav } from '../../support/wav-file.ts';
import { withFolder } from './prompt-folder.ts';

test('lists every prompt with its text, file and length', () => {
  const list = listPrompts({ directory: null });

  assert.is(list.length, PROMPTS.length);
  const found = list.find((prompt) => prompt.name === 'pl/menu-join');
  assert.is(found?.text, 'Aby dołączyć do telekonferencji, naciśnij jeden.');
  assert.is(found?.language, 'pl');
  assert.is(found?.source, 'built-in');
  assert.ok(found?.file.endsWith(join('server', 'prompt', 'audio', 'pl', 'menu-join.wav')));
  assert.ok((found?.durationMs ?? 0) > 1500 && (found?.durationMs ?? 0) < 6000);
});

test('lists one language and the sounds when it is asked to', () => {
  const list = listPrompts({ directory: null, language: 'en' });

  assert.equal(new Set(list.map((prompt) => prompt.language)), new Set(['en', null]));
  assert.is(list.find((prompt) => prompt.name === 'music')?.durationMs, 16_000);
});

test('shows which prompts are replaced, and by what', () => {
  const files = {
    'en/welcome.wav': writeWav(new Int16Array(4000), 8000),
    'en/goodbye.wav': Buffer.from('broken'),
  };
  withFolder(files, (folder) => {
    const list = listPrompts({ directory: folder });

    const replaced = list.filter((prompt) => prompt.source === 'replaced');
    assert.equal(
      replaced.map(({ name, file, durationMs }) => ({ name, file, durationMs })),
      [{ name: 'en/welcome', file: join(folder, 'en/welcome.wav'), durationMs: 500 }],
    );
  });
});

test('refuses a directory that is not there', () => {
  assert.throws(
    () => listPrompts({ directory: join('no', 'such', 'folder') }),
    (error: unknown) => error instanceof PromptDirectoryError,
  );
});

test.run();
