import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { networkOf } from '../../../server/runtime/network-address.ts';

const CUSTOMERS = [
  ['192.0.2.9', '192.0.2.9'],
  ['::ffff:192.0.2.9', '192.0.2.9'],
  ['::ffff:c000:209', '192.0.2.9'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:2::', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['unknown', 'unknown'],
  ['::ffff:999.1.1.1', '::ffff:999.1.1.1'],
  ['x'.repeat(1000), 'x'.repeat(64)],
  [':'.repeat(1000), ':'.repeat(64)],
] as const;

for (const [address, network] of CUSTOMERS) {
  test(`counts ${address.slice(0, 40)} as ${network.slice(0, 40)}`, () => {
    assert.is(networkOf(address), network);
  });
}

test.run();
