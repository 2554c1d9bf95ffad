import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { literalAddress } from '../../../server/runtime/literal-address.ts';
import { NetworkList } from '../../../server/runtime/network-list.ts';
import {
  canonicalNetwork,
  isInRange,
  networkRange,
} from '../../../server/runtime/network-range.ts';

/** A network, addresses in it, and addresses that are not. */
const NETWORKS: readonly (readonly [
  network: string,
  canonical: string,
  inside: readonly string[],
  outside: readonly string[],
])[] = [
  [
    '198.51.100.77/24',
    '198.51.100.0/24',
    ['198.51.100.0', '198.51.100.255', '::ffff:198.51.100.7', '::ffff:c633:6407'],
    ['198.51.99.255', '198.51.101.0', '2001:db8::1'],
  ],
  ['192.0.2.1', '192.0.2.1/32', ['192.0.2.1', '::ffff:192.0.2.1'], ['192.0.2.0', '192.0.2.2']],
  ['192.0.2.4/31', '192.0.2.4/31', ['192.0.2.4', '192.0.2.5'], ['192.0.2.3', '192.0.2.6']],
  ['128.0.0.0/1', '128.0.0.0/1', ['128.0.0.0', '255.255.255.255'], ['127.255.255.255', '0.0.0.0']],
  [
    '0.0.0.0/0',
    '0.0.0.0/0',
    ['0.0.0.0', '255.255.255.255', '::ffff:1.2.3.4'],
    ['::', '2001:db8::1'],
  ],
  [
    '::ffff:10.0.0.0/104',
    '10.0.0.0/8',
    ['10.0.0.0', '10.255.255.255'],
    ['9.255.255.255', '11.0.0.0'],
  ],
  ['::ffff:10.0.0.1', '10.0.0.1/32', ['10.0.0.1', '::ffff:10.0.0.1'], ['10.0.0.2', '::1']],
  ['2001:db8:5::1', '2001:db8:5::1/128', ['2001:DB8:5:0::1'], ['2001:db8:5::2', '192.0.2.1']],
  [
    '2001:db8:5::1/48',
    '2001:db8:5::/48',
    ['2001:db8:5::', '2001:db8:5:ffff:ffff:ffff:ffff:ffff'],
    ['2001:db8:4:ffff::', '2001:db8:6::'],
  ],
  ['fe80::/10', 'fe80::/10', ['fe80::1', 'fe80::1%eth0'], ['fec0::1', '169.254.0.1']],
  // An IPv4 address is no part of IPv6, however it is written.
  ['::/0', '::/0', ['::1', '2001:db8::1'], ['192.0.2.1', '::ffff:192.0.2.1']],
];

for (const [network, canonical, inside, outside] of NETWORKS) {
  test(`reads ${network} as ${canonical}, and finds the same by the list as by the range`, () => {
    const list = new NetworkList([network]);
    const range = networkRange(network);
    const isWithin = (host: string): boolean => {
      const address = literalAddress(host);
      return address !== null && isInRange(range, address);
    };

    assert.is(canonicalNetwork(network), canonical);
    for (const host of inside) {
      assert.ok(list.includes(host), `${host} is in the list`);
      assert.ok(isWithin(host), `${host} is in the range`);
    }
    for (const host of outside) {
      assert.not(list.includes(host), `${host} is not in the list`);
      assert.not(isWithin(host), `${host} is not in the range`);
    }
  });
}

test('has in a list what any of its networks has', () => {
  const list = new NetworkList(['127.0.0.0/8', '::1', '198.51.100.0/24', '2001:db8:5::/48']);

  for (const host of ['127.0.0.1', '::1', '198.51.100.9', '2001:db8:5::9']) {
    assert.ok(list.includes(host), host);
  }
  for (const host of ['128.0.0.1', '::2', '2001:db8:6::9']) assert.not(list.includes(host), host);
});

test('has nothing that is no address, and an empty list has nothing', () => {
  const all = new NetworkList(['0.0.0.0/0', '::/0']);

  for (const host of ['', 'localhost', '1.2.3', '010.0.0.1', '::ffff:999.1.1.1', '[::1]', '\r\n']) {
    assert.not(all.includes(host), JSON.stringify(host));
  }
  assert.not(new NetworkList([]).includes('127.0.0.1'));
});

test.run();
