import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { priceMilliOf } from '../../../../server/notice/sms/price-list.ts';

const PRICES = [
  { prefix: '+48', perSegment: 0.16 },
  { prefix: '+4', perSegment: 0.57 },
  { prefix: '+4850', perSegment: 0.155 },
  { prefix: '+1', perSegment: 0 },
  { prefix: '+44', perSegment: 1000 },
];

const CASES: readonly [phone: string, milli: number | null][] = [
  ['+48601234567', 160],
  ['+48501234567', 155],
  ['+49171234567', 570],
  ['+12125550123', 0],
  ['+447700900123', 1_000_000],
  ['+33612345678', null],
  ['48601234567', null],
  ['', null],
];

for (const [phone, milli] of CASES) {
  test(`a segment to ${phone || 'nobody'} costs ${String(milli)} thousandths`, () => {
    assert.is(priceMilliOf(phone, PRICES), milli);
  });
}

test('takes the longest prefix whatever the order of the list', () => {
  assert.is(priceMilliOf('+48501234567', [...PRICES].reverse()), 155);
});

test('makes whole thousandths of every price of three decimals', () => {
  for (let milli = 0; milli <= 1_000_000; milli += 7) {
    const perSegment = Number((milli / 1000).toFixed(3));
    assert.is(priceMilliOf('+48', [{ prefix: '+48', perSegment }]), milli);
  }
});

test.run();
