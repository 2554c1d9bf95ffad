import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Destination, Located } from '../../../server/sip/locate/locate.ts';
import { gatherHosts } from '../../../server/trunk/registrar-hosts.ts';
import { at, found } from './sim-registrar.ts';

const NONE: Located = { type: 'none', untilMs: 5 };
const FAILED: Located = { type: 'failed', why: 'ETIMEOUT', untilMs: 7 };
const nobodyIsDown = (): 'no' => 'no';

function host(located: Located, known: readonly Destination[] = []) {
  return { located, known };
}

/** Host and rank of what was found. */
function rows(located: Located): readonly (readonly [string, number])[] {
  if (located.type !== 'found') return [];
  return located.destinations.map((each) => [each.host, each.rank]);
}

test('puts hosts in the order of the settings, each as the DNS ranks it', () => {
  const gathered = gatherHosts(
    [
      host(found(at('192.0.2.1', { rank: 1 }), at('192.0.2.2', { rank: 2 }))),
      host(found(at('192.0.2.3'), at('192.0.2.4'))),
    ],
    nobodyIsDown,
  );

  assert.equal(rows(gathered), [
    ['192.0.2.1', 1],
    ['192.0.2.2', 2],
    ['192.0.2.3', 3],
    ['192.0.2.4', 3],
  ]);
});

test('puts those that are down after all others, in their own order', () => {
  const gathered = gatherHosts(
    [host(found(at('192.0.2.1'))), host(found(at('192.0.2.2'))), host(found(at('192.0.2.3')))],
    (each) => (each.host === '192.0.2.2' ? 'no' : 'yes'),
  );

  assert.equal(rows(gathered), [
    ['192.0.2.2', 1],
    ['192.0.2.1', 3],
    ['192.0.2.3', 5],
  ]);
});

test('goes on with what was known of a host while the DNS does not answer, not when it says there is none', () => {
  const known = [at('192.0.2.1')];
  const other = host(found(at('192.0.2.2')));

  assert.equal(
    rows(gatherHosts([host(FAILED, known), other], nobodyIsDown)).map(([name]) => name),
    ['192.0.2.1', '192.0.2.2'],
  );
  assert.equal(
    rows(gatherHosts([host(NONE, known), other], nobodyIsDown)).map(([name]) => name),
    ['192.0.2.2'],
  );
});

test('tells that nothing is there from that nobody answers', () => {
  assert.equal(gatherHosts([host(FAILED)], nobodyIsDown), FAILED);
  assert.equal(gatherHosts([host(NONE)], nobodyIsDown), NONE);
  assert.equal(gatherHosts([host(NONE), host(FAILED)], nobodyIsDown), FAILED);
  assert.equal(gatherHosts([host(NONE), host(NONE)], nobodyIsDown), NONE);
});

test.run();
