import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { QuietLines } from '../../../server/sip/quiet-lines.ts';

test('lets the same line through once a minute, with the count of those left out', () => {
  const quiet = new QuietLines();

  const taken = [0, 1, 59_999, 60_000, 60_001].map((atMs) => quiet.take('one', atMs));

  assert.equal(taken, [0, null, null, 2, null]);
  assert.is(quiet.take('other', 1), 0);
});

test('remembers a bounded number of lines', () => {
  const quiet = new QuietLines();
  for (let line = 0; line < 512; line += 1) quiet.take(`line ${line}`, 0);

  quiet.take('one more', 0);

  assert.is(quiet.take('line 0', 0), 0, 'it was forgotten');
});

test.run();
