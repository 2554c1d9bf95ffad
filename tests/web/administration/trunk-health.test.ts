import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { trunkHealth, worstFirst } from '../../../web/administration/trunk-health.ts';
import type { TrunkHealth } from '../../../web/administration/trunk-health.ts';
import { host, registration, trouble, trunk } from './sample-trunks.ts';

const UP = host({ state: 'up' });
const DOWN = host({ state: 'down', trouble: trouble('no-answer') });
const UNKNOWN = host({ state: 'unknown' });
const NOWHERE = host({ address: null, state: 'unknown', trouble: trouble('no-address') });
const LATE = registration({ trouble: trouble('no-answer') });

for (const [what, shown, wanted] of [
  ['registered', trunk({ registration: registration() }), 'good'],
  ['registered, with hosts', trunk({ registration: registration(), hosts: [UP] }), 'good'],
  ['registered, not refreshed', trunk({ registration: LATE, hosts: [UP] }), 'partly'],
  ['registered, a host down', trunk({ registration: registration(), hosts: [UP, DOWN] }), 'partly'],
  ['registered, all down', trunk({ registration: registration(), hosts: [DOWN] }), 'partly'],
  ['refused', trunk({ registration: registration({ state: 'refused' }), hosts: [UP] }), 'trouble'],
  ['failing', trunk({ registration: registration({ state: 'failing' }) }), 'trouble'],
  ['on its way', trunk({ registration: registration({ state: 'registering' }) }), 'starting'],
  ['taken back', trunk({ registration: registration({ state: 'stopped' }) }), 'ended'],
  ['a host that answers', trunk({ hosts: [UP] }), 'good'],
  ['a host that does not', trunk({ hosts: [DOWN] }), 'trouble'],
  ['a host that nobody finds', trunk({ hosts: [NOWHERE] }), 'trouble'],
  ['one of two', trunk({ hosts: [DOWN, UP] }), 'partly'],
  ['one of two found', trunk({ hosts: [NOWHERE, UNKNOWN] }), 'partly'],
  ['a host that is not pinged', trunk({ hosts: [UNKNOWN] }), 'unchecked'],
  ['callers alone', trunk({}), 'unchecked'],
] as const satisfies readonly (readonly [string, unknown, TrunkHealth])[]) {
  test(`says ${wanted} of a trunk: ${what}`, () => {
    assert.is(trunkHealth(shown), wanted);
  });
}

test('shows trunks in trouble first, and leaves the others as they are', () => {
  const sorted = worstFirst([
    trunk({ name: 'good', hosts: [UP] }),
    trunk({ name: 'partly', hosts: [UP, DOWN] }),
    trunk({ name: 'callers' }),
    trunk({ name: 'starting', registration: registration({ state: 'registering' }) }),
    trunk({ name: 'down', hosts: [DOWN] }),
    trunk({ name: 'refused', registration: registration({ state: 'refused' }) }),
  ]);

  assert.equal(
    sorted.map(({ name }) => name),
    ['down', 'refused', 'partly', 'starting', 'good', 'callers'],
  );
});

test.run();
