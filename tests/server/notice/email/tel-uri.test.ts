import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { telUri, telUriOf } from '../../../../server/notice/email/tel-uri.ts';
import { sampleFacts } from './sample-facts.ts';

test('dials the first access number and then menu key, number and PIN, each # escaped', () => {
  assert.is(telUri(sampleFacts()), 'tel:+48223500908,,1,,12345%23,,54321%23');
});

test('dials another number as it is, with the keys it is given', () => {
  const access = { shown: '908', dial: '908', reach: 'on-net' } as const;

  assert.is(
    telUriOf(access, { number: '40718', pin: '7654321' }),
    'tel:908,,1,,40718%23,,7654321%23',
  );
});

test('is nothing without an access number', () => {
  assert.is(telUri(sampleFacts({}, { accessNumbers: [] })), null);
});

test('keeps to digits and plus', () => {
  const access = { shown: 'x', dial: '+48 22"><b>', reach: 'anybody' } as const;

  assert.is(telUriOf(access, { number: '1', pin: '2' }), 'tel:+4822,,1,,1%23,,2%23');
});

test.run();
