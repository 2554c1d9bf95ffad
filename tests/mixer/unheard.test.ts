import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { UnheardReport } from '../../mixer/protocol/mixer-event.ts';
import { alawToLinear } from '../support/g711.ts';
import { MixerStage, rtpPacket, TELEPHONE } from './mixer-stage.ts';
import type { StagePhone } from './mixer-stage.ts';

/** 5 s in ticks, and what the watch may be late by. */
const SOON = 240;
const LATE = 30;

function reports(stage: MixerStage): readonly UnheardReport[] {
  return stage.eventsOf('leg-unheard').map(({ report }) => report);
}

/** A packet of another stream, from wherever the test wants. */
function stranger(phone: StagePhone, sequenceNumber: number, payloadType = 8): Uint8Array {
  const payload = new Uint8Array(160).fill(0xd5);
  return rtpPacket({ ...phone, sequenceNumber, payloadType, ssrc: 99, payload });
}

test('tells once, after 5 s, that nothing has ever come', () => {
  const stage = new MixerStage();
  stage.open('leg');

  stage.run(SOON);
  const early = reports(stage).length;
  stage.run(LATE + 500);

  assert.is(early, 0);
  assert.equal(reports(stage), [
    {
      ...{ since: 'never', packetsIn: 0, reportsIn: 0 },
      ...{ fromElsewhere: 0, ofOtherTypes: 0, notOpened: 0, notRtp: 0 },
      ...{ source: 'not-latched', security: 'plain', ice: 'none' },
    },
  ]);
});

test('tells nothing while audio comes, and once that it has stopped', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');

  stage.run(400, [phone, 1000]);
  const meanwhile = reports(stage).length;
  stage.run(SOON + LATE);
  const once = reports(stage).length;
  stage.run(400, [phone, 1000]);
  stage.run(600);

  assert.is(meanwhile, 0);
  assert.is(once, 1);
  assert.equal(
    reports(stage).map(({ since, source }) => [since, source]),
    [['stopped', 'latched']],
  );
});

test('counts what came and was refused: of other types, no RTP, and from elsewhere', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');
  stage.deliver(phone, stranger(phone, 1, 96));
  stage.deliver(phone, stranger(phone, 2, 96));
  stage.deliver(phone, Uint8Array.of(1, 2, 3));
  // Two packets in a row are not enough to be believed from another host.
  stage.deliver(phone, stranger(phone, 3), { host: '192.0.2.66', port: 4000 });
  stage.deliver(phone, stranger(phone, 4), { host: '192.0.2.66', port: 4000 });

  stage.run(SOON + LATE);

  const [report] = reports(stage);
  assert.is(report?.since, 'never');
  assert.is(report?.ofOtherTypes, 2);
  assert.is(report?.notRtp, 1);
  assert.is(report?.fromElsewhere, 2);
});

test('counts reports of a peer that sends nothing else', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');
  // RR without blocks: V=2, PT=201, one word more, SSRC 1.
  const receiverReport = Uint8Array.of(0x80, 201, 0, 1, 0, 0, 0, 1);
  stage.io.deliver(
    { legIndex: phone.index, kind: 'rtcp', atMs: stage.nowMs },
    { host: phone.host, port: phone.port + 1 },
    receiverReport,
  );

  stage.run(SOON + LATE);

  assert.equal(
    reports(stage).map(({ since, reportsIn }) => [since, reportsIn]),
    [['never', 1]],
  );
});

test('says when the keys are missing', () => {
  const stage = new MixerStage();
  stage.open('leg', { security: { kind: 'dtls', fingerprints: [] }, rtcp: 'mux' });

  stage.run(SOON + LATE);

  assert.is(reports(stage)[0]?.security, 'keys-missing');
});

for (const direction of ['recvonly', 'inactive', 'sendonly'] as const) {
  test(`expects nothing while the leg is ${direction}, and counts anew afterwards`, () => {
    const stage = new MixerStage();
    const phone = stage.open('leg');
    const remote = { host: phone.host, port: phone.port };
    stage.run(50, [phone, 1000]);

    stage.command({ type: 'update-leg', legId: 'leg', media: { ...TELEPHONE, remote, direction } });
    stage.run(1000);
    const held = reports(stage).length;
    stage.command({ type: 'update-leg', legId: 'leg', media: { ...TELEPHONE, remote } });
    stage.run(SOON);
    const early = reports(stage).length;
    stage.run(LATE);

    assert.equal([held, early, reports(stage).length], [0, 0, 1]);
  });
}

test('expects nothing after comfort noise (RFC 3389)', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');
  stage.run(50, [phone, 1000]);
  stage.say(phone, { payloadType: 13, bytes: Uint8Array.of(60) });

  stage.run(1000);

  assert.equal(reports(stage), []);
});

test('takes the silence of an Opus peer for wanted as long as its reports come', () => {
  const stage = new MixerStage();
  const opus = { codec: 'opus', payloadTypeOut: 111, payloadTypesIn: [] } as const;
  const phone = stage.open('leg', {
    ...opus,
    payloadTypesIn: [
      { payloadType: 111, codec: 'opus' },
      { payloadType: 8, codec: 'PCMA' },
    ],
  });
  stage.run(50, [phone, 1000]);
  const receiverReport = Uint8Array.of(0x80, 201, 0, 1, 0, 0, 0, 1);
  for (let i = 0; i < 4; i += 1) {
    stage.io.deliver(
      { legIndex: phone.index, kind: 'rtcp', atMs: stage.nowMs },
      { host: phone.host, port: phone.port + 1 },
      receiverReport,
    );
    stage.run(250);
  }
  const withReports = reports(stage).length;
  stage.run(600);

  assert.is(withReports, 0);
  assert.is(reports(stage).length, 1);
});

test('a room does not hear the music of a peer that holds it, and takes its keys', () => {
  const stage = new MixerStage();
  const [holder, listener] = stage.room('room', 'holder', 'listener');
  if (holder === undefined || listener === undefined) throw new Error('no phones');
  const remote = { host: holder.host, port: holder.port };
  stage.run(50, [holder, 8000], [listener, 0]);
  const before = loudest(listener);

  stage.command({
    type: 'update-leg',
    legId: 'holder',
    media: { ...TELEPHONE, remote, direction: 'recvonly' },
  });
  stage.run(50, [holder, 8000], [listener, 0]);
  listener.got.length = 0;
  holder.got.length = 0;
  stage.run(50, [holder, 8000], [listener, 4000]);
  stage.say(holder, { payloadType: 101, bytes: Uint8Array.of(5, 10, 0, 160) });
  const held = loudest(listener);
  const sentToHolder = holder.got.length;

  stage.command({ type: 'update-leg', legId: 'holder', media: { ...TELEPHONE, remote } });
  stage.run(50, [holder, 8000], [listener, 0]);
  const after = loudest(listener);

  assert.ok(before > 7000, `heard at ${before} before`);
  assert.ok(held < 100, `heard at ${held} while held`);
  assert.is(sentToHolder, 0);
  assert.equal(
    stage.eventsOf('dtmf').map(({ key }) => key),
    ['5'],
  );
  assert.ok(after > 7000, `heard at ${after} afterwards`);
});

function loudest(phone: StagePhone): number {
  return Math.max(0, ...phone.got.slice(-20).map((packet) => Math.abs(sampleOf(packet))));
}

function sampleOf(packet: Uint8Array): number {
  return alawToLinear(packet.at(-1) ?? 0xd5);
}

test.run();
