import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { iceServers } from '../../../server/guest/turn-credentials.ts';

const AT_MS = Date.UTC(2026, 0, 1);
const URLS = ['turn:relay.example.org:3478?transport=udp', 'turns:relay.example.org:5349'];

test('the user name ends with the credentials, the password is its HMAC-SHA1 in base64', () => {
  const servers = iceServers({ urls: URLS, secret: 'north', minutes: 20 }, 'ab', AT_MS);

  // printf %s 1767226800:ab | openssl dgst -sha1 -hmac north -binary | base64
  const credential = 'XlYz97l8cR+saj3q1caLJukfm9s=';
  assert.equal(servers, [{ urls: URLS, username: '1767226800:ab', credential }]);
});

test('without relays there are none', () => {
  assert.equal(iceServers({ urls: [], secret: 'north', minutes: 20 }, 'ab', AT_MS), []);
  assert.equal(iceServers({ urls: URLS, secret: null, minutes: 20 }, 'ab', AT_MS), []);
});

test.run();
