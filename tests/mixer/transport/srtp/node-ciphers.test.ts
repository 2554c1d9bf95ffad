import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NodeCmCipher } from '../../../../mixer/transport/srtp/node-cm-cipher.ts';
import { NodeGcmCipher } from '../../../../mixer/transport/srtp/node-gcm-cipher.ts';
import type { CipherJob } from '../../../../mixer/transport/srtp/packet-cipher.ts';
import { hex } from './srtp-rig.ts';

const GCM_SET = {
  key: hex('000102030405060708090a0b0c0d0e0f'),
  salt: hex('517569642070726f2071756f'),
  authKey: new Uint8Array(20),
};

function job(packet: Uint8Array, rest: Partial<CipherJob>): CipherJob {
  return {
    packet,
    lengthBytes: packet.length,
    headerBytes: 12,
    ssrc: 0,
    rolloverCounter: 0,
    sequenceNumber: 0,
    rtcpWord: 0,
    out: new Uint8Array(packet.length + 20),
    ...rest,
  };
}

test('makes the key stream of RFC 3711 appendix B.2', () => {
  const keys = {
    key: hex('2B7E151628AED2A6ABF7158809CF4F3C'),
    salt: hex('F0F1F2F3F4F5F6F7F8F9FAFBFCFD'),
    authKey: new Uint8Array(20),
  };
  const cipher = new NodeCmCipher({ profile: 'AES_CM_128_HMAC_SHA1_80', rtp: keys, rtcp: keys });
  // A header of SSRC 0 and sequence number 0, and a payload of zeros: what comes out is the key stream.
  const work = job(new Uint8Array(12 + 48), {});

  const written = cipher.protectRtp(work);

  assert.is(written, 12 + 48 + 10);
  assert.equal(
    work.out.slice(12, 60),
    hex(`E03EAD0935C95E80E166B16DD92B4EB4
         D23513162B02D0F72A43A2FE4A5F97AB
         41E95B3BB0A2E8DD477901E4FCA894C0`),
  );
});

test('seals and opens the RTP packet of RFC 7714 §16.1', () => {
  const cipher = new NodeGcmCipher({ profile: 'AEAD_AES_128_GCM', rtp: GCM_SET, rtcp: GCM_SET });
  const header = '8040f17b 8041f8d3 5501a0b2';
  const plain = hex(`${header} 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120
                     696e2070 61727465 73207472 6573`);
  const sealed = hex(`${header} f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a
                      51c7d19b 36de3adf 8833 899d7f27 beb16a91 52cf765e e4390cce`);
  const facts = { ssrc: 0x5501a0b2, sequenceNumber: 0xf17b };
  const seal = job(plain, facts);
  const open = job(sealed, facts);

  assert.is(cipher.protectRtp(seal), sealed.length);
  assert.equal(seal.out.slice(0, sealed.length), sealed);
  assert.is(cipher.unprotectRtp(open), plain.length);
  assert.equal(open.out.slice(0, plain.length), plain);
});

test('seals and opens the RTCP packet of RFC 7714 §17.1', () => {
  const cipher = new NodeGcmCipher({ profile: 'AEAD_AES_128_GCM', rtp: GCM_SET, rtcp: GCM_SET });
  const clear = '81c8000d 4d617273';
  const plain = hex(`${clear} 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61
                     deadbeef deadbeef deadbeef deadbeef deadbeef`);
  const sealed = hex(`${clear} 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1
                      730d6fda 4ce09b46 86303ded 0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade
                      800005d4`);
  const facts = { ssrc: 0x4d617273, rtcpWord: 0x800005d4 };
  const seal = job(plain, facts);
  const open = job(sealed, facts);

  assert.is(cipher.protectRtcp(seal), sealed.length);
  assert.equal(seal.out.slice(0, sealed.length), sealed);
  assert.is(cipher.unprotectRtcp(open), plain.length);
  assert.equal(open.out.slice(0, plain.length), plain);
});

test('opens the RTCP packet of RFC 7714 §17.3 that is only authenticated', () => {
  const cipher = new NodeGcmCipher({ profile: 'AEAD_AES_128_GCM', rtp: GCM_SET, rtcp: GCM_SET });
  const plain = hex(`81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61
                     deadbeef deadbeef deadbeef deadbeef deadbeef`);
  const tagged = hex(`${Buffer.from(plain).toString('hex')}
                      841dd968 3dd78ec9 2ae58790 125f62b3 000005d4`);
  const open = job(tagged, { ssrc: 0x4d617273, rtcpWord: 0x000005d4 });

  assert.is(cipher.unprotectRtcp(open), plain.length);
  assert.equal(open.out.slice(0, plain.length), plain);
});

test.run();
