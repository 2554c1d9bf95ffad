import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createAddressBook } from '../../../server/address/address-book.ts';
import type { AddressBook, PublicAddress } from '../../../server/address/address-book.ts';
import { parseConfig } from '../../../server/config/config.ts';

const STUN: PublicAddress = {
  seenAs: (family) => (family === 'ipv4' ? '203.0.113.7' : null),
};
const LOCAL = '10.0.0.5';

function book(
  settings: Readonly<Record<string, unknown>>,
  stun: PublicAddress | null,
): AddressBook {
  return createAddressBook({ config: parseConfig(settings), stun });
}

const AUTO: readonly (readonly [peer: string, local: string, told: string])[] = [
  ['198.51.100.1', LOCAL, '203.0.113.7'],
  // Names that stand for nobody knows whom are out there.
  ['', LOCAL, '203.0.113.7'],
  ['10.9.9.9', LOCAL, LOCAL],
  ['100.64.0.9', LOCAL, LOCAL],
  ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
  ['::ffff:127.0.0.1', LOCAL, LOCAL],
  // Ours is public itself.
  ['198.51.100.1', '198.51.100.9', '198.51.100.9'],
  // Nobody has told how IPv6 looks from outside.
  ['2001:db8::1', 'fd00::5', 'fd00::5'],
];
for (const [peer, local, told] of AUTO) {
  test(`auto tells ${peer === '' ? 'anybody' : peer} at ${local} to send to ${told}`, () => {
    const auto = book({}, STUN);

    assert.is(auto.sipHostFor(peer, local), told);
    assert.is(auto.mediaHostFor(peer, local), told);
  });
}

test('auto tells our own address while no STUN server has answered, or none is asked', () => {
  assert.is(book({}, null).mediaHostFor('198.51.100.1', LOCAL), LOCAL);
  assert.is(book({}, { seenAs: () => null }).mediaHostFor('198.51.100.1', LOCAL), LOCAL);
});

test('a literal address is told to all but this machine and peers of the other family', () => {
  const literal = book({ sip: { externalAddress: '203.0.113.9' } }, STUN);

  assert.is(literal.sipHostFor('198.51.100.1', LOCAL), '203.0.113.9');
  assert.is(literal.sipHostFor('10.0.0.6', LOCAL), '203.0.113.9');
  assert.is(literal.sipHostFor('127.0.0.1', '127.0.0.1'), '127.0.0.1');
  assert.is(literal.sipHostFor('2001:db8::1', '2001:db8::5'), '2001:db8::5');
});

test('audio goes where SIP goes, unless it has an address of its own', () => {
  const sip = { externalAddress: '203.0.113.9' };

  assert.is(book({ sip }, null).mediaHostFor('198.51.100.1', LOCAL), '203.0.113.9');
  const own = book({ sip, media: { externalAddress: '203.0.113.10' } }, null);
  assert.is(own.mediaHostFor('198.51.100.1', LOCAL), '203.0.113.10');
  assert.is(own.sipHostFor('198.51.100.1', LOCAL), '203.0.113.9');
});

test('the longest matching network decides, and our own address where none matches', () => {
  const listed = book(
    {
      sip: { stunServers: ['stun.example'] },
      media: {
        externalAddress: [
          { network: '0.0.0.0/0', address: 'stun' },
          { network: '198.51.100.0/24', address: '203.0.113.20' },
          { network: '198.51.100.77', address: 'local' },
          { network: '2001:db8::/32', address: '2001:db8:1::1' },
        ],
      },
    },
    STUN,
  );

  assert.is(listed.mediaHostFor('192.0.2.1', LOCAL), '203.0.113.7');
  assert.is(listed.mediaHostFor('198.51.100.1', LOCAL), '203.0.113.20');
  assert.is(listed.mediaHostFor('198.51.100.77', LOCAL), LOCAL);
  assert.is(listed.mediaHostFor('::ffff:198.51.100.1', LOCAL), '203.0.113.20');
  assert.is(listed.mediaHostFor('2001:db8::9', 'fd00::1'), '2001:db8:1::1');
  assert.is(listed.mediaHostFor('fd00::9', 'fd00::1'), 'fd00::1');
  assert.is(listed.mediaHostFor('', LOCAL), LOCAL);
});

test.run();
