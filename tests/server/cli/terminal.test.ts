import { PassThrough } from 'node:stream';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { askOn } from '../../../server/cli/terminal.ts';

/** Asks a person who types this; returns the answer and all that was shown. */
async function ask(typed: string, where: 'terminal' | 'pipe'): Promise<readonly [string, string]> {
  const input = new PassThrough();
  const output = Object.assign(new PassThrough(), { isTTY: where === 'terminal' });
  const answer = askOn({ question: 'Sure? ', input, output });
  input.write(typed);
  if (where === 'pipe') input.end();
  const given = await answer;
  return [given, String(output.read())];
}

test('returns the line that was typed', async () => {
  assert.is((await ask('yes\r', 'terminal'))[0], 'yes');
  assert.is((await ask('yes\n', 'pipe'))[0], 'yes');
});

for (const [name, key] of [
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
] as const) {
  test(`takes ${name} for no answer, and ends the line of the question`, async () => {
    const [answer, shown] = await ask(key, 'terminal');

    assert.is(answer, '');
    assert.match(shown, /Sure\? .*\n$/su);
  });
}

test('takes the end of the input for no answer', async () => {
  assert.is((await ask('', 'pipe'))[0], '');
});

test.run();
