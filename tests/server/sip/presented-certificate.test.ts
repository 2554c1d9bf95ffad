import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { presentedAt } from '../../../server/sip/presented-certificate.ts';

const NAMES = [
  ['a.example', 'old.example'],
  ['*.example', '*.b.example'],
  ['sip.b.example', 'a.example'],
  [],
];

const ROWS: readonly (readonly [name: string, serverName: string, at: number])[] = [
  ['the first that bears the name', 'a.example', 0],
  ['one that bears it further on', 'old.example', 0],
  ['a name of another certificate before a wildcard', 'sip.b.example', 2],
  ['a wildcard of one label', 'pop1.b.example', 1],
  ['capitals and a dot at the end', 'SIP.B.Example.', 2],
  ['no wildcard for two labels, but the first of all', 'x.pop1.b.example', 0],
  ['no wildcard of a whole top level, but the first of all', 'b.example', 0],
  ['the first of all for a name of nobody', 'c.test', 0],
  ['the first of all for no name', '', 0],
  ['no star that is asked for', '*.b.example', 1],
];

for (const [name, serverName, at] of ROWS) {
  test(`presents ${name}`, () => {
    assert.is(presentedAt(NAMES, serverName), at);
  });
}

test.run();
