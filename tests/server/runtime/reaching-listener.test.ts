import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { reachingListener } from '../../../server/runtime/reaching-listener.ts';

/** The listener that is chosen of these for each peer. */
const CHOICES: readonly (readonly [
  listeners: readonly string[],
  peer: string,
  chosen: string | undefined,
])[] = [
  [['127.0.0.1', '192.0.2.7'], '198.51.100.1', '192.0.2.7'],
  [['192.0.2.7', '127.0.0.1'], '127.0.0.5', '127.0.0.1'],
  [['127.0.0.1', '0.0.0.0'], '198.51.100.1', '0.0.0.0'],
  [['0.0.0.0'], '127.0.0.1', '0.0.0.0'],
  [['127.0.0.1'], '198.51.100.1', '127.0.0.1'],
  [['::1', '::'], '2001:db8::1', '::'],
  [['::', '127.0.0.1', '192.0.2.7'], '::ffff:198.51.100.1', '192.0.2.7'],
  [['::1', '2001:db8::7'], '2001:db8::1', '2001:db8::7'],
  [['0.0.0.0'], '2001:db8::1', undefined],
  [[], '127.0.0.1', undefined],
];

for (const [listeners, peer, chosen] of CHOICES) {
  test(`chooses ${chosen ?? 'none'} of ${listeners.join(', ')} for ${peer}`, () => {
    const found = reachingListener(
      listeners.map((host) => ({ host })),
      peer,
    );

    assert.is(found?.host, chosen);
  });
}

test.run();
