import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LegProtection } from '../../../mixer/transport/leg-protection.ts';
import { implementations, keyingBy, profiles, rtp } from './srtp/srtp-rig.ts';

const RECEIVER_REPORT = Uint8Array.of(0x80, 201, 0, 1, 0x12, 0x34, 0x56, 0x78);
const INDEX_WITH_MAC_BYTES = 14;

/** The SRTCP index of a report that is sent now, AES in counter mode. */
function nextReportIndex(protection: LegProtection): number {
  const sealed = protection.seal('rtcp', RECEIVER_REPORT);
  if (sealed === null) throw new Error('nothing was sent');
  const view = new DataView(sealed.buffer, sealed.byteOffset, sealed.length);
  return view.getUint32(sealed.length - INDEX_WITH_MAC_BYTES) & 0x7fff_ffff;
}

for (const [name, create] of implementations) {
  for (const profile of profiles) {
    const ours = keyingBy(1, profile);
    const theirs = keyingBy(2, profile);
    const theirsLater = keyingBy(3, profile);

    test(`a peer that changes its key in the middle of a long call still opens what it is sent, ${name}, ${profile}`, () => {
      const protection = new LegProtection(create);
      const peer = create({ inbound: ours, outbound: theirs });
      const plain = new Uint8Array(100);
      const hears = (sequenceNumber: number): boolean => {
        const sealed = protection.seal('rtp', rtp(sequenceNumber & 0xffff));
        return sealed !== null && peer.unprotectRtp(sealed, sealed.length, plain) > 0;
      };
      protection.update({ kind: 'sdes', inbound: theirs, outbound: ours });
      // The sequence number wraps: the roll-over counter is 1 from here on.
      for (let sequenceNumber = 65_530; sequenceNumber < 65_540; sequenceNumber += 1)
        assert.ok(hears(sequenceNumber));

      protection.update({ kind: 'sdes', inbound: theirsLater, outbound: ours });

      assert.is(hears(65_540), true, 'the peer could not open what came after');
      assert.is(hears(65_540), false, 'key stream was used twice');
    });

    test(`packets of before are not taken again when only our own key has changed, ${name}, ${profile}`, () => {
      const protection = new LegProtection(create);
      const peer = create({ inbound: ours, outbound: theirs });
      const sealed = new Uint8Array(100);
      const length = peer.protectRtp(rtp(1), 32, sealed);
      protection.update({ kind: 'sdes', inbound: theirs, outbound: ours });
      const first = protection.open('rtp', sealed, length);

      protection.update({ kind: 'sdes', inbound: theirs, outbound: keyingBy(4, profile) });

      assert.is(first, 32);
      assert.is(protection.open('rtp', sealed, length), 0);
    });
  }

  test(`the index of reports never goes back, whatever keys change, ${name}`, () => {
    const profile = 'AES_CM_128_HMAC_SHA1_80';
    const [ours, theirs, other] = [5, 6, 7].map((seed) => keyingBy(seed, profile));
    if (ours === undefined || theirs === undefined || other === undefined) throw new Error('keys');
    const protection = new LegProtection(create);
    const indices = [
      { inbound: theirs, outbound: ours },
      { inbound: other, outbound: ours },
      { inbound: other, outbound: theirs },
      { inbound: other, outbound: ours },
    ].map((keys) => {
      protection.update({ kind: 'sdes', ...keys });
      return nextReportIndex(protection);
    });

    assert.equal(indices, [0, 1, 2, 3]);
  });

  test(`keys of the description are void once a handshake is to make some, ${name}`, () => {
    const profile = 'AEAD_AES_128_GCM';
    const protection = new LegProtection(create);
    protection.update({
      kind: 'sdes',
      inbound: keyingBy(8, profile),
      outbound: keyingBy(9, profile),
    });

    protection.update({ kind: 'dtls', fingerprints: [] });

    assert.is(protection.seal('rtp', rtp(1)), null);
  });

  test(`keys of a handshake outlive another offer of the same kind, ${name}`, () => {
    const profile = 'AEAD_AES_128_GCM';
    const protection = new LegProtection(create);
    protection.update({ kind: 'dtls', fingerprints: [] });
    protection.setKeys({ inbound: keyingBy(8, profile), outbound: keyingBy(9, profile) });

    protection.update({ kind: 'dtls', fingerprints: [] });

    assert.ok(protection.seal('rtp', rtp(1)) !== null);
  });
}

test.run();
