import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Offence } from '../../../server/sip/guard/source-guard.ts';
import { banPath, banReason } from '../../../web/administration/ban-words.ts';

/** Every offence that the guard knows: one that is left out does not compile. */
const EVERY: Readonly<Record<Offence, 'here'>> = {
  'unknown-source': 'here',
  malformed: 'here',
  'no-such-number': 'here',
  flood: 'here',
  'bad-credentials': 'here',
};

for (const why of Object.keys(EVERY)) {
  test(`has words for ${why} in both languages`, () => {
    assert.is(new Set([banReason(why, 'pl'), banReason(why, 'en'), why]).size, 3);
  });
}

test('shows an offence that it does not know as it is', () => {
  assert.is(banReason('of-tomorrow', 'pl'), 'of-tomorrow');
  assert.is(banReason('toString', 'pl'), 'toString');
});

test('names an address in a path, a network by its first address', () => {
  assert.is(banPath('203.0.113.9'), '/admin/bans/203.0.113.9');
  assert.is(banPath('2001:db8:0:1::/64'), '/admin/bans/2001%3Adb8%3A0%3A1%3A%3A');
});

test.run();
