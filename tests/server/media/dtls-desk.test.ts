import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { client, DeskRig } from './dtls-rig.ts';

/** werift tells us of the end a few promises after it has told its client. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A leg that is opened for a client, and wired to it both ways. */
function joined(rig: DeskRig, legId: string, profiles?: readonly (1 | 7)[]) {
  const peer = client((bytes) => rig.desk.handle({ type: 'packet', legId, bytes }), profiles);
  rig.wires.set(legId, (datagram) => peer.receive(datagram));
  rig.desk.handle({ type: 'open', legId, fingerprints: [peer.fingerprint] });
  return peer;
}

for (const [profile, number] of [
  ['AEAD_AES_128_GCM', 7],
  ['AES_CM_128_HMAC_SHA1_80', 1],
] as const) {
  test(`agrees on the same keys as a client, seen from its own side (${profile})`, async () => {
    const rig = new DeskRig();
    const peer = joined(rig, 'leg', [number]);

    peer.connect();
    await peer.connected;
    await settled();

    const [keys, ...others] = rig.told('leg');
    assert.equal(others, []);
    assert.ok(keys?.type === 'keys');
    assert.is(keys.inbound.profile, profile);
    assert.equal(keys.inbound, peer.keys().outbound);
    assert.equal(keys.outbound, peer.keys().inbound);
  });
}

test.run();
