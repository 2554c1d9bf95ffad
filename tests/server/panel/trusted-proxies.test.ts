import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { createTrustedProxies } from '../../../server/panel/trusted-proxies.ts';

/** Who is believed, who connects, what X-Forwarded-For says, and whom it comes from. */
type Row = readonly [
  trusted: readonly string[],
  peer: string,
  forwarded: string | undefined,
  address: string,
];
const ROWS: readonly Row[] = [
  [[], '192.0.2.1', undefined, '192.0.2.1'],
  [[], '192.0.2.1', '198.51.100.7', '192.0.2.1'],
  [['192.0.2.1'], '192.0.2.1', undefined, '192.0.2.1'],
  [['192.0.2.1'], '192.0.2.1', '198.51.100.7', '198.51.100.7'],
  [['192.0.2.1'], '192.0.2.2', '198.51.100.7', '192.0.2.2'],
  [['192.0.2.0/24'], '192.0.2.99', '198.51.100.7', '198.51.100.7'],
  // What the browser itself wrote stands before what the proxy saw.
  [['192.0.2.1'], '192.0.2.1', '127.0.0.1, 198.51.100.7', '198.51.100.7'],
  [['192.0.2.0/24'], '192.0.2.1', '198.51.100.7, 192.0.2.9', '198.51.100.7'],
  [['192.0.2.0/24'], '192.0.2.1', '192.0.2.8, 192.0.2.9', '192.0.2.8'],
  [['127.0.0.1'], '::ffff:127.0.0.1', '198.51.100.7', '198.51.100.7'],
  [['::1'], '::1', '2001:db8::5', '2001:db8::5'],
  [['2001:db8::/32'], '2001:db8::1', '198.51.100.7', '198.51.100.7'],
  [['2001:db8::/32'], '192.0.2.1', '198.51.100.7', '192.0.2.1'],
  [['192.0.2.1'], '192.0.2.1', ' , ,', '192.0.2.1'],
  [['192.0.2.1'], '192.0.2.1', 'unknown', 'unknown'],
];

for (const [trusted, peer, forwarded, address] of ROWS) {
  test(`from ${peer} saying ${forwarded ?? 'nothing'} with ${trusted.join() || 'nobody'} believed comes ${address}`, () => {
    const proxies = createTrustedProxies(trusted);

    const facts = proxies.factsOf({
      headers: { 'x-forwarded-for': forwarded },
      socket: { remoteAddress: peer, remotePort: 4000 },
    });

    assert.is(facts.remoteAddress, address);
    assert.is(facts.remotePort, 4000);
  });
}

test('believes X-Forwarded-Proto of proxies only', () => {
  const proxies = createTrustedProxies(['127.0.0.1']);
  const schemeOf = (peer: string, told: string): string =>
    proxies.factsOf({
      headers: { 'x-forwarded-proto': told },
      socket: { remoteAddress: peer, remotePort: 1 },
    }).scheme;

  assert.is(schemeOf('127.0.0.1', 'https'), 'https');
  assert.is(schemeOf('127.0.0.1', 'https, http'), 'https');
  assert.is(schemeOf('127.0.0.1', 'gopher'), 'http');
  assert.is(schemeOf('192.0.2.1', 'https'), 'http');
});

test.run();
