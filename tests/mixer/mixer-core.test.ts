import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { clipBank, MixerStage, readPacket, rtpPacket, TELEPHONE } from './mixer-stage.ts';
import type { StagePhone } from './mixer-stage.ts';

/** Value of the last sample that a phone got. */
function lastHeard(phone: StagePhone | undefined): number {
  return readPacket(phone?.got.at(-1)).samples.at(-1) ?? 0;
}

/** Whether a value is another but for the steps of A-law. */
function isAbout(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) <= Math.max(16, Math.abs(wanted) / 20);
}

function telephoneEvent(
  event: number,
  durationSamples: number,
  end: 'going-on' | 'end',
): Uint8Array {
  // |     event     |E|R| volume    |          duration             |
  return Uint8Array.of(
    event,
    end === 'end' ? 0x8a : 0x0a,
    durationSamples >> 8,
    durationSamples & 0xff,
  );
}

/** One press of a key as a phone sends it: a start, updates, and the end three times. */
function press(stage: MixerStage, phone: StagePhone, event: number): void {
  const { rtpTimestamp } = phone;
  for (let packet = 1; packet <= 7; packet += 1) {
    const end = packet > 4 ? 'end' : 'going-on';
    const payload = telephoneEvent(event, Math.min(packet, 5) * 160, end);
    const fields = { ...phone, rtpTimestamp, payloadType: 101, ssrc: phone.port, payload };
    stage.deliver(phone, rtpPacket({ ...fields, marker: packet === 1 }));
    phone.sequenceNumber = (phone.sequenceNumber + 1) & 0xffff;
    phone.rtpTimestamp = (phone.rtpTimestamp + 160) >>> 0;
    if (packet <= 5) stage.tick();
  }
}

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

test('raises one dtmf event for a press however many packets tell of it', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');

  press(stage, phone, 5);
  press(stage, phone, 5);
  press(stage, phone, 11);

  assert.equal(
    stage.eventsOf('dtmf').map(({ key, method }) => `${key} ${method}`),
    ['5 rfc4733', '5 rfc4733', '# rfc4733'],
  );
});

test('keeps the audio that a phone sends along with a key out of the mix', () => {
  const stage = new MixerStage();
  const [anna, bela] = stage.room('room', 'anna', 'bela');
  assert.ok(anna !== undefined && bela !== undefined);
  stage.run(20, [anna, 4000]);
  const { rtpTimestamp } = anna;

  for (let i = 1; i <= 10; i += 1) {
    const payload = telephoneEvent(1, i * 160, 'going-on');
    stage.deliver(
      anna,
      rtpPacket({ ...anna, rtpTimestamp, payloadType: 101, ssrc: anna.port, payload }),
    );
    anna.sequenceNumber = (anna.sequenceNumber + 1) & 0xffff;
    stage.say(anna, 4000);
    stage.tick();
  }

  const heard = bela.got
    .slice(-7)
    .map((packet) => readPacket(packet).samples)
    .flat();
  assert.ok(heard.every((sample) => Math.abs(sample) <= 8));
});

test('ends an interruptible playback with a key, at once, and no other', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');
  stage.command({ type: 'load-clips', bank: clipBank([['long', 1000, 80_000]]) });
  const play = { type: 'play-to-leg', legId: 'leg', clips: ['long'] } as const;

  stage.command({ ...play, playId: 1, interruptible: 'not-by-key' });
  press(stage, phone, 1);
  const afterFirst = stage.eventsOf('play-ended').length;
  stage.command({ ...play, playId: 2, interruptible: 'by-key' });
  stage.run(10);
  press(stage, phone, 2);

  assert.is(afterFirst, 0);
  assert.equal(stage.eventsOf('play-ended'), [
    { type: 'play-ended', playId: 1, legId: 'leg', outcome: 'stopped' },
    { type: 'play-ended', playId: 2, legId: 'leg', outcome: 'interrupted' },
  ]);
  assert.ok(Math.abs(lastHeard(phone)) <= 8);
});

test('plays clips one after another to one leg and says when they have ended', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');
  const bank = clipBank([
    ['one', 1000, 240],
    ['two', 2000, 240],
  ]);
  stage.command({ type: 'load-clips', bank });

  stage.command({
    type: 'play-to-leg',
    legId: 'leg',
    playId: 7,
    clips: ['one', 'two'],
    interruptible: 'by-key',
  });
  stage.run(4);

  const heard = phone.got.map((packet) => readPacket(packet).samples).flat();
  assert.ok(heard.slice(0, 240).every((sample) => isAbout(sample, 1000)));
  assert.ok(heard.slice(240, 480).every((sample) => isAbout(sample, 2000)));
  assert.ok(heard.slice(480).every((sample) => Math.abs(sample) <= 8));
  assert.equal(stage.eventsOf('play-ended'), [
    { type: 'play-ended', playId: 7, legId: 'leg', outcome: 'finished' },
  ]);
});

test('plays what there is of a sequence in which a clip is missing, and says which', () => {
  const stage = new MixerStage();
  stage.open('leg');
  stage.command({ type: 'load-clips', bank: clipBank([['one', 1000, 160]]) });

  stage.command({
    type: 'play-to-leg',
    legId: 'leg',
    playId: 1,
    clips: ['none', 'one'],
    interruptible: 'by-key',
  });
  stage.run(2);

  assert.is(stage.eventsOf('play-ended')[0]?.outcome, 'finished');
  assert.is(stage.eventsOf('command-refused')[0]?.reason, 'no clip "none"');
});

test('turns the room down by 12 dB under a prompt for one leg', () => {
  const stage = new MixerStage();
  const [anna, bela, cyril] = stage.room('room', 'anna', 'bela', 'cyril');
  assert.ok(anna !== undefined && bela !== undefined && cyril !== undefined);
  stage.command({ type: 'load-clips', bank: clipBank([['prompt', 1000, 8000]]) });
  stage.run(10, [anna, 8000]);

  stage.command({
    type: 'play-to-leg',
    legId: 'bela',
    playId: 1,
    clips: ['prompt'],
    interruptible: 'by-key',
  });
  stage.run(10, [anna, 8000]);
  const during = lastHeard(bela);
  stage.command({ type: 'stop-play', legId: 'bela' });
  stage.run(3, [anna, 8000]);

  assert.ok(isAbout(during, 8000 * 0.2512 + 1000), `${during}`);
  assert.ok(isAbout(lastHeard(cyril), 8000));
  assert.ok(isAbout(lastHeard(bela), 8000));
});

test('plays to a whole room under the speech, but not to the leg that is excepted, one after another', () => {
  const stage = new MixerStage();
  const [anna, bela, cyril] = stage.room('room', 'anna', 'bela', 'cyril');
  assert.ok(anna !== undefined && bela !== undefined && cyril !== undefined);
  stage.command({ type: 'load-clips', bank: clipBank([['enters', 4000, 1600]]) });
  stage.run(10, [anna, 1000]);

  const play = { type: 'play-to-room', roomId: 'room', clips: ['enters'] } as const;
  stage.command({ ...play, playId: 1, exceptLegId: 'cyril' });
  stage.command({ ...play, playId: 2, exceptLegId: null });
  stage.run(5, [anna, 1000]);
  const first = [anna, bela, cyril].map(lastHeard);
  stage.run(10, [anna, 1000]);
  const second = [anna, bela, cyril].map(lastHeard);

  for (const [i, wanted] of [2000, 3000, 1000].entries()) assert.ok(isAbout(first[i] ?? 0, wanted));
  for (const [i, wanted] of [2000, 3000, 3000].entries())
    assert.ok(isAbout(second[i] ?? 0, wanted));
  stage.run(10, [anna, 1000]);
  assert.equal(
    stage.eventsOf('play-ended').map(({ playId, legId, outcome }) => [playId, legId, outcome]),
    [
      [1, null, 'finished'],
      [2, null, 'finished'],
    ],
  );
});

test('plays music in a loop, fades it in and out, and is silent while a prompt plays', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');
  const bank = clipBank([
    ['music', 2000, 1000],
    ['prompt', 500, 16_000],
  ]);
  stage.command({ type: 'load-clips', bank });

  stage.command({ type: 'set-music', legId: 'leg', music: 'on' });
  stage.run(2);
  const rising = lastHeard(phone);
  stage.run(60);
  const full = lastHeard(phone);
  stage.command({
    type: 'play-to-leg',
    legId: 'leg',
    playId: 1,
    clips: ['prompt'],
    interruptible: 'by-key',
  });
  stage.run(40);
  const underPrompt = lastHeard(phone);
  stage.command({ type: 'stop-play', legId: 'leg' });
  stage.command({ type: 'set-music', legId: 'leg', music: 'off' });
  stage.run(30);

  assert.ok(rising > 0 && rising < 500, `${rising}`);
  assert.ok(isAbout(full, 2000));
  assert.ok(isAbout(underPrompt, 500));
  assert.ok(Math.abs(lastHeard(phone)) <= 8);
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

test('sends a key as telephone events in place of audio', () => {
  const stage = new MixerStage();
  const phone = stage.open('leg');
  stage.run(5);

  stage.command({ type: 'send-dtmf', legId: 'leg', key: '#' });
  stage.run(12);

  const events = phone.got.filter((packet) => readPacket(packet).payloadType === 101);
  assert.ok(events.length >= 6);
  assert.is(events[0]?.[12], 11);
  assert.is(new Set(events.map((packet) => readPacket(packet).rtpTimestamp)).size, 1);
  const numbers = phone.got.map((packet) => readPacket(packet).sequenceNumber);
  for (const [i, number] of numbers.entries()) {
    assert.is(number, ((numbers[0] ?? 0) + i) & 0xffff);
  }
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

test('closes everything when it is shut down', () => {
  const stage = new MixerStage();
  stage.room('room', 'anna', 'bela');

  stage.command({ type: 'shut-down' });

  assert.is(stage.eventsOf('leg-closed').length, 2);
  assert.is(stage.events.at(-1)?.type, 'stopped');
  assert.is(stage.core.legCount, 0);
});

test.run();
