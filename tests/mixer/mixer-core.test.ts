import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { clipBank, isAbout, lastHeard, MixerStage, readPacket, TELEPHONE } from './mixer-stage.ts';

test('gives everybody the sum of the others, and nobody their own voice', () => {
  const stage = new MixerStage();
  const [anna, bela, cyril] = stage.room('room', 'anna', 'bela', 'cyril');
  assert.ok(anna !== undefined && bela !== undefined && cyril !== undefined);

  stage.run(20, [anna, 1000], [bela, 3000]);

  assert.ok(isAbout(lastHeard(anna), 3000));
  assert.ok(isAbout(lastHeard(bela), 1000));
  assert.ok(isAbout(lastHeard(cyril), 4000));
});

test('takes the own voice out exactly even when the sum is far beyond 16 bits', () => {
  const stage = new MixerStage();
  const talkers = ['a', 'b', 'c', 'd', 'e'];
  const phones = stage.room('room', ...talkers);
  const values = [30_000, 30_000, 30_000, -30_000, -28_000];

  stage.run(20, ...phones.map((phone, i) => [phone, values[i] ?? 0] as const));

  // 30,000 + 30,000 − 30,000 − 28,000 = 2,000 beside the own 30,000.
  // Each of the four is coded with an error of up to 256.
  assert.ok(Math.abs(lastHeard(phones[0]) - 2000) < 500, `${lastHeard(phones[0])}`);
});

test('limits what exceeds 16 bits without wrapping round', () => {
  const stage = new MixerStage();
  const phones = stage.room('room', 'a', 'b', 'c');

  stage.run(20, ...phones.map((phone) => [phone, 25_000] as const));

  for (const phone of phones) assert.ok(lastHeard(phone) > 24_000, `${lastHeard(phone)}`);
});

test('sends A-law silence to a leg in no room, every 20 ms, in one stream', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');

  stage.run(50);

  assert.is(phone.got.length, 50);
  const packets = phone.got.map(readPacket);
  assert.ok(packets[0]?.marker === true && packets[1]?.marker === false);
  for (const [i, packet] of packets.entries()) {
    const before = packets[i - 1] ?? packet;
    assert.is(packet.ssrc, before.ssrc);
    assert.is(packet.payloadType, 8);
    assert.is((packet.sequenceNumber - before.sequenceNumber) & 0xffff, i === 0 ? 0 : 1);
    assert.is((packet.rtpTimestamp - before.rtpTimestamp) >>> 0, i === 0 ? 0 : 160);
    assert.ok(packet.samples.every((sample) => Math.abs(sample) <= 8));
  }
});

for (const [ptimeOutMs, packets] of [
  [10, 120],
  [20, 60],
  [30, 40],
  [40, 30],
] as const) {
  test(`sends packets of ${ptimeOutMs} ms where that was agreed on`, () => {
    const stage = new MixerStage();
    stage.command({ type: 'open-room', roomId: 'room' });
    const listener = stage.open('listener', { ptimeOutMs });
    const talker = stage.open('talker');
    for (const legId of ['listener', 'talker']) {
      stage.command({ type: 'join-room', legId, roomId: 'room' });
    }

    stage.run(60, [talker, 2000]);

    assert.is(listener.got.length, packets);
    for (const [i, packet] of listener.got.map(readPacket).entries()) {
      const before = readPacket(listener.got[Math.max(0, i - 1)]);
      assert.is(packet.samples.length, ptimeOutMs * 8);
      const step = (packet.rtpTimestamp - before.rtpTimestamp) >>> 0;
      assert.is(step, i === 0 ? 0 : ptimeOutMs * 8);
      if (i > packets / 2) assert.ok(packet.samples.every((sample) => isAbout(sample, 2000)));
    }
  });
}

test('mutes a leg so that not one sample of it is heard, and unmutes it', () => {
  const stage = new MixerStage();
  const [anna, bela] = stage.room('room', 'anna', 'bela');
  assert.ok(anna !== undefined && bela !== undefined);
  stage.command({ type: 'set-microphone', legId: 'anna', microphone: 'muted' });
  stage.run(1);

  stage.run(30, [anna, 5000]);
  const whileMuted = bela.got.map((packet) => readPacket(packet).samples).flat();
  stage.command({ type: 'set-microphone', legId: 'anna', microphone: 'live' });
  stage.run(5, [anna, 5000]);

  assert.ok(whileMuted.every((sample) => Math.abs(sample) <= 8));
  assert.ok(isAbout(lastHeard(bela), 5000));
});

test('turns a leg up for the others and the others down for a leg', () => {
  const stage = new MixerStage();
  const [anna, bela, cyril] = stage.room('room', 'anna', 'bela', 'cyril');
  assert.ok(anna !== undefined && bela !== undefined && cyril !== undefined);
  stage.command({ type: 'set-gains', legId: 'anna', talkGainDb: 6, listenGainDb: 0 });
  stage.command({ type: 'set-gains', legId: 'cyril', talkGainDb: 0, listenGainDb: -6 });

  stage.run(20, [anna, 2000]);

  assert.ok(isAbout(lastHeard(bela), 3990));
  assert.ok(isAbout(lastHeard(cyril), 2000));
});

test('neither sends to a leg on hold nor mixes what comes from it, and misses nobody', () => {
  const stage = new MixerStage();
  const [anna, bela] = stage.room('room', 'anna', 'bela');
  assert.ok(anna !== undefined && bela !== undefined);
  stage.run(10, [anna, 3000]);

  const remote = { host: '127.0.0.1', port: anna.port };
  stage.command({
    type: 'update-leg',
    legId: 'anna',
    media: { ...TELEPHONE, remote, direction: 'inactive' },
  });
  stage.run(20, [anna, 3000], [bela, 3000]);
  const before = anna.got.length;
  stage.run(4000, [anna, 3000], [bela, 3000]);

  assert.is(anna.got.length, before);
  assert.ok(Math.abs(lastHeard(bela)) <= 8);
  assert.is(stage.eventsOf('leg-silent').length, 0);
  const [firstHeld] = anna.got.slice(-1).map(readPacket);
  stage.command({ type: 'update-leg', legId: 'anna', media: { ...TELEPHONE, remote } });
  stage.run(5, [anna, 3000], [bela, 2000]);
  const resumed = readPacket(anna.got[before]);
  assert.is(resumed.marker, true);
  assert.is(resumed.sequenceNumber, ((firstHeld?.sequenceNumber ?? 0) + 1) & 0xffff);
  assert.ok(isAbout(lastHeard(anna), 2000));
});

test('raises leg-silent once when neither RTP nor RTCP comes for the timeout', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');
  stage.run(100, [phone, 0]);

  stage.run(2998);
  const early = stage.eventsOf('leg-silent').length;
  stage.run(500);

  assert.is(early, 0);
  assert.equal(stage.eventsOf('leg-silent'), [{ type: 'leg-silent', legId: 'leg' }]);
});

test('misses nobody who holds us, and counts anew from the end of the hold', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');
  stage.run(100, [phone, 0]);
  const remote = { host: phone.host, port: phone.port };
  for (const direction of ['recvonly', 'inactive', 'sendonly'] as const) {
    stage.command({ type: 'update-leg', legId: 'leg', media: { ...TELEPHONE, remote, direction } });
    stage.run(5000);
  }
  const held = stage.eventsOf('leg-silent').length;

  stage.command({ type: 'update-leg', legId: 'leg', media: { ...TELEPHONE, remote } });
  stage.run(2500);
  const early = stage.eventsOf('leg-silent').length;
  stage.run(1000);

  assert.is(held, 0);
  assert.is(early, 0);
  assert.is(stage.eventsOf('leg-silent').length, 1);
});

test('takes RTCP of the peer as a sign of life', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');
  // RR without blocks: V=2, PT=201, one word more, SSRC 1.
  const receiverReport = Uint8Array.of(0x80, 201, 0, 1, 0, 0, 0, 1);

  for (let i = 0; i < 4; i += 1) {
    stage.run(2000);
    stage.io.deliver(
      { legIndex: phone.index, kind: 'rtcp', atMs: stage.nowMs },
      { host: phone.host, port: phone.port + 1 },
      receiverReport,
    );
  }

  assert.is(stage.eventsOf('leg-silent').length, 0);
});

test('reports by RTCP every 2.5 to 7.5 s and says BYE at the end', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');

  stage.run(3000, [phone, 500]);
  const reports = phone.gotRtcp.length;
  stage.command({ type: 'close-leg', legId: 'leg' });

  assert.ok(reports >= 8 && reports <= 24, `${reports}`);
  const report = Buffer.from(phone.gotRtcp[0] ?? []);
  assert.is(report.readUInt8(1), 200);
  assert.is(report.readUInt32BE(4), readPacket(phone.got[0]).ssrc);
  const bye = Buffer.from(phone.gotRtcp.at(-1) ?? []);
  assert.is(bye.readUInt8(bye.length - 7), 203);
});

test('gives the figures of a leg when it closes', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');
  stage.run(50, [phone, 100]);
  phone.sequenceNumber = (phone.sequenceNumber + 3) & 0xffff;
  phone.rtpTimestamp = (phone.rtpTimestamp + 480) >>> 0;
  stage.run(10, [phone, 100]);

  stage.command({ type: 'close-leg', legId: 'leg' });

  const [closed] = stage.eventsOf('leg-closed');
  assert.is(closed?.statistics.packetsIn, 60);
  assert.is(closed?.statistics.packetsLost, 3);
  assert.is(closed?.statistics.packetsOut, 60);
  assert.is(closed?.statistics.dtmfMethod, null);
  assert.is(stage.io.indexOfPort(10_000), -1);
});

test('tells levels at most four times a second, and only when something has changed', () => {
  const stage = new MixerStage();
  const [anna] = stage.room('room', 'anna', 'bela');
  assert.ok(anna !== undefined);
  stage.run(50);
  const quiet = stage.eventsOf('levels').length;

  for (let second = 0; second < 4; second += 1) {
    const before = stage.eventsOf('levels').length;
    for (let i = 0; i < 50; i += 1) stage.run(1, [anna, i % 10 < 5 ? 8000 : 20]);
    assert.ok(stage.eventsOf('levels').length - before <= 4);
  }

  assert.is(quiet, 1);
  assert.ok(stage.eventsOf('levels').length > 4);
});

test('goes on with a leg that was handed over: same SSRC, next sequence number, time stamp by the clock', () => {
  const from = new MixerStage();
  const phone = from.open('leg');
  from.run(30, [phone, 1000]);
  from.command({ type: 'set-microphone', legId: 'leg', microphone: 'muted' });
  from.command({ type: 'detach-leg', legId: 'leg' });
  const [detached] = from.eventsOf('leg-detached');
  assert.ok(detached !== undefined);
  const last = readPacket(phone.got.at(-1));

  const to = new MixerStage();
  to.nowMs = from.nowMs + 60;
  to.phones.set('leg', phone);
  to.command({ type: 'attach-leg', legId: 'leg', handover: detached.handover });
  to.core.tick(to.nowMs);
  const next = readPacket(phone.got.at(-1));
  to.run(10, [phone, 1000]);
  to.command({ type: 'close-leg', legId: 'leg' });

  assert.is(next.ssrc, last.ssrc);
  assert.is(next.sequenceNumber, (last.sequenceNumber + 1) & 0xffff);
  assert.is((next.rtpTimestamp - last.rtpTimestamp) >>> 0, 4 * 160);
  assert.is(to.eventsOf('leg-closed')[0]?.statistics.packetsIn, 40);
  assert.is(to.eventsOf('leg-closed')[0]?.statistics.packetsOut, 41);
  assert.is(detached.handover.microphone, 'muted');
  assert.equal(detached.handover.latched, { host: '127.0.0.1', port: phone.port });
});

test('moves time on by the ticks that were skipped', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');
  stage.run(3);

  stage.core.skip(10);
  stage.run(1);

  const [before, after] = phone.got.slice(-2).map(readPacket);
  assert.is(((after?.rtpTimestamp ?? 0) - (before?.rtpTimestamp ?? 0)) >>> 0, 11 * 160);
  assert.is(after?.sequenceNumber, ((before?.sequenceNumber ?? 0) + 1) & 0xffff);
});

test('refuses commands that make no sense, and goes on', () => {
  const stage = new MixerStage();
  stage.open('leg');

  stage.command({ type: 'close-leg', legId: 'nobody' });
  stage.command({ type: 'join-room', legId: 'leg', roomId: 'nowhere' });
  stage.command({ type: 'close-room', roomId: 'nowhere' });
  stage.command({ type: 'open-room', roomId: 'room' });
  stage.command({ type: 'open-room', roomId: 'room' });
  stage.command({ type: 'load-clips', bank: clipBank([], 16_000) });

  assert.equal(
    stage.eventsOf('command-refused').map(({ command, reason }) => `${command}: ${reason}`),
    [
      'close-leg: no such leg',
      'join-room: no such room',
      'close-room: no such room',
      'open-room: room is open already',
      'load-clips: rooms mix at 8000 Hz',
    ],
  );
});

test('says so when a port is taken, and can open the leg on another', () => {
  const stage = new MixerStage();
  stage.open('first');
  const open = {
    type: 'open-leg',
    host: '127.0.0.1',
    media: TELEPHONE,
    rtpTimeoutMs: 1000,
  } as const;

  stage.command({ ...open, legId: 'second', port: 10_000 });
  stage.command({ ...open, legId: 'second', port: 10_002 });

  const answers = stage.events.map((event) => event.type);
  assert.equal(answers, ['leg-opened', 'leg-open-failed', 'leg-opened']);
});

test('lets legs go on alone when their room closes', () => {
  const stage = new MixerStage();
  const [anna, bela] = stage.room('room', 'anna', 'bela');
  assert.ok(anna !== undefined && bela !== undefined);
  stage.run(10, [anna, 3000]);

  stage.command({ type: 'close-room', roomId: 'room' });
  stage.run(10, [anna, 3000]);

  assert.is(bela.got.length, 20);
  assert.ok(Math.abs(lastHeard(bela)) <= 8);
  assert.is(stage.core.roomCount, 0);
});

test.run();
