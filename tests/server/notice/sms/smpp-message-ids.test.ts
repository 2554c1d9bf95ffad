import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createMessageIds } from '../../../../server/notice/sms/smpp-message-ids.ts';

const ANNA = '+48501234567';
const BEN = '+48601234568';

test('finds an id that is written the same', () => {
  const ids = createMessageIds();
  ids.remember('a17-44', ANNA);

  assert.is(ids.resolve('a17-44', []), 'a17-44');
});

for (const [submitted, receipt] of [
  ['1A2B', '6699'],
  ['00001a2b', '6699'],
  ['6699', '1A2B'],
  ['6699', '00001a2b'],
  ['ABCDEF', 'abcdef'],
  ['0000123', '123'],
  ['FFFFFFFFFFFFFFF1', '18446744073709551601'],
]) {
  test(`knows that a receipt for ${receipt ?? ''} is about ${submitted ?? ''}`, () => {
    const ids = createMessageIds();
    ids.remember(submitted ?? '', ANNA);

    assert.is(ids.resolve(receipt ?? '', ['48501234567']), submitted);
  });
}

test('the recipient decides between two ways to read an id', () => {
  const ids = createMessageIds();
  ids.remember('1000', ANNA);
  ids.remember('3e8', BEN);

  assert.is(ids.resolve('1000', ['HaloNet', '601234568']), '3e8');
});

test('goes on as it has learnt for ids it does not remember', () => {
  const ids = createMessageIds();
  ids.remember('1A2B', ANNA);
  ids.resolve('6699', ['48501234567']);

  assert.is(ids.resolve('6700', []), '1A2C');
  assert.is(ids.resolve('not-a-number', []), 'not-a-number');
});

test('returns an id as it came while nothing is known', () => {
  assert.is(createMessageIds().resolve('6699', []), '6699');
});

test('forgets the oldest of more than 20,000', () => {
  const ids = createMessageIds();
  for (let id = 0; id <= 20_000; id += 1) ids.remember(`x${id}Y`, ANNA);

  assert.is(ids.resolve('x1y', []), 'x1Y');
  assert.is(ids.resolve('x0y', []), 'x0y');
});

test.run();
