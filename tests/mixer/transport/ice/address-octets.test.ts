import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readAddress } from '../../../../mixer/transport/ice/address-octets.ts';

function read(text: string): string {
  const out = new Uint8Array(16).fill(0xff);
  const family = readAddress(text, out);
  return family === null
    ? 'none'
    : Buffer.from(out.subarray(0, family === 4 ? 4 : 16)).toString('hex');
}

for (const [text, octets] of [
  ['192.0.2.1', 'c0000201'],
  ['0.0.0.0', '00000000'],
  ['::', '0'.repeat(32)],
  ['::1', `${'0'.repeat(31)}1`],
  ['2001:db8::7', '20010db8000000000000000000000007'],
  ['2001:DB8:1:2:3:4:5:6', '20010db8000100020003000400050006'],
  ['fe80::1%eth0', 'fe800000000000000000000000000001'],
  ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
  ['1::', `0001${'0'.repeat(28)}`],
  ['256.0.0.1', 'none'],
  ['1.2.3', 'none'],
  ['1.2.3.4.5', 'none'],
  ['host.example', 'none'],
  ['', 'none'],
  [':', 'none'],
  ['1:2:3:4:5:6:7', 'none'],
  ['1:2:3:4:5:6:7:8:9', 'none'],
  // A run of zeros is at least one group long.
  ['1:2:3:4:5:6:7::8', 'none'],
  ['1:2:3:4::5:6:7:8', 'none'],
  ['1::2::3', 'none'],
  ['12345::', 'none'],
] as const) {
  test(`reads ${text || 'an empty text'}`, () => {
    assert.is(read(text), octets);
  });
}

test.run();
