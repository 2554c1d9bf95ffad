import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isAllowedAddress } from '../../../server/webhook/public-address.ts';

const REFUSED = [
  // RFC 1122, 1918, 3927, 6598, 5737, 2544, 1112, 919; the cloud's metadata service.
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  // RFC 4291, 4193, 3849, 6052, 3056, 4380.
  '::',
  '::1',
  '::127.0.0.1',
  '::10.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '::ffff:0:10.0.0.1',
  '64:ff9b::10.0.0.1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:a00:1::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%lo',
  'fec0::1',
  'ff02::1',
  // No addresses, or only for some programs.
  '',
  'localhost',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '1.2.3.4.5',
];

for (const address of REFUSED) {
  test(`webhooks do not reach ${address || 'nothing'}`, () => {
    assert.is(isAllowedAddress(address, []), false);
  });
}

for (const address of [
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.1',
  '193.0.14.129',
  '::ffff:1.1.1.1',
  '2606:4700::1111',
  '2a01:111::1',
]) {
  test(`webhooks reach ${address}`, () => {
    assert.is(isAllowedAddress(address, []), true);
  });
}

for (const [address, networks, allowed] of [
  ['10.1.2.3', ['10.1.0.0/16'], true],
  ['10.2.2.3', ['10.1.0.0/16'], false],
  ['::ffff:10.1.2.3', ['10.1.0.0/16'], true],
  ['127.0.0.1', ['127.0.0.1'], true],
  ['127.0.0.2', ['127.0.0.1'], false],
  ['fd12::5', ['fd12::/16'], true],
  ['fd12::5', ['10.0.0.0/8'], false],
  ['::1', ['127.0.0.0/8', '::1'], true],
  ['10.1.2.3', ['::/0'], false],
] as const) {
  test(`${address} is ${allowed ? 'allowed' : 'refused'} with ${networks.join(' ')}`, () => {
    assert.is(isAllowedAddress(address, networks), allowed);
  });
}

test.run();
