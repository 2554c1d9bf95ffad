import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { hostPortOf } from '../../../server/runtime/host-port.ts';

const WRITTEN: readonly (readonly [string, string, number | null])[] = [
  ['stun.example', 'stun.example', null],
  ['stun.example:19302', 'stun.example', 19_302],
  ['[2001:db8::1]:3479', '2001:db8::1', 3479],
  ['[2001:db8::1]', '2001:db8::1', null],
  ['2001:db8::1', '2001:db8::1', null],
  ['SIP.Example', 'sip.example', null],
  ['198.51.100.1:5070', '198.51.100.1', 5070],
];
for (const [text, host, port] of WRITTEN) {
  test(`takes ${text} apart`, () => assert.equal(hostPortOf(text), { host, port }));
}

test.run();
