// run: alone, limit: 60 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createNative } from './packet-bench.ts';
import { WorkerPhone } from './worker-phone.ts';
import { createWorkerStage, wait } from './worker-stage.ts';

const HANDOVERS = 6;

test('hands a leg over between two workers with at most 2 packets lost, and the phone notices nothing', async () => {
  const stage = createWorkerStage(2);
  const phone = await WorkerPhone.create(500);
  const resident = await WorkerPhone.create(900);
  try {
    // Rooms spread over the workers: one of these two is not where the phone's leg is.
    stage.pool.command({ type: 'open-room', roomId: 'here' });
    stage.pool.command({ type: 'open-room', roomId: 'there' });
    stage.pool.openLeg({ legId: 'resident', host: '127.0.0.1', media: resident.media });
    const home = await stage.next('leg-opened', ({ legId }) => legId === 'resident');
    resident.speakTo(home.port);
    stage.pool.command({ type: 'join-room', legId: 'resident', roomId: 'there' });
    stage.pool.openLeg({ legId: 'phone', host: '127.0.0.1', media: phone.media });
    const { port } = await stage.next('leg-opened', ({ legId }) => legId === 'phone');
    phone.speakTo(port);
    await wait(400);

    for (let i = 0; i < HANDOVERS; i += 1) {
      const roomId = i % 2 === 0 ? 'here' : 'there';
      stage.pool.command({ type: 'join-room', legId: 'phone', roomId });
      await wait(300);
    }
    const heardByPhone = phone.heard.slice();
    const heardByResident = resident.heard.slice(-12);
    stage.pool.command({ type: 'close-leg', legId: 'phone' });
    const closed = await stage.next('leg-closed', ({ legId }) => legId === 'phone');

    const [first] = heardByPhone;
    assert.ok(first !== undefined && heardByPhone.length > 90);
    for (const [index, packet] of heardByPhone.entries()) {
      const before = heardByPhone[index - 1];
      if (before === undefined) continue;
      assert.is(packet.ssrc, first.ssrc);
      assert.is(packet.sourcePort, port);
      assert.is(packet.sequenceNumber, (before.sequenceNumber + 1) & 0xffff);
      const step = (packet.rtpTimestamp - before.rtpTimestamp) >>> 0;
      assert.ok(step >= 160 && step <= 5 * 160 && step % 160 === 0, `time stamp step ${step}`);
      assert.ok(packet.atMs - before.atMs < 120, `gap of ${packet.atMs - before.atMs} ms`);
    }
    const elapsedMs = (heardByPhone.at(-1)?.atMs ?? 0) - first.atMs;
    const spokenMs = (((heardByPhone.at(-1)?.rtpTimestamp ?? 0) - first.rtpTimestamp) >>> 0) / 8;
    assert.ok(Math.abs(elapsedMs - spokenMs) < 60, `clock off by ${elapsedMs - spokenMs} ms`);
    const { packetsLost, packetsIn } = closed.statistics;
    // The native packet I/O passes the socket itself on; without it the port is unbound for a moment.
    const mostLost = createNative === null ? 2 * (HANDOVERS - 1) : 0;
    assert.ok(packetsLost <= mostLost, `${packetsLost} lost`);
    assert.ok(packetsIn + packetsLost >= phone.sentPackets - 3, 'the count goes on');
    assert.ok(WorkerPhone.amplitudeOf(500, heardByResident) > 7000, 'is heard in its last room');
  } finally {
    phone.close();
    resident.close();
    await stage.pool.stop();
  }
  assert.equal(stage.log, []);
});

test.run();
