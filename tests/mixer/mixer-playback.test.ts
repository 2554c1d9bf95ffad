import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { clipBank, isAbout, lastHeard, MixerStage, readPacket, rtpPacket } from './mixer-stage.ts';
import type { StagePhone } from './mixer-stage.ts';

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
  stage.run(1, [anna, 1000]);
  stage.command({ ...play, playId: 2, exceptLegId: null });
  stage.run(4, [anna, 1000]);
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

test('plays one tone for all who enter while it waits, and says of each that it has ended', () => {
  const stage = new MixerStage();
  stage.room('room', 'anna', 'bela');
  stage.command({ type: 'load-clips', bank: clipBank([['tone-enter', 4000, 3200]]) });
  const play = { type: 'play-to-room', roomId: 'room', clips: ['tone-enter'] } as const;

  let ticks = 0;
  for (; ticks < 30; ticks += 1) {
    stage.command({ ...play, playId: ticks, exceptLegId: `leg-${ticks}` });
    stage.tick();
  }
  while (stage.eventsOf('play-ended').length < 30 && ticks < 1000) {
    stage.tick();
    ticks += 1;
  }

  // The tone lasts 20 ticks: one from the start, one that waits for it, and one for those who came during that.
  assert.is(ticks, 60);
  stage.run(100);
  const ended = stage.eventsOf('play-ended');
  assert.ok(ended.every(({ outcome }) => outcome === 'finished'));
  assert.equal(
    ended.map(({ playId }) => playId),
    [...Array(30).keys()],
  );
});

test('lets everybody hear a tone that announces several, and the excepted leg still not its own', () => {
  const heardBy = (...excepted: readonly (string | null)[]): readonly boolean[] => {
    const stage = new MixerStage();
    const phones = stage.room('room', 'anna', 'bela', 'cyril');
    stage.command({ type: 'load-clips', bank: clipBank([['tone-enter', 4000, 1600]]) });
    for (const [playId, exceptLegId] of excepted.entries()) {
      const clips = ['tone-enter'];
      stage.command({ type: 'play-to-room', roomId: 'room', playId, clips, exceptLegId });
    }
    stage.run(5);
    return phones.map((phone) => isAbout(lastHeard(phone), 2000));
  };

  assert.equal(heardBy('bela'), [true, false, true]);
  assert.equal(heardBy('bela', 'bela'), [true, false, true]);
  assert.equal(heardBy('bela', 'cyril'), [true, true, true]);
  assert.equal(heardBy('bela', null), [true, true, true]);
});

test('never merges what is spoken, nor sounds that differ', () => {
  const stage = new MixerStage();
  stage.room('room', 'anna', 'bela');
  const bank = clipBank([
    ['en/five-minutes', 4000, 1600],
    ['tone-enter', 4000, 800],
    ['tone-leave', 3000, 800],
  ]);
  stage.command({ type: 'load-clips', bank });

  const queue = [
    ['en/five-minutes'],
    ['en/five-minutes'],
    ['tone-enter'],
    ['tone-leave'],
    ['tone-enter', 'en/five-minutes'],
    ['tone-enter', 'en/five-minutes'],
    ['tone-leave'],
  ];
  for (const [playId, clips] of queue.entries()) {
    stage.command({ type: 'play-to-room', roomId: 'room', playId, clips, exceptLegId: null });
  }
  const endedAtTicks: number[] = [];
  for (let tick = 1; tick <= 80; tick += 1) {
    stage.tick();
    const ended = stage.eventsOf('play-ended').length;
    while (endedAtTicks.length < ended) endedAtTicks.push(tick);
  }

  assert.equal(endedAtTicks, [10, 20, 25, 30, 30, 45, 60]);
  assert.equal(
    stage.eventsOf('play-ended').map(({ playId }) => playId),
    [0, 1, 2, 3, 6, 4, 5],
  );
});

test('says of every merged tone that it was stopped when the room closes', () => {
  const stage = new MixerStage();
  stage.room('room', 'anna');
  stage.command({ type: 'load-clips', bank: clipBank([['tone-enter', 4000, 1600]]) });
  const play = { type: 'play-to-room', roomId: 'room', clips: ['tone-enter'] } as const;

  stage.command({ ...play, playId: 1, exceptLegId: null });
  stage.tick();
  stage.command({ ...play, playId: 2, exceptLegId: null });
  stage.command({ ...play, playId: 3, exceptLegId: null });
  stage.command({ type: 'close-room', roomId: 'room' });

  assert.equal(
    stage.eventsOf('play-ended').map(({ playId, outcome }) => `${playId} ${outcome}`),
    ['1 stopped', '2 stopped', '3 stopped'],
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

test('stops music within 60 ms for the tone of whoever enters', () => {
  const stage = new MixerStage();
  const [anna] = stage.room('room', 'anna');
  assert.ok(anna !== undefined);
  const bank = clipBank([
    ['music', 8000, 1000],
    ['tone-enter', 2000, 3200],
  ]);
  stage.command({ type: 'load-clips', bank });
  stage.command({ type: 'set-music', legId: 'anna', music: 'on' });
  stage.run(40);
  const alone = lastHeard(anna);

  const bela = stage.open('bela');
  stage.command({ type: 'join-room', legId: 'bela', roomId: 'room' });
  stage.command({ type: 'set-music', legId: 'anna', music: 'off' });
  const tone = { type: 'play-to-room', roomId: 'room', playId: 1, clips: ['tone-enter'] } as const;
  stage.command({ ...tone, exceptLegId: 'bela' });
  stage.run(1);
  const fading = lastHeard(anna);
  stage.run(2);
  const heard: number[] = [lastHeard(anna)];
  for (let tick = 0; tick < 16; tick += 1) {
    stage.run(1);
    heard.push(lastHeard(anna));
  }
  stage.run(5);

  assert.ok(isAbout(alone, 8000), `${alone}`);
  assert.ok(isAbout(fading, 8000 * (2 / 3) + 1000), `${fading} after 20 ms`);
  assert.ok(
    heard.every((sample) => isAbout(sample, 1000)),
    heard.join(),
  );
  assert.ok(Math.abs(lastHeard(anna)) <= 8);
  assert.ok(Math.abs(lastHeard(bela)) <= 8);
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

test.run();
