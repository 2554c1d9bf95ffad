import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createAddressBook } from '../../../server/address/address-book.ts';
import { advertisedAddresses } from '../../../server/address/advertised-addresses.ts';
import type { AdvertisedAddresses } from '../../../server/address/advertised-addresses.ts';
import { parseConfig } from '../../../server/config/config.ts';

function check(
  trunk: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, unknown>> = {},
  learned?: ReadonlyMap<string, readonly string[]>,
): AdvertisedAddresses {
  const config = parseConfig({ ...settings, trunks: [{ name: 'carrier', ...trunk }] });
  return advertisedAddresses({
    trunks: config.trunks,
    localHostFor: (peer) => (peer.startsWith('127.') ? '127.0.0.1' : '10.0.0.5'),
    book: createAddressBook({ config, stun: null }),
    ...(learned === undefined ? {} : { learned }),
  });
}

test('warns when a public trunk would be told private addresses, and names the settings', () => {
  assert.equal(check({ allowFrom: ['198.51.100.1'] }), {
    lines: ['trunk "carrier": 198.51.100.1: SIP 10.0.0.5, audio 10.0.0.5'],
    warnings: [
      'trunk "carrier": 198.51.100.1 would be told to send SIP to 10.0.0.5, which it cannot reach; set sip.externalAddress',
      'trunk "carrier": 198.51.100.1 would be told to send audio to 10.0.0.5, which it cannot reach; set media.externalAddress',
    ],
  });
});

test('warns of audio alone where only that is wrong', () => {
  const told = check(
    { allowFrom: ['198.51.100.1'] },
    {
      sip: { externalAddress: '203.0.113.7' },
      media: { externalAddress: [{ network: '10.0.0.0/8', address: 'local' }] },
    },
  );

  assert.equal(told.lines, ['trunk "carrier": 198.51.100.1: SIP 203.0.113.7, audio 10.0.0.5']);
  assert.equal(told.warnings.length, 1);
  assert.match(told.warnings[0] ?? '', 'set media.externalAddress');
});

for (const peer of ['10.1.2.3', '127.0.0.0/8', '192.168.0.0/16', '100.64.0.1']) {
  test(`has nothing against private addresses for ${peer}`, () => {
    assert.equal(check({ allowFrom: [peer] }).warnings, []);
  });
}

test('says once what all peers of a trunk are told alike', () => {
  const told = check(
    { allowFrom: ['198.51.100.1', '198.51.100.2', '10.0.0.9'], hosts: ['198.51.100.3:5070'] },
    { sip: { externalAddress: [{ network: '198.51.100.0/24', address: '203.0.113.7' }] } },
  );

  assert.equal(told.lines, [
    'trunk "carrier": 198.51.100.1 and 2 more: SIP 203.0.113.7, audio 203.0.113.7',
    'trunk "carrier": 10.0.0.9: SIP 10.0.0.5, audio 10.0.0.5',
  ]);
  assert.equal(told.warnings, []);
});

test('takes a name for somebody outside until it was looked up', () => {
  const trunk = { hosts: ['sip.provider.example'] };

  assert.match(
    check(trunk).warnings[0] ?? '',
    'sip.provider.example would be told to send SIP to 10.0.0.5',
  );
  assert.equal(check(trunk, {}, new Map([['carrier', ['10.0.0.77']]])), {
    lines: ['trunk "carrier": 10.0.0.77: SIP 10.0.0.5, audio 10.0.0.5'],
    warnings: [],
  });
});

test('takes a network of everybody for somebody outside', () => {
  assert.is(check({ allowFrom: ['0.0.0.0/0'] }).warnings.length, 2);
});

test.run();
