import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { deviceName } from '../../../web/account/device-name.ts';

for (const [userAgent, name] of [
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
    'Edge, Windows',
  ],
  [
    'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
    'Chrome, Android',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    'Safari, iPhone',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox, Linux'],
  ['curl/8.5.0', 'curl/8.5.0'],
  ['', '?'],
] as const) {
  test(`names ${name === '?' ? 'an unknown device' : name}`, () => {
    assert.is(deviceName(userAgent), name);
  });
}

test('cuts what it does not know', () => {
  assert.is(deviceName('x'.repeat(500)).length, 60);
});

test.run();
