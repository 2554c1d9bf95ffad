import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SrtpKeying } from '../../mixer/protocol/media-security.ts';
import type { LegMedia } from '../../mixer/protocol/mixer-command.ts';
import { createNodeSrtpSession } from '../../mixer/transport/srtp/node-srtp.ts';
import type { SrtpSession } from '../../mixer/transport/srtp/srtp-session.ts';
import { linearToAlaw } from '../support/g711.ts';
import { lastHeard, MixerStage, readPacket, rtpPacket } from './mixer-stage.ts';
import type { StagePhone } from './mixer-stage.ts';

const INBOUND = keying(1);
const OUTBOUND = keying(2);
const SDES: Partial<LegMedia> = {
  security: { kind: 'sdes', inbound: INBOUND, outbound: OUTBOUND },
};
const DTLS: Partial<LegMedia> = {
  security: { kind: 'dtls', fingerprints: [{ algorithm: 'sha-256', value: 'AA' }] },
};

function keying(fill: number): SrtpKeying {
  return {
    profile: 'AES_CM_128_HMAC_SHA1_80',
    masterKey: new Uint8Array(16).fill(fill),
    masterSalt: new Uint8Array(14).fill(fill),
  };
}

/** The phone's side: what it sends is what we receive. */
function phoneSession(): SrtpSession {
  return createNodeSrtpSession({ inbound: OUTBOUND, outbound: INBOUND });
}

function saySealed(stage: MixerStage, phone: StagePhone, session: SrtpSession): void {
  const payload = new Uint8Array(160).fill(linearToAlaw(8000));
  const packet = rtpPacket({ ...phone, payloadType: 8, ssrc: phone.port, payload });
  phone.sequenceNumber = (phone.sequenceNumber + 1) & 0xffff;
  phone.rtpTimestamp = (phone.rtpTimestamp + 160) >>> 0;
  const sealed = new Uint8Array(400);
  const length = session.protectRtp(packet, packet.length, sealed);
  stage.deliver(phone, sealed.slice(0, length));
}

function opened(session: SrtpSession, packet: Uint8Array | undefined): Uint8Array {
  const plain = new Uint8Array(400);
  const length = packet === undefined ? 0 : session.unprotectRtp(packet, packet.length, plain);
  assert.ok(length > 0, 'the phone could not open what it got');
  return plain.slice(0, length);
}

function stageWith(media: Partial<LegMedia>): {
  readonly stage: MixerStage;
  readonly secure: StagePhone;
  readonly plain: StagePhone;
} {
  const stage = new MixerStage();
  stage.command({ type: 'open-room', roomId: 'room' });
  const secure = stage.open('secure', media);
  const plain = stage.open('plain');
  for (const legId of ['secure', 'plain']) {
    stage.command({ type: 'join-room', legId, roomId: 'room' });
  }
  return { stage, secure, plain };
}

test('a leg with SDES keys speaks and hears SRTP, in one room with a plain one', () => {
  const { stage, secure, plain } = stageWith(SDES);
  const session = phoneSession();

  for (let i = 0; i < 20; i += 1) {
    saySealed(stage, secure, session);
    stage.say(plain, 4000);
    stage.tick();
  }

  assert.ok(Math.abs(lastHeard(plain) - 8000) < 300, `the plain phone heard ${lastHeard(plain)}`);
  const heard = readPacket(opened(session, secure.got.at(-1)));
  assert.ok(Math.abs((heard.samples.at(-1) ?? 0) - 4000) < 200);
});

test('plain, forged and repeated packets of a leg with keys are refused', () => {
  const { stage, secure, plain } = stageWith(SDES);
  const session = phoneSession();
  const sealed = new Uint8Array(400);
  const payload = new Uint8Array(160).fill(linearToAlaw(8000));
  const packet = rtpPacket({ ...secure, payloadType: 8, ssrc: 1, payload });
  const length = session.protectRtp(packet, packet.length, sealed);
  const forged = sealed.slice(0, length);
  forged[20] = (forged[20] ?? 0) ^ 1;

  stage.say(secure, 8000);
  stage.deliver(secure, forged);
  stage.deliver(secure, sealed.slice(0, length));
  stage.deliver(secure, sealed.slice(0, length));
  stage.tick();

  assert.equal(stage.core.takeCounters().packetsRefused, 3);
  assert.is(stage.core.takeCounters().packetsRefused, 0);
  assert.ok(plain.got.length > 0);
});

test('a leg that waits for its handshake sends nothing and believes nothing', () => {
  const { stage, secure } = stageWith(DTLS);

  for (let i = 0; i < 10; i += 1) {
    stage.say(secure, 8000);
    stage.tick();
  }

  assert.is(secure.got.length, 0);
  assert.is(stage.core.takeCounters().packetsIn, 0);
});

test('records of a handshake come and go, and its keys let media flow', () => {
  const { stage, secure, plain } = stageWith(DTLS);
  const session = phoneSession();
  const hello = Uint8Array.from([22, 254, 253, 1]);
  const answer = Uint8Array.from([22, 254, 253, 2]);

  stage.deliver(secure, hello);
  stage.command({ type: 'send-dtls', legId: 'secure', bytes: answer });
  stage.command({ type: 'set-srtp-keys', legId: 'secure', inbound: INBOUND, outbound: OUTBOUND });
  for (let i = 0; i < 10; i += 1) {
    saySealed(stage, secure, session);
    stage.tick();
  }

  assert.equal(stage.eventsOf('dtls-in'), [{ type: 'dtls-in', legId: 'secure', bytes: hello }]);
  assert.equal([...(secure.got[0] ?? [])], [...answer]);
  assert.ok(Math.abs(lastHeard(plain) - 8000) < 300);
});

test('a flood of handshake records stops in the worker, and a later handshake still gets through', () => {
  const { stage, secure } = stageWith(DTLS);
  const flood = Uint8Array.from([22, 254, 253, 9]);
  const hello = Uint8Array.from([22, 254, 253, 1]);

  for (let i = 0; i < 1000; i += 1) stage.deliver(secure, flood);
  const passed = stage.eventsOf('dtls-in').length;
  for (let i = 0; i < 10; i += 1) stage.tick();
  stage.deliver(secure, hello);

  assert.ok(passed > 0 && passed <= 32, `${passed} were passed on`);
  assert.equal(stage.eventsOf('dtls-in').at(-1)?.bytes, hello);
});

test('counters of SRTP move to another worker with their leg', () => {
  const { stage, secure } = stageWith(SDES);
  const session = phoneSession();
  // Over the end of the sequence numbers, so that both roll-over counters are 1.
  for (let i = 0; i < 10; i += 1) {
    saySealed(stage, secure, session);
    stage.tick();
  }
  for (const packet of secure.got) opened(session, packet);
  const before = secure.got.length;

  stage.command({ type: 'detach-leg', legId: 'secure' });
  const handover = stage.eventsOf('leg-detached')[0]?.handover;
  if (handover === undefined) throw new Error('not detached');
  stage.command({ type: 'attach-leg', legId: 'secure', handover });
  stage.command({ type: 'join-room', legId: 'secure', roomId: 'room' });
  stage.core.takeCounters();
  for (let i = 0; i < 5; i += 1) {
    saySealed(stage, secure, session);
    stage.tick();
  }

  assert.is(stage.core.takeCounters().packetsRefused, 0);
  assert.ok(secure.got.length > before);
  for (const packet of secure.got.slice(before)) opened(session, packet);
});

test('on one port with RTCP, reports are told from audio', () => {
  const { stage, secure } = stageWith({ rtcp: 'mux' });
  const report = Uint8Array.from([0x80, 201, 0, 1, 0, 0, 0, 9]);

  stage.deliver(secure, report);
  stage.run(500, [secure, 1000]);

  assert.is(stage.core.takeCounters().packetsRefused, 0);
  const reports = secure.got.filter((packet) => (packet[1] ?? 0) === 200);
  assert.ok(reports.length > 0, 'our reports come on the RTP port');
  assert.is(secure.gotRtcp.length, 0);
});

test.run();
