import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  familyOf,
  familyOfPlain,
  ipv4Number,
  isLiteralAddress,
  literalAddress,
  plainHost,
  unscopedHost,
} from '../../../server/runtime/literal-address.ts';

/** What is written, its family, how all of the server writes it, and how it is told to others. */
const ADDRESSES = [
  ['192.0.2.1', 'ipv4', '192.0.2.1', '192.0.2.1'],
  ['0.0.0.0', 'ipv4', '0.0.0.0', '0.0.0.0'],
  ['255.255.255.255', 'ipv4', '255.255.255.255', '255.255.255.255'],
  ['::ffff:192.0.2.1', 'ipv4', '192.0.2.1', '192.0.2.1'],
  ['::FFFF:c000:201', 'ipv4', '192.0.2.1', '192.0.2.1'],
  ['0:0:0:0:0:ffff:c000:0201', 'ipv4', '192.0.2.1', '192.0.2.1'],
  ['::1', 'ipv6', '::1', '::1'],
  ['2001:DB8:0:0::1', 'ipv6', '2001:db8::1', '2001:db8::1'],
  ['fe80::A%eth0', 'ipv6', 'fe80::a%eth0', 'fe80::a'],
] as const;

for (const [text, family, plain, unscoped] of ADDRESSES) {
  test(`reads ${text} as ${family} and writes it ${plain}`, () => {
    assert.is(familyOf(text), family);
    assert.is(literalAddress(text)?.kind(), family);
    assert.is(literalAddress(text)?.toString(), plain);
    assert.ok(isLiteralAddress(text));
    assert.is(plainHost(text), plain);
    assert.is(plainHost(`[${text}]`), plain);
    assert.is(plainHost(plain), plain);
    assert.is(familyOfPlain(plain), family);
    assert.is(unscopedHost(text), unscoped);
    assert.is(unscopedHost(`[${text}]`), unscoped);
  });
}

/** Names, halves of addresses, and what others take for an address of their own making: octal, hexadecimal, short. */
const OTHERS = [
  '',
  'sip.example.com',
  'a.b.c.d',
  '1.2.3',
  '1.2.3.',
  '.1.2.3.4',
  '1..2.3.4',
  '1.2.3.4.5',
  '1.2.3.256',
  '1.2.3.1000',
  '010.0.0.1',
  '10.0.0.00',
  '0x7f.0.0.1',
  '2130706433',
  '1.2.3.4 ',
  '1.2.3.-4',
  '1.2.3.4%eth0',
  ':',
  'beef::cafe::1',
  '::ffff:999.1.1.1',
  '[::1]',
  '::1]',
  '192.0.2.1:5060',
  '2001:db8::/32',
] as const;

for (const text of OTHERS) {
  test(`takes ${JSON.stringify(text)} for no address`, () => {
    assert.is(literalAddress(text), null);
    assert.is(familyOf(text), 'none');
    assert.not(isLiteralAddress(text));
    assert.is(ipv4Number(text), null);
  });
}

test('leaves what is no address as it is, but for brackets', () => {
  const rows = [
    ['sip.example.com', 'sip.example.com'],
    ['SIP.example.com.', 'SIP.example.com.'],
    ['[beef::cafe::1]', 'beef::cafe::1'],
    ['[', '['],
    ['', ''],
  ] as const;

  for (const [host, plain] of rows) assert.is(plainHost(host), plain);
});

test('counts IPv4 addresses in the order of their numbers', () => {
  assert.is(ipv4Number('0.0.0.0'), 0);
  assert.is(ipv4Number('0.0.1.0'), 256);
  assert.is(ipv4Number('128.0.0.1'), 2 ** 31 + 1);
  assert.is(ipv4Number('255.255.255.255'), 2 ** 32 - 1);
});

test.run();
