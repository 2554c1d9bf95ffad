import { RtpPacket, SrtcpSession, SrtpSession as WeriftSrtp } from 'werift';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadNativeSrtp } from '../../../../mixer/transport/srtp/native-srtp.ts';
import { loadSrtp } from '../../../../mixer/transport/srtp/load-srtp.ts';
import { createNodeSrtpSession } from '../../../../mixer/transport/srtp/node-srtp.ts';
import type { SrtpProfile } from '../../../../mixer/protocol/media-security.ts';
import { bytesBy, implementations, keysOfTwo, profiles, rtcp, seededWords } from './srtp-rig.ts';

const loadNative = loadNativeSrtp();
const native: (name: string, run: () => void) => void =
  loadNative === null ? (name, run) => test.skip(name, run) : test;

/** Plain packets of all shapes: CSRCs, extensions, payloads of 0 to 1,200 bytes, three SSRCs. */
function randomRtp(next: () => number, sequenceNumber: number): Uint8Array {
  const csrcs = next() % 4;
  const words = next() % 3;
  const hasExtension = next() % 2 === 1;
  const headerBytes = 12 + 4 * csrcs + (hasExtension ? 4 + 4 * words : 0);
  const packet = bytesBy(next, headerBytes + (next() % 1200));
  const view = new DataView(packet.buffer);
  packet[0] = 0x80 | (hasExtension ? 0x10 : 0) | csrcs;
  view.setUint16(2, sequenceNumber & 0xffff);
  view.setUint32(8, 0xffff_fff0 + (next() % 3));
  if (hasExtension) view.setUint16(12 + 4 * csrcs + 2, words);
  return packet;
}

for (const profile of profiles) {
  native(`writes in native code byte for byte what Node writes (${profile})`, () => {
    const keys = keysOfTwo(profile);
    const ours = createNodeSrtpSession(keys.alice);
    const theirs = (loadNative ?? createNodeSrtpSession)(keys.alice);
    const bob = (loadNative ?? createNodeSrtpSession)(keys.bob);
    const carol = createNodeSrtpSession(keys.bob);
    const next = seededWords(20_261);
    const one = new Uint8Array(1400);
    const other = new Uint8Array(1400);
    const plain = new Uint8Array(1400);

    for (let round = 0; round < 3000; round += 1) {
      // Steps of up to 127 packets go over several roll-overs.
      const packet = randomRtp(next, 65_000 + round * 127);
      const length = ours.protectRtp(packet, packet.length, one);
      assert.is(theirs.protectRtp(packet, packet.length, other), length);
      assert.equal(one.subarray(0, length), other.subarray(0, length));
      assert.is(carol.unprotectRtp(other, length, plain), packet.length);
      assert.equal(plain.subarray(0, packet.length), packet);
      assert.is(bob.unprotectRtp(one, length, plain), packet.length);
      assert.equal(plain.subarray(0, packet.length), packet);
      const report = rtcp(next());
      const reportLength = ours.protectRtcp(report, report.length, one);
      assert.is(theirs.protectRtcp(report, report.length, other), reportLength);
      assert.equal(one.subarray(0, reportLength), other.subarray(0, reportLength));
      assert.is(bob.unprotectRtcp(one, reportLength, plain), report.length);
      assert.is(carol.unprotectRtcp(one, reportLength, plain), report.length);
    }

    assert.equal(theirs.snapshot(), ours.snapshot());
    assert.equal(bob.snapshot(), carol.snapshot());
  });
}

function werift(profile: SrtpProfile) {
  const { inbound, outbound } = keysOfTwo(profile).bob;
  const config = {
    profile: profile === 'AEAD_AES_128_GCM' ? 7 : 1,
    keys: {
      localMasterKey: Buffer.from(outbound.masterKey),
      localMasterSalt: Buffer.from(outbound.masterSalt),
      remoteMasterKey: Buffer.from(inbound.masterKey),
      remoteMasterSalt: Buffer.from(inbound.masterSalt),
    },
  } as const;
  return { rtp: new WeriftSrtp(config), rtcp: new SrtcpSession(config) };
}

for (const [name, create] of implementations) {
  for (const profile of profiles) {
    test(`exchanges packets with werift both ways (${name}, ${profile})`, () => {
      const alice = create(keysOfTwo(profile).alice);
      const bob = werift(profile);
      const next = seededWords(4);
      const out = new Uint8Array(1400);

      for (let round = 0; round < 200; round += 1) {
        const packet = randomRtp(next, 65_400 + round);
        // werift writes extensions anew, so packets are plain here.
        packet[0] = 0x80;
        const sealed = out.slice(0, alice.protectRtp(packet, packet.length, out));
        assert.equal(new Uint8Array(bob.rtp.decrypt(Buffer.from(sealed))), packet);

        const parsed = RtpPacket.deSerialize(Buffer.from(packet));
        const theirs = bob.rtp.encrypt(parsed.payload, parsed.header);
        assert.is(alice.unprotectRtp(theirs, theirs.length, out), packet.length);
        assert.equal(out.slice(0, packet.length), packet);
      }
      const report = out.slice(0, alice.protectRtcp(rtcp(), 28, out));
      assert.equal(new Uint8Array(bob.rtcp.decrypt(Buffer.from(report))), rtcp());
      const theirReport = bob.rtcp.encrypt(Buffer.from(rtcp()));
      assert.is(alice.unprotectRtcp(theirReport, theirReport.length, out), 28);
      assert.equal(out.slice(0, 28), rtcp());
    });
  }
}

test('takes native code where it was built', () => {
  const session = loadSrtp()(keysOfTwo('AEAD_AES_128_GCM').alice);
  const expected = loadNative === null ? 'NodeSrtpSession' : 'NativeSrtpSession';

  assert.is(session.constructor.name, expected);
});

test.run();
