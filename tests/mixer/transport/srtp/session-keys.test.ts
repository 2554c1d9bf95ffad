import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { deriveSessionKeys } from '../../../../mixer/transport/srtp/session-keys.ts';
import { hex } from './srtp-rig.ts';

test('derives the session keys of RFC 3711 appendix B.3', () => {
  const keys = deriveSessionKeys({
    profile: 'AES_CM_128_HMAC_SHA1_80',
    masterKey: hex('E1F97A0D3E018BE0D64FA32C06DE4139'),
    masterSalt: hex('0EC675AD498AFEEBB6960B3AABE6'),
  });

  assert.equal(keys.rtp.key, hex('C61E7A93744F39EE10734AFE3FF7A087'));
  assert.equal(keys.rtp.salt, hex('30CBBC08863D8C85D49DB34A9AE1'));
  assert.equal(keys.rtp.authKey, hex('CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4'));
});

test('derives other keys for RTCP than for RTP', () => {
  const keys = deriveSessionKeys({
    profile: 'AEAD_AES_128_GCM',
    masterKey: new Uint8Array(16).fill(1),
    masterSalt: new Uint8Array(12).fill(2),
  });

  assert.is.not(keys.rtp.key.join(), keys.rtcp.key.join());
  assert.is(keys.rtp.salt.length, 12);
  assert.is(keys.rtcp.salt.length, 12);
});

test('takes no key or salt of another length', () => {
  const masterKey = new Uint8Array(16);

  for (const [profile, saltBytes] of [
    ['AES_CM_128_HMAC_SHA1_80', 12],
    ['AEAD_AES_128_GCM', 14],
  ] as const) {
    const masterSalt = new Uint8Array(saltBytes);
    assert.throws(() => deriveSessionKeys({ profile, masterKey, masterSalt }), /wrong length/);
  }
});

test.run();
