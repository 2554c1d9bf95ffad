import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { closestWord } from '../../../server/config/closest-word.ts';

test('finds the word that differs least, whatever its case', () => {
  assert.is(closestWord('listn', ['host', 'listen', 'lists']), 'listen');
  assert.is(closestWord('PORTRANGE', ['portRange', 'port']), 'portRange');
});

test('takes letters in another order for one slip', () => {
  assert.is(closestWord('upd', ['tcp', 'udp']), 'udp');
});

test('finds nothing when more than a third would be wrong', () => {
  assert.is(closestWord('zebra', ['sip', 'media', 'trunks']), undefined);
  assert.is(closestWord('ab', ['xy']), undefined);
  assert.is(closestWord('anything', []), undefined);
});

test.run();
