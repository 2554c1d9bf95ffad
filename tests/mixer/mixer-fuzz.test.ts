import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isAbout, lastHeard, MixerStage, rtpPacket } from './mixer-stage.ts';

/** A number below `below` that repeats from run to run. */
function below(stage: MixerStage, limit: number): number {
  return Math.floor(stage.random() * limit);
}

test('drops and counts packets that are no RTP, of unknown types, or a stranger’s', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');
  stage.run(10, [phone, 1000]);
  stage.core.takeCounters();
  const good = rtpPacket({ ...phone, payloadType: 8, ssrc: 1, payload: new Uint8Array(160) });

  stage.deliver(phone, good.subarray(0, 11));
  stage.deliver(phone, new Uint8Array(0));
  stage.deliver(
    phone,
    Uint8Array.from(good, (byte, i) => (i === 0 ? 0x40 : byte)),
  );
  stage.deliver(
    phone,
    Uint8Array.from(good, (byte, i) => (i === 1 ? 77 : byte)),
  );
  stage.deliver(phone, good, { host: '203.0.113.1', port: 4000 });

  const { packetsIn, packetsRefused } = stage.core.takeCounters();
  assert.is(packetsIn, 0);
  assert.is(packetsRefused, 5);
});

test('lives through every truncation of packets of every kind', () => {
  const stage = new MixerStage();
  const [anna, bela] = stage.room('room', 'anna', 'bela');
  assert.ok(anna !== undefined && bela !== undefined);

  for (const payloadType of [0, 8, 13, 101]) {
    const whole = rtpPacket({ ...anna, payloadType, ssrc: 1, payload: new Uint8Array(20).fill(3) });
    for (let length = 0; length <= whole.length; length += 1) {
      stage.deliver(anna, whole.subarray(0, length));
      stage.tick();
    }
  }

  assert.is(bela.got.length, 4 * 33);
});

test('lives through 20,000 random packets and then mixes as if nothing had been', () => {
  const stage = new MixerStage();
  const [anna, bela] = stage.room('room', 'anna', 'bela');
  assert.ok(anna !== undefined && bela !== undefined);

  for (let i = 0; i < 20_000; i += 1) {
    const bytes = new Uint8Array(below(stage, 200)).map(() => below(stage, 256));
    // Half of them look like RTP of a known type, so that they get as far as they can.
    if (i % 2 === 0 && bytes.length > 1) {
      bytes[0] = 0x80 | below(stage, 64);
      bytes[1] = [0, 8, 13, 101][below(stage, 4)] ?? 0;
    }
    stage.deliver(anna, bytes);
    stage.io.deliver({ legIndex: bela.index, kind: 'rtcp', atMs: stage.nowMs }, bela, bytes);
    if (i % 3 === 0) stage.tick();
  }
  stage.run(100, [anna, 2000], [bela, 0]);

  assert.ok(isAbout(lastHeard(bela), 2000), `${lastHeard(bela)}`);
});

test('lives through time stamps and sequence numbers that jump', () => {
  const stage = new MixerStage();
  const [anna, bela] = stage.room('room', 'anna', 'bela');
  assert.ok(anna !== undefined && bela !== undefined);

  for (let i = 0; i < 5000; i += 1) {
    if (below(stage, 10) === 0) anna.sequenceNumber = below(stage, 65_536);
    if (below(stage, 10) === 0) anna.rtpTimestamp = below(stage, 2 ** 32);
    stage.run(1, [anna, 2000]);
  }
  stage.run(100, [anna, 2000]);

  assert.ok(isAbout(lastHeard(bela), 2000), `${lastHeard(bela)}`);
  assert.is(bela.got.length, 5100);
});

test.run();
