import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { connectionFailure } from '../../../server/sip/tls-failure.ts';

test('tells in words why a handshake failed, as each end sees it', () => {
  const rows = [
    ['CERT_HAS_EXPIRED', 'client', 'its certificate has expired'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'client', 'it knows no TLS 1.2'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'server', 'it offers no TLS 1.2'],
    [
      'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
      'client',
      'our certificate is of an authority that it does not know',
    ],
    [null, 'client', 'it closed the connection'],
  ] as const;

  for (const [code, role, words] of rows) assert.is(connectionFailure(code, role), words);
});

test('shows a code that it does not know, but nothing that is none', () => {
  assert.is(connectionFailure('ERR_SSL_NEW', 'client'), 'failed (ERR_SSL_NEW)');
  assert.is(connectionFailure('told\nby the peer', 'client'), 'failed');
});

test.run();
