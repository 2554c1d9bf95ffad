import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cryptoConfig, parseCrypto } from '../../../server/sdp/crypto-attribute.ts';
import { parseFingerprint, strongestOf } from '../../../server/sdp/fingerprint.ts';
import { candidateLines } from '../../../server/sdp/ice-candidate.ts';
import { readOpusFormat } from '../../../server/sdp/opus-format.ts';
import { SHA_256 } from './offers.ts';

const CM = Buffer.from(Array.from({ length: 30 }, (_, i) => i)).toString('base64');
const GCM = Buffer.from(Array.from({ length: 28 }, (_, i) => i)).toString('base64');

const USABLE: readonly string[] = [
  `1 AES_CM_128_HMAC_SHA1_80 inline:${CM}`,
  `1 AES_CM_128_HMAC_SHA1_80 inline:${CM}|2^31`,
  `1 AES_CM_128_HMAC_SHA1_80 inline:${CM}|1048576`,
  `999999999  AES_CM_128_HMAC_SHA1_80  inline:${CM} WSH=128`,
  `1 AES_CM_128_HMAC_SHA1_80 inline:${CM} -x-phone=1`,
  `1 AEAD_AES_128_GCM inline:${GCM}`,
  `1 AEAD_AES_128_GCM inline:${GCM.replaceAll('=', '')}|2^48`,
];
for (const value of USABLE) {
  test(`takes the key of "${value.replace(CM, '…').replace(GCM, '…')}" (RFC 4568 §6)`, () => {
    const crypto = parseCrypto(value);

    assert.is(crypto?.tag, Number.parseInt(value, 10));
    assert.equal(
      [...(crypto?.keying.masterKey ?? [])],
      Array.from({ length: 16 }, (_, i) => i),
    );
    assert.is(crypto?.keying.masterSalt[0], 16);
  });
}

const UNUSABLE: readonly (readonly [string, string])[] = [
  ['the short authentication tag', `1 AES_CM_128_HMAC_SHA1_32 inline:${CM}`],
  ['a suite of AES-256', `1 AES_256_CM_HMAC_SHA1_80 inline:${CM}`],
  ['a master key identifier', `1 AES_CM_128_HMAC_SHA1_80 inline:${CM}|2^20|1:4`],
  ['an identifier without a lifetime', `1 AES_CM_128_HMAC_SHA1_80 inline:${CM}|1:4`],
  ['two keys', `1 AES_CM_128_HMAC_SHA1_80 inline:${CM}|1:4;inline:${CM}|2:4`],
  ['a short lifetime', `1 AES_CM_128_HMAC_SHA1_80 inline:${CM}|2^10`],
  ['no encryption', `1 AES_CM_128_HMAC_SHA1_80 inline:${CM} UNENCRYPTED_SRTP`],
  ['no authentication', `1 AES_CM_128_HMAC_SHA1_80 inline:${CM} WSH=64 UNAUTHENTICATED_SRTP`],
  ['a key derivation rate', `1 AES_CM_128_HMAC_SHA1_80 inline:${CM} KDR=1`],
  ['a key that is too short', `1 AES_CM_128_HMAC_SHA1_80 inline:${CM.slice(4)}`],
  ['the salt length of the other profile', `1 AEAD_AES_128_GCM inline:${CM}`],
  ['no key', '1 AES_CM_128_HMAC_SHA1_80 inline:'],
  ['another method', `1 AES_CM_128_HMAC_SHA1_80 uri:${CM}`],
  ['no tag', `AES_CM_128_HMAC_SHA1_80 inline:${CM}`],
  ['nothing', ''],
];
for (const [what, value] of UNUSABLE) {
  test(`passes over a key with ${what}`, () => {
    assert.is(parseCrypto(value), null);
  });
}

test('writes a key as it reads it', () => {
  const crypto = parseCrypto(`1 AEAD_AES_128_GCM inline:${GCM}`);

  assert.ok(crypto !== null);
  assert.is(cryptoConfig(crypto.keying), `inline:${GCM}`);
});

const OPUS: readonly (readonly [string, readonly [number, number | null, string, string]])[] = [
  ['', [48_000, null, 'unwanted', 'not-asked']],
  ['useinbandfec=1; usedtx=1', [48_000, null, 'wanted', 'allowed']],
  ['MaxPlaybackRate=16000;maxaveragebitrate=20000', [16_000, 20_000, 'unwanted', 'not-asked']],
  ['maxplaybackrate=0;maxaveragebitrate=510001', [48_000, null, 'unwanted', 'not-asked']],
  ['maxaveragebitrate=5999;maxplaybackrate=96000', [48_000, null, 'unwanted', 'not-asked']],
  ['useinbandfec=1;useinbandfec=0', [48_000, null, 'wanted', 'not-asked']],
  [';;=;=1;x;maxplaybackrate', [48_000, null, 'unwanted', 'not-asked']],
];
for (const [config, [rate, bitrate, inbandFec, dtx]] of OPUS) {
  test(`reads "${config}" of Opus (RFC 7587 §6.1)`, () => {
    assert.equal(readOpusFormat(config), {
      maxPlaybackRateHz: rate,
      maxAverageBitrate: bitrate,
      inbandFec,
      dtx,
    });
  });
}

test('reads a fingerprint whatever its case, and none of a wrong length or hash (RFC 8122 §5)', () => {
  const expected = { algorithm: 'sha-256', value: SHA_256 };

  assert.equal(parseFingerprint(`SHA-256 ${SHA_256.toLowerCase()}`), expected);
  assert.is(parseFingerprint(`sha-256 ${SHA_256}:00`), null);
  assert.is(parseFingerprint(`sha-384 ${SHA_256}`), null);
  assert.is(parseFingerprint(`sha-256 ${SHA_256.replaceAll(':', '-')}`), null);
  assert.is(parseFingerprint('md5 00'), null);
  assert.is(parseFingerprint('sha-256'), null);
});

test('counts SHA-1 only where there is nothing stronger (RFC 8122 §5.1)', () => {
  const weak = { algorithm: 'sha-1', value: '00' } as const;
  const strong = { algorithm: 'sha-256', value: SHA_256 } as const;

  assert.equal(strongestOf([weak, strong]), [strong]);
  assert.equal(strongestOf([weak]), [weak]);
});

test('orders candidates by preference, UDP before TCP, each with its foundation (RFC 8445 §5.1.2)', () => {
  const lines = candidateLines([
    { transport: 'tcp', host: '192.0.2.1', port: 1 },
    { transport: 'udp', host: '192.0.2.1', port: 1 },
    { transport: 'udp', host: '192.0.2.2', port: 1 },
    { transport: 'tcp', host: '192.0.2.2', port: 1 },
  ]);

  const priorities = lines.map((line) => line.priority);
  assert.equal(
    lines.map((line) => [line.transport, line.ip, line.tcptype]),
    [
      ['udp', '192.0.2.1', undefined],
      ['udp', '192.0.2.2', undefined],
      ['tcp', '192.0.2.1', 'passive'],
      ['tcp', '192.0.2.2', 'passive'],
    ],
  );
  assert.equal(
    [...priorities].sort((a, b) => b - a),
    priorities,
  );
  assert.is(new Set(priorities).size, 4);
  assert.is(new Set(lines.map((line) => line.foundation)).size, 4);
  assert.is(priorities[0], 2 ** 24 * 126 + 2 ** 8 * 65_535 + 255);
});

test.run();
