import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { signatureOf } from '../../../server/webhook/signature.ts';

test('is HMAC-SHA256 of time stamp, full stop and body (RFC 2104)', () => {
  // Computed by `openssl dgst -sha256 -hmac Jefe`.
  assert.is(
    signatureOf('Jefe', 1_790_000_000, '{"zażółć":1}'),
    'v1=e2de57159ce7cdf46c1a9ce7a7c9e7a231ff76d85ca14cb3224e10bb53a590fd',
  );
});

test('changes with secret, time stamp and body', () => {
  const signatures = [
    signatureOf('a', 1, 'b'),
    signatureOf('a', 1, 'c'),
    signatureOf('a', 2, 'b'),
    signatureOf('b', 1, 'b'),
    signatureOf('a', 11, ''),
  ];

  assert.is(new Set(signatures).size, 5);
});

test.run();
