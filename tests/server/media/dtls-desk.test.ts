import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  HANDSHAKE_TIMEOUT_MS,
  MAX_HANDSHAKES,
  MAX_WAITING,
  SILENCE_TIMEOUT_MS,
} from '../../../server/media/dtls/dtls-desk.ts';
import { client, DeskRig, fingerprint, silence } from './dtls-rig.ts';
import { makeIdentity } from '../../../server/media/dtls/self-signed.ts';

test.after.each(silence);

/** werift tells us of the end a few promises after it has told its client. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A leg that is opened for a client, and wired to it both ways. */
function joined(rig: DeskRig, legId: string, profiles?: readonly (1 | 7)[]) {
  const peer = client((bytes) => rig.desk.handle({ type: 'packet', legId, bytes }), profiles);
  rig.wires.set(legId, (datagram) => peer.receive(datagram));
  rig.desk.handle({ type: 'open', legId, fingerprints: [peer.fingerprint] });
  return peer;
}

/** The first hello of a client. */
function hello(): Uint8Array {
  const sent: Uint8Array[] = [];
  client((bytes) => sent.push(bytes)).connect();
  return sent[0] ?? new Uint8Array(0);
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
    assert.is(rig.timers.size, 0);
  });
}

test('gives bytes that share no memory with anything else', async () => {
  const rig = new DeskRig();
  const peer = joined(rig, 'leg');

  peer.connect();
  await peer.connected;
  await settled();

  for (const event of rig.events) {
    if (event.type === 'packet') assert.is(event.bytes.buffer.byteLength, event.bytes.length);
    if (event.type !== 'keys') continue;
    for (const { masterKey, masterSalt } of [event.inbound, event.outbound]) {
      assert.is(masterKey.buffer.byteLength, 16);
      assert.is(masterSalt.buffer.byteLength, 12);
    }
  }
});

test('sends a whole flight in one datagram', async () => {
  const rig = new DeskRig();
  const peer = joined(rig, 'leg');

  peer.connect();
  await peer.connected;
  await settled();

  // HelloVerifyRequest; ServerHello to ServerHelloDone; ChangeCipherSpec and Finished.
  assert.is(rig.events.filter((event) => event.type === 'packet').length, 3);
});

test('goes on with the identity that it is given', () => {
  const identity = makeIdentity();
  const rig = new DeskRig();

  rig.desk.handle({ type: 'start', identity });

  assert.equal(rig.events.at(-1), {
    type: 'ready',
    identity,
    fingerprint: fingerprint(identity.certificatePem),
  });
});

for (const [name, fingerprints, outcome] of [
  ['SHA-512', (pem: string) => [fingerprint(pem, 'sha-512')], 'keys'],
  ['SHA-1 alone', (pem: string) => [fingerprint(pem, 'sha-1')], 'keys'],
  [
    'SHA-1 beside a SHA-256 that is wrong',
    (pem: string) => [fingerprint(pem, 'sha-1'), { algorithm: 'sha-256', value: '00:11' } as const],
    'failed',
  ],
  [
    'one of two, in small letters',
    (pem: string) => [
      { algorithm: 'sha-256', value: '00:11' } as const,
      { algorithm: 'sha-256', value: fingerprint(pem).value.toLowerCase() } as const,
    ],
    'keys',
  ],
  ['none', () => [], 'failed'],
] as const) {
  test(`checks the peer's certificate by its fingerprints: ${name} (RFC 8122 §5)`, async () => {
    const rig = new DeskRig();
    const peer = joined(rig, 'leg');
    const pem = peer.dtls.options.cert ?? '';
    rig.desk.handle({ type: 'open', legId: 'leg', fingerprints: fingerprints(pem) });

    peer.connect();
    for (let turn = 0; turn < 50 && rig.told('leg').length === 0; turn += 1) await settled();

    assert.is(rig.told('leg')[0]?.type, outcome);
  });
}

test('refuses who shows the right certificate without having its key', async () => {
  const rig = new DeskRig();
  const honest = client(() => undefined);
  const thief = joined(rig, 'leg');
  rig.desk.handle({ type: 'open', legId: 'leg', fingerprints: [honest.fingerprint] });
  // The certificate is no secret: it goes over the wire in the clear.
  thief.dtls.cipher.localCert = honest.dtls.cipher.localCert;

  thief.connect();
  for (let turn = 0; turn < 50 && rig.told('leg').length === 0; turn += 1) await settled();

  assert.equal(rig.told('leg'), [
    { type: 'failed', legId: 'leg', reason: 'a certificate whose key the peer does not have' },
  ]);
});

test('refuses a handshake that somebody between has changed', async () => {
  const rig = new DeskRig();
  const peer = client((bytes) => {
    // Of the second hello, what is offered last (its last byte) is changed on the way; it has the cookie, message 1.
    const isSecondHello = bytes[13] === 1 && bytes[18] === 1;
    const changed = bytes.slice();
    if (isSecondHello) changed[14 + 13 + 2] = (changed[14 + 13 + 2] ?? 0) ^ 1;
    rig.desk.handle({ type: 'packet', legId: 'leg', bytes: changed });
  });
  rig.wires.set('leg', (datagram) => peer.receive(datagram));
  rig.desk.handle({ type: 'open', legId: 'leg', fingerprints: [peer.fingerprint] });

  peer.connect();
  for (let turn = 0; turn < 50 && rig.told('leg').length === 0; turn += 1) await settled();

  assert.is(rig.told('leg')[0]?.type, 'failed');
  assert.not(rig.events.some((event) => event.type === 'keys'));
});

test('takes no Finished that is not protected', async () => {
  const rig = new DeskRig();
  const peer = client((bytes) => {
    const changed = bytes.slice();
    // What is of epoch 1 is said to be of epoch 0.
    if (changed[4] === 1) changed[4] = 0;
    rig.desk.handle({ type: 'packet', legId: 'leg', bytes: changed });
  });
  rig.wires.set('leg', (datagram) => peer.receive(datagram));
  rig.desk.handle({ type: 'open', legId: 'leg', fingerprints: [peer.fingerprint] });

  peer.connect();
  for (let turn = 0; turn < 50; turn += 1) await settled();

  assert.not(rig.events.some((event) => event.type === 'keys'));
});

test('gives its last flight again to a peer that asks again, but not for ever', async () => {
  const rig = new DeskRig();
  const fromPeer: Uint8Array[] = [];
  const peer = joined(rig, 'leg');
  const { socket } = peer.dtls.transport;
  const send = socket.send;
  socket.send = async (bytes, address) => {
    fromPeer.push(new Uint8Array(bytes));
    return send(bytes, address);
  };
  peer.connect();
  await peer.connected;
  await settled();
  const finished = fromPeer.find((bytes) => bytes[0] === 22 && bytes[4] === 1);
  assert.ok(finished);
  const before = rig.events.length;

  for (let again = 0; again < 100; again += 1) {
    rig.desk.handle({ type: 'packet', legId: 'leg', bytes: finished });
  }

  // ChangeCipherSpec and Finished, twelve times.
  assert.is(rig.events.length - before, 12);
});

test('is not thrown off by hellos and alerts in the clear after the handshake', async () => {
  const rig = new DeskRig();
  const peer = joined(rig, 'leg');
  peer.connect();
  await peer.connected;
  await settled();
  const before = rig.events.length;

  rig.desk.handle({ type: 'packet', legId: 'leg', bytes: hello() });
  const alert = Uint8Array.from([21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 0]);
  rig.desk.handle({ type: 'packet', legId: 'leg', bytes: alert });
  await settled();

  assert.is(rig.events.length, before);
});

test('answers a hello that comes again in pieces, because the answer was lost', () => {
  const rig = new DeskRig();
  rig.desk.handle({ type: 'open', legId: 'leg', fingerprints: [] });
  const whole = hello();
  const body = whole.subarray(25);
  const pieces = [0, 40].map((offset) => {
    const part = body.subarray(offset, offset === 0 ? 40 : body.length);
    const bytes = new Uint8Array(25 + part.length);
    bytes.set(whole.subarray(0, 25));
    bytes.set(part, 25);
    const view = new DataView(bytes.buffer);
    view.setUint16(11, 12 + part.length);
    view.setUint16(20, offset);
    view.setUint16(23, part.length);
    return bytes;
  });
  const sendAll = () => {
    for (const bytes of pieces) rig.desk.handle({ type: 'packet', legId: 'leg', bytes });
  };
  const answers = () => rig.events.filter((event) => event.type === 'packet').length;

  sendAll();
  assert.is(answers(), 1);
  sendAll();
  assert.is(answers(), 2);
  for (let again = 0; again < 100; again += 1) sendAll();
  assert.is(answers(), 13, 'twelve times and no more');
});

test('lets legs wait for their turn when too many shake hands at once', async () => {
  const rig = new DeskRig();
  const first = hello();
  for (let leg = 0; leg < MAX_HANDSHAKES + MAX_WAITING + 1; leg += 1) {
    rig.desk.handle({ type: 'open', legId: `leg ${leg}`, fingerprints: [] });
    rig.desk.handle({ type: 'packet', legId: `leg ${leg}`, bytes: first });
  }
  const answered = () =>
    new Set(rig.events.flatMap((event) => (event.type === 'packet' ? [event.legId] : []))).size;
  assert.is(answered(), MAX_HANDSHAKES);
  assert.equal(
    rig.events.filter((event) => event.type === 'failed').map((event) => event.reason),
    ['too many handshakes at once'],
  );

  rig.desk.handle({ type: 'close', legId: 'leg 3' });
  assert.is(answered(), MAX_HANDSHAKES + 1, 'the next one has its turn');
  rig.elapse(HANDSHAKE_TIMEOUT_MS);

  const slow = rig.events.filter((event) => event.type === 'failed').at(-1);
  assert.ok(slow?.type === 'failed');
  assert.is(slow.reason, 'it took too long');
  assert.is(answered(), MAX_HANDSHAKES * 2 + 1);
  rig.desk.handle({ type: 'shut-down' });
  assert.is(rig.timers.size, 0);
  assert.is(rig.desk.legCount, 0);
  assert.is(rig.events.at(-1)?.type, 'stopped');
});

test('gives up on a leg that never says a word', () => {
  const rig = new DeskRig();
  rig.desk.handle({ type: 'open', legId: 'leg', fingerprints: [] });

  rig.elapse(SILENCE_TIMEOUT_MS);

  assert.equal(rig.told('leg'), [{ type: 'failed', legId: 'leg', reason: 'no packet came' }]);
  assert.is(rig.desk.legCount, 0);
});

test('begins anew when a leg is opened again', async () => {
  const rig = new DeskRig();
  const first = joined(rig, 'leg');
  first.connect();
  await first.connected;
  await settled();
  const second = joined(rig, 'leg');

  second.connect();
  await second.connected;
  await settled();

  const [one, other] = rig.told('leg');
  assert.ok(one?.type === 'keys' && other?.type === 'keys');
  assert.equal(other.inbound, second.keys().outbound);
  assert.is.not(one.inbound.masterKey.join(), other.inbound.masterKey.join());
});

test('says nothing more of a leg that was closed', async () => {
  const rig = new DeskRig();
  const peer = joined(rig, 'leg');
  peer.connect();
  rig.desk.handle({ type: 'close', legId: 'leg' });
  const before = rig.events.length;

  for (let turn = 0; turn < 20; turn += 1) await settled();
  rig.desk.handle({ type: 'packet', legId: 'leg', bytes: hello() });

  assert.is(rig.events.length, before);
  assert.is(rig.timers.size, 0);
});

test.run();
