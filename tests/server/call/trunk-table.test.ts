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

test.run();
