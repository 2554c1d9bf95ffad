import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TrunkTable } from '../../../server/call/trunk-table.ts';
import { parseConfig } from '../../../server/config/config.ts';

const { trunks } = parseConfig({
  trunks: [
    { name: 'wide', allowFrom: ['192.0.2.0/24', '2001:db8::/32'] },
    { name: 'narrow', allowFrom: ['192.0.2.128/25'] },
    { name: 'one', allowFrom: ['192.0.2.200', '2001:db8::7'] },
  ],
});

const CASES: readonly (readonly [string, string | null])[] = [
  ['192.0.2.1', 'wide'],
  ['192.0.2.129', 'narrow'],
  ['192.0.2.200', 'one'],
  ['::ffff:192.0.2.200', 'one'],
  ['2001:db8::1', 'wide'],
  ['2001:db8::7', 'one'],
  ['192.0.3.1', null],
  ['127.0.0.1', null],
  ['::1', null],
  ['not an address', null],
  ['', null],
];

for (const [host, name] of CASES) {
  test(`takes "${host}" for ${name ?? 'a stranger'}`, () => {
    const table = new TrunkTable(trunks);

    assert.is(table.trunkOf(host)?.name ?? null, name);
    assert.is(table.trunkOf(host)?.name ?? null, name, 'the same when it is remembered');
  });
}

test('remembers only so many strangers, and still tells them apart', () => {
  const table = new TrunkTable(trunks);

  for (let index = 0; index < 10_000; index += 1) {
    table.trunkOf(`10.0.${index >> 8}.${index & 255}`);
  }

  assert.is(table.trunkOf('192.0.2.129')?.name, 'narrow');
  assert.is(table.trunkOf('10.0.0.1'), null);
});

const LEARNED = new Map([
  ['192.0.2.5', 'one'],
  ['192.0.2.129', 'wide'],
  ['192.0.2.200', 'wide'],
  ['203.0.113.9', 'narrow'],
  ['2001:DB8:0::9', 'one'],
  ['::ffff:203.0.113.10', 'one'],
  ['203.0.113.11', 'gone'],
  ['sip.example.org', 'one'],
]);
const AFTER_LEARNING: readonly (readonly [string, string | null])[] = [
  // Longer than the networks of others, but an address that `allowFrom` names stays where it is.
  ['192.0.2.5', 'one'],
  ['192.0.2.129', 'wide'],
  ['192.0.2.200', 'one'],
  ['203.0.113.9', 'narrow'],
  ['::ffff:203.0.113.9', 'narrow'],
  ['203.0.113.10', 'one'],
  ['2001:db8::9', 'one'],
  ['203.0.113.11', null],
  ['sip.example.org', null],
  ['192.0.2.6', 'wide'],
];
for (const [host, name] of AFTER_LEARNING) {
  test(`takes "${host}" for ${name ?? 'a stranger'} when hosts were looked up`, () => {
    const table = new TrunkTable(trunks);
    table.trunkOf(host);

    table.learn(LEARNED);

    assert.is(table.trunkOf(host)?.name ?? null, name);
    assert.is(table.trunkOf(host)?.name ?? null, name, 'the same when it is remembered');
  });
}

test('forgets addresses that hosts do not have any more', () => {
  const table = new TrunkTable(trunks);
  table.learn(LEARNED);
  assert.is(table.trunkOf('203.0.113.9')?.name, 'narrow');

  table.learn(new Map([['203.0.113.8', 'narrow']]));

  assert.is(table.trunkOf('203.0.113.9'), null);
  assert.is(table.trunkOf('203.0.113.8')?.name, 'narrow');
});

test('tells the network that matched, and that a host did', () => {
  const table = new TrunkTable(trunks);
  table.learn(LEARNED);

  assert.is(table.match('192.0.2.130')?.network, '192.0.2.128/25');
  assert.is(table.match('203.0.113.9')?.network, null);
  assert.is(table.match('203.0.113.1'), null);
});

test('takes an IPv4 network for one that is written as IPv6 too', () => {
  const table = new TrunkTable(
    parseConfig({
      trunks: [{ name: 'mapped', allowFrom: ['::ffff:192.0.2.0/120', '::ffff:203.0.113.7'] }],
    }).trunks,
  );

  assert.is(table.trunkOf('192.0.2.9')?.name, 'mapped');
  assert.is(table.trunkOf('::ffff:192.0.2.9')?.name, 'mapped');
  assert.is(table.trunkOf('203.0.113.7')?.name, 'mapped');
  assert.is(table.trunkOf('192.0.3.9'), null);
});

test.run();
