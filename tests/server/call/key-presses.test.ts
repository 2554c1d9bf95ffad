import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { DtmfKey, DtmfMethod } from '../../../mixer/protocol/dtmf.ts';
import { KeyPresses } from '../../../server/call/key-presses.ts';

/** `key method atMs [heldMs]`, one telling each; returns the keys that were counted, with their instants. */
function counted(story: string): string {
  const presses = new KeyPresses();
  return story
    .split(', ')
    .filter((telling) => {
      const [key = '', method = '', atMs = '', heldMs = '0'] = telling.split(' ');
      const told = { key: keyOf(key), method: methodOf(method), heldMs: Number(heldMs) };
      return presses.told(told, Number(atMs)) === 'press';
    })
    .map((telling) => telling.split(' ').filter((_, at) => at === 0 || at === 2))
    .map((words) => words.join('@'))
    .join(' ');
}

function keyOf(text: string): DtmfKey {
  const found = (['1', '2', '#'] as const).find((key) => key === text);
  if (found === undefined) throw new Error(text);
  return found;
}

function methodOf(text: string): DtmfMethod {
  const found = (['rfc4733', 'info', 'in-band'] as const).find((method) => method === text);
  if (found === undefined) throw new Error(text);
  return found;
}

const STORIES: readonly (readonly [string, string, string])[] = [
  ['one press by three methods', '1 rfc4733 0, 1 info 80, 1 in-band 149', '1@0'],
  ['INFO that comes first', '1 info 0, 1 rfc4733 150', '1@0'],
  ['another method after more than 150 ms', '1 rfc4733 0, 1 info 151', '1@0 1@151'],
  ['another key', '1 rfc4733 0, 2 info 20', '1@0 2@20'],
  ['the same method twice', '1 rfc4733 0, 1 rfc4733 60', '1@0 1@60'],
  [
    'two quick presses by both methods',
    '1 rfc4733 0, 1 info 20, 1 rfc4733 100, 1 info 120',
    '1@0 1@100',
  ],
  [
    'two quick presses whose INFOs come late',
    '1 rfc4733 0, 1 rfc4733 60, 1 info 100, 1 info 140',
    '1@0 1@60',
  ],
  ['three INFOs for two presses', '1 rfc4733 0, 1 info 10, 1 info 20', '1@0 1@20'],
  ['INFO that is sent when the key is let go', '# rfc4733 0, # info 650 600', '#@0'],
  ['INFO that is sent when the key goes down', '# info 0 600, # rfc4733 120', '#@0'],
  ['a next press long after an INFO with a duration', '# info 0 160, # rfc4733 400', '#@0 #@400'],
  ['a duration that nobody holds a key', '1 rfc4733 0, 1 info 4000 9000', '1@0 1@4000'],
  [
    // As linphonec 5.1 sent it: the second INFO waited for the answer to the first one.
    'an INFO that is late, of a telephone that has told twice before',
    '1 rfc4733 0, 1 info 20 250, 2 rfc4733 1000, 2 info 2030 250',
    '1@0 2@1000',
  ],
  [
    'the same key three times, each with a late INFO',
    '1 rfc4733 0, 1 info 20, 1 rfc4733 300, 1 rfc4733 600, 1 info 1020, 1 info 2020',
    '1@0 1@300 1@600',
  ],
  [
    'one INFO more than there were presses, of such a telephone',
    '1 rfc4733 0, 1 info 20, 1 info 1000',
    '1@0 1@1000',
  ],
  [
    'a tone that nobody told of before, of a telephone that tells by RFC 4733 and INFO',
    '1 rfc4733 0, 1 info 20, 1 rfc4733 1000, 1 in-band 2000',
    '1@0 1@1000 1@2000',
  ],
  [
    'INFO alone more than 5 s after a press, of such a telephone',
    '1 rfc4733 0, 1 info 20, 2 rfc4733 1000, 2 info 6001',
    '1@0 2@1000 2@6001',
  ],
  ['a press minutes later', '1 rfc4733 0, 1 info 300000', '1@0 1@300000'],
];
for (const [what, story, expected] of STORIES) {
  test(`counts ${what}: ${expected}`, () => assert.is(counted(story), expected));
}

test('names the method that told of the last press first', () => {
  const presses = new KeyPresses();
  assert.is(presses.method, null);

  presses.told({ key: '1', method: 'info', heldMs: 0 }, 0);
  presses.told({ key: '1', method: 'rfc4733', heldMs: 0 }, 10);

  assert.is(presses.method, 'info');
});

test.run();
