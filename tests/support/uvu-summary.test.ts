import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readSkipped, readSummary } from './uvu-summary.ts';

const PLAIN = '• • (2 / 3)\n\n  Total:     3\n  Passed:    2\n  Skipped:   1\n  Duration:  0.5ms\n';

test('reads the three figures', () => {
  assert.equal(readSummary(PLAIN), { total: 3, passed: 2, skipped: 1 });
});

test('reads them through colours', () => {
  const coloured =
    '  Total:     3\u001b[32m\n  Passed:    2\u001b[39m\n  Skipped:   \u001b[33m1\u001b[39m\n';

  assert.equal(readSummary(coloured), { total: 3, passed: 2, skipped: 1 });
});

test('takes the last figures when a test prints such lines itself', () => {
  assert.equal(readSummary(`  Total:     9\n${PLAIN}`), { total: 3, passed: 2, skipped: 1 });
});

test('reads nothing from an output that ends early', () => {
  assert.is(readSummary('• • \n\n  Total:     3\n  Passed:    2\n'), null);
});

test('reads the names of skipped tests', () => {
  assert.equal(readSkipped('SKIP calls: needs sipp\nthis SKIP is none\n'), ['calls: needs sipp']);
});

test.run();
