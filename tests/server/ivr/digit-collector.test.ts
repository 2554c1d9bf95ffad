import { test } from 'uvu';
import * as assert from 'uvu/assert';

import type { DtmfKey } from '../../../mixer/protocol/dtmf.ts';
import type { DigitResult, DigitRules } from '../../../server/ivr/digit-collector.ts';
import { emptyEntry, keyDigit } from '../../../server/ivr/digit-collector.ts';

const RULES: DigitRules = {
  lengths: [3, 5],
  firstKeyTimeoutMs: 7000,
  betweenKeysTimeoutMs: 4000,
  knownLengthTimeoutMs: 1500,
};

function keyAll(keys: readonly DtmfKey[]): DigitResult {
  let result: DigitResult = { result: 'more', entry: emptyEntry(RULES, 100) };
  for (const key of keys) {
    if (result.result !== 'more') throw new Error('the entry was over before its last key');
    result = keyDigit(result.entry, key, { rules: RULES, nowMs: 200 });
  }
  return result;
}

test('gives the first key its own time', () => {
  assert.equal(emptyEntry(RULES, 100), { digits: '', deadlineMs: 7100 });
});

const CASES: readonly (readonly [string, readonly DtmfKey[], DigitResult])[] = [
  [
    'gives the next key less time',
    ['1', '2'],
    { result: 'more', entry: { digits: '12', deadlineMs: 4200 } },
  ],
  [
    'gives little time at a length that may be all',
    ['1', '2', '3'],
    { result: 'more', entry: { digits: '123', deadlineMs: 1700 } },
  ],
  [
    'gives more time again on the way to a longer one',
    ['1', '2', '3', '4'],
    { result: 'more', entry: { digits: '1234', deadlineMs: 4200 } },
  ],
  [
    'is complete at full length without #',
    ['1', '2', '3', '4', '5'],
    { result: 'complete', digits: '12345' },
  ],
  ['ends early with #', ['1', '2', '#'], { result: 'complete', digits: '12' }],
  ['asks again after # before any digit', ['#'], { result: 'ask-again' }],
  ['clears the entry with *', ['1', '2', '*'], { result: 'ask-again' }],
  [
    'passes over keys that no telephone has',
    ['A', '1', 'D'],
    { result: 'more', entry: { digits: '1', deadlineMs: 4200 } },
  ],
];

for (const [name, keys, expected] of CASES) {
  test(name, () => {
    assert.equal(keyAll(keys), expected);
  });
}

test.run();
