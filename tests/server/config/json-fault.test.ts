import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { findJsonFault } from '../../../server/config/json-fault.ts';

const SOUND = [
  '{}',
  ' [ ] ',
  '"\\u00e9\\n\\"\\/"',
  '-0.5e+10',
  '{"a": [1, true, false, null, {"b": "ż 😀"}], "c": {"a": 1}}',
  '{"a":1,\r\n\t"b":[[],[{}]]}',
  `{"a": ${'['.repeat(60)}${']'.repeat(60)}}`,
  '"\u007f\u2028"',
];

for (const source of SOUND) {
  test(`finds nothing wrong in ${JSON.stringify(source).slice(0, 70)}`, () => {
    JSON.parse(source);

    assert.is(findJsonFault(source), null);
  });
}

const BROKEN: readonly (readonly [source: string, line: number, column: number, reason: string])[] =
  [
    ['', 1, 1, 'the file ends too early'],
    ['{', 1, 2, 'the file ends too early'],
    ['{"a": 1', 1, 8, 'the file ends too early'],
    ['{"a": 1,}', 1, 9, 'there is a comma too many before }'],
    ['[1,\n 2,\n]', 3, 1, 'a value is missing before ]'],
    ['{"a" 1}', 1, 6, 'a colon is missing before the value'],
    ['{"a": 1 "b": 2}', 1, 9, 'a comma or } is missing'],
    ['[1 2]', 1, 4, 'a comma or ] is missing'],
    ['{a: 1}', 1, 2, 'a key in double quotes is missing'],
    ["{'a': 1}", 1, 2, 'use double quotes'],
    ['{\n  "a": \'x\'}', 2, 8, 'use double quotes'],
    ['{\n  // why\n  "a": 1}', 2, 3, 'JSON has no comments'],
    ['[# why\n1]', 1, 2, 'JSON has no comments'],
    ['{"a": }', 1, 7, 'a value is missing before }'],
    ['{"a": tru}', 1, 7, 'a value is missing'],
    ['{"a": 01}', 1, 7, 'a value is missing'],
    ['{"a": NaN}', 1, 7, 'a value is missing'],
    ['{"a": "x\ny"}', 1, 7, 'this text has no end, a line break or a wrong escape in it'],
    ['{"a": "\\x"}', 1, 7, 'this text has no end, a line break or a wrong escape in it'],
    ['{} {}', 1, 4, 'the text should end here'],
    ['{"a": 1,\n "a": 2}', 2, 2, 'the key "a" is there already'],
    ['['.repeat(100), 1, 66, 'there are too many levels'],
  ];

for (const [source, line, column, reason] of BROKEN) {
  test(`tells where ${JSON.stringify(source).slice(0, 40)} breaks`, () => {
    assert.equal(findJsonFault(source), { line, column, reason });
  });
}

test('agrees with JSON.parse on every text that lacks one character', () => {
  const source = '{"ab": [1.5, -2e3, "x\\ty"], "c": {"d": null, "e": true}}';

  for (let at = 0; at < source.length; at += 1) {
    const broken = source.slice(0, at) + source.slice(at + 1);
    let parses = true;
    try {
      JSON.parse(broken);
    } catch {
      parses = false;
    }
    assert.is(findJsonFault(broken) === null, parses, broken);
  }
});

test.run();
