import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { linesWithProblems } from '../../../web/contact/import-lines.ts';

const problem = (pointer: string, detail: string) => ({ code: 'x', pointer, facts: {}, detail });

test('shows lines that are left out in their order, with their text and all reasons', () => {
  const text = 'Jan; jan@x.pl\r\n  bad; @ \nAnna; 12\n';

  const lines = linesWithProblems(
    [
      problem('/lines/3', 'No phone.'),
      problem('/lines/2', 'No address.'),
      problem('/lines/2', 'No name.'),
      problem('/text', 'Too long.'),
    ],
    text,
  );

  assert.equal(lines, [
    { line: 2, text: 'bad; @', details: ['No address.', 'No name.'] },
    { line: 3, text: 'Anna; 12', details: ['No phone.'] },
  ]);
});

test.run();
