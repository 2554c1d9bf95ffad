import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  JitterBuffer,
  JitterBufferPacket,
  OPUS_PAYLOAD_BYTES,
} from '../../../mixer/rtp/jitter-buffer.ts';
import { RtpHeader } from '../../../mixer/rtp/rtp-packet.ts';
import { ScriptedLeg, times } from './scripted-leg.ts';

/** 20 ms at 48 kHz. */
const FRAME_SAMPLES = 960;
const MAX_DELAY_SAMPLES = 10 * FRAME_SAMPLES;
/** Losses that are not rare any more. */
const LOSSY = 'p p x p p x p p x p p p';

function opusLeg(packetFrames = 1): ScriptedLeg {
  return new ScriptedLeg({
    frameSamples: FRAME_SAMPLES,
    packetSamples: packetFrames * FRAME_SAMPLES,
    redundancy: 'in-next-packet',
    timestamp: 0xffffffff - 10_000,
    sequence: 0xfff0,
  });
}

/** Numbers from 0 up to 1, the same ones for each seed. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}

const SCENARIOS: readonly { name: string; script: string; played: string; delay: number }[] = [
  { name: 'plays what comes in time at once', script: 'p p p', played: '0 1 2', delay: 0 },
  {
    name: 'makes up a frame for a rare loss and keeps its delay',
    script: 'p p x p p',
    played: '0 1 E 3 4',
    delay: 0,
  },
  {
    name: 'offers the packet behind a loss where delay has it here',
    script: 'p h rp x p p',
    played: '0 E 1 2 F 4',
    delay: 1,
  },
  {
    name: 'offers the packet behind two losses for the second of them only',
    script: 'p h h rrp x x p p p',
    played: '0 E E 1 2 3 L F 6',
    delay: 2,
  },
  {
    name: 'takes a jump of time without one of sequence for a pause',
    script: 'p p s s s s p p',
    played: '0 1 E E E E 2 3',
    delay: 0,
  },
  {
    name: 'keeps the delay it had over a long pause, no more and no less',
    script: `p h rp p ${times(30, 's')} p p p`,
    played: `0 E 1 2 3 ${times(30, 'E')} 4 5`,
    delay: 1,
  },
];

for (const { name, script, played, delay } of SCENARIOS) {
  test(`${name} (48 kHz)`, () => {
    const leg = opusLeg();

    assert.is(leg.play(script), played);
    assert.is(leg.delaySamples, delay * FRAME_SAMPLES);
  });
}

test('keeps one packet of delay while losses come often, and then mends every one', () => {
  const leg = opusLeg();
  leg.play(LOSSY);
  leg.play('x p p');

  const played = leg.play(times(20, 'p p p p x p'));

  assert.is(played.split('F').length - 1, 20);
  assert.not.match(played, /[LE]/);
  assert.is(leg.delaySamples, FRAME_SAMPLES);
});

test('grows for redundancy by playing what was lost, and cuts nothing', () => {
  const leg = opusLeg();
  leg.play(LOSSY);

  const played = leg.play('x p p p');

  assert.is(played, 'E F 13 14');
  assert.is(leg.repeatingNumber, 13);
  assert.is(leg.play('p'), '15');
});

test('gives the packet of delay back within 10 s of the last loss', () => {
  const leg = opusLeg();
  leg.play(LOSSY);
  leg.play(times(5, 'x p p p p'));
  assert.is(leg.delaySamples, FRAME_SAMPLES);

  leg.play(times(500, 'p'));

  assert.is(leg.delaySamples, 0);
});

test('keeps no delay for a loss every 4 s, nor where nothing is repeated', () => {
  const rare = opusLeg();
  rare.play(times(10, `x ${times(199, 'p')}`));
  assert.is(rare.delaySamples, 0);

  const without = new ScriptedLeg({ frameSamples: FRAME_SAMPLES });
  without.play(times(40, 'p p p p p p p p p x'));
  assert.is(without.delaySamples, 0);
});

test('serves the loss of a packet of 60 ms in one piece, so that its redundancy fits', () => {
  const leg = opusLeg(3);
  leg.play('p . . p . . h . . rp . .');
  const pieces: number[] = [];

  for (const word of 'x . . p . . p . .'.split(' ')) {
    for (const letter of word) leg.event(letter);
    const before = leg.madeUpSamples;
    const played = leg.tick();
    if (played.includes('F')) pieces.push(leg.madeUpSamples - before);
  }

  assert.equal(pieces, [3 * FRAME_SAMPLES]);
});

test('sees neither delay nor loss grow over pauses of any length', () => {
  const random = seededRandom(5);
  const leg = opusLeg();
  let spurts = '';

  for (let round = 0; round < 200; round += 1) {
    const pause = 1 + Math.floor(random() * 120);
    const first = leg.number;
    const played = leg.play(`${times(pause, 's')} p`).split(' ');
    if (played.at(-1) === String(first) && played.slice(0, -1).every((word) => word === 'E')) {
      spurts += '.';
    }
    leg.play(times(10, 'p'));
    assert.is(leg.delaySamples, 0);
  }

  assert.is(spurts.length, 200, 'every spurt begins at once and whole');
});

test('keeps noise packets every 400 ms in a pause apart from the next spurt', () => {
  const leg = opusLeg();
  leg.play(times(50, 'p'));

  leg.play(times(20, `p ${times(19, 's')}`));
  const first = leg.number;
  const played = leg.play('p p p');

  assert.is(played, `${String(first)} ${String(first + 1)} ${String(first + 2)}`);
  assert.is(leg.delaySamples, 0);
});

for (const packetFrames of [1, 3]) {
  const ms = 20 * packetFrames;
  test(`keeps its delay within bounds under loss, jitter and reordering, with packets of ${String(ms)} ms`, () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const random = seededRandom(seed);
      const leg = opusLeg(packetFrames);
      const waiting: { readonly number: number; readonly atTick: number }[] = [];
      let played = 0;

      for (let tick = 0; tick < 3000; tick += 1) {
        if (tick % packetFrames === 0) {
          const number = leg.send();
          const lateTicks = Math.floor(4 * random() ** 6);
          if (random() > 0.05) waiting.push({ number, atTick: tick + lateTicks });
        }
        for (let i = waiting.length - 1; i >= 0; i -= 1) {
          const packet = waiting[i];
          if (packet === undefined || packet.atTick > tick) continue;
          waiting.splice(i, 1);
          leg.arrive(packet.number, 'plain');
        }
        if (/\d/.test(leg.tick())) played += 1;
        assert.ok(leg.delaySamples <= MAX_DELAY_SAMPLES + leg.packetSamples);
        assert.ok(leg.fifoSamples < leg.packetSamples);
      }

      assert.ok(played > (3000 / packetFrames) * 0.88, `seed ${String(seed)}: ${String(played)}`);
      leg.play(times(600, `p ${times(packetFrames - 1, '.')}`));
      assert.ok(leg.delaySamples <= leg.packetSamples, 'and it comes back');
    }
  });
}

test('survives any packets at 48 kHz, and plays a sound stream whole afterwards', () => {
  const random = seededRandom(99);
  const below = (limit: number): number => Math.floor(random() * limit);
  const leg = opusLeg();
  for (let tick = 0; tick < 20_000; tick += 1) {
    for (let packets = below(4); packets > 0; packets -= 1) {
      leg.header.marker = below(10) === 0;
      leg.header.ssrc = below(500) === 0 ? below(3) : leg.header.ssrc;
      const leap = below(300) === 0 ? below(65_536) : 0;
      leg.header.sequenceNumber = (tick + below(20) - 10 + leap) & 0xffff;
      const jump = below(300) === 0 ? below(1e9) : 0;
      leg.header.rtpTimestamp = (tick * FRAME_SAMPLES + 120 * below(200) + jump) >>> 0;
      leg.header.payloadLength = below(600);
      leg.buffer.put(leg.header, leg.bytes, 120 * below(25));
    }
    leg.activity = below(2) === 0 ? 'speech' : 'quiet';
    leg.tick();
    assert.ok(leg.fifoSamples >= 0 && leg.fifoSamples <= 2880);
    assert.ok(leg.buffer.bufferedSamples >= 0);
  }

  leg.header.ssrc = 4;
  leg.activity = 'speech';
  leg.play(times(600, 'p'));
  const madeUpBefore = leg.madeUpSamples;
  leg.play(times(100, 'p'));
  assert.is(leg.madeUpSamples, madeUpBefore);
  assert.is(leg.delaySamples, 0);
});

test('takes payloads as long as Opus has them where they were asked for', () => {
  const buffer = new JitterBuffer({
    frameSamples: FRAME_SAMPLES,
    maxDelaySamples: MAX_DELAY_SAMPLES,
    maxPayloadBytes: OPUS_PAYLOAD_BYTES,
  });
  const view = new JitterBufferPacket();
  const header = new RtpHeader();
  const bytes = Uint8Array.from({ length: 1500 }, (_, i) => i);

  for (let number = 0; number < 60; number += 1) {
    header.sequenceNumber = number;
    header.rtpTimestamp = number * 120;
    header.payloadOffset = number;
    header.payloadLength = OPUS_PAYLOAD_BYTES;
    assert.is(buffer.put(header, bytes, 120), 'stored');
  }
  header.payloadLength = OPUS_PAYLOAD_BYTES + 1;
  assert.is(buffer.put(header, bytes, 120), 'refused');

  buffer.startTick(0, 'speech');
  for (let turn = 0; turn < 8; turn += 1) {
    assert.is(buffer.take(view), 'packet');
    const number = view.bytes[view.offset] ?? 0;
    assert.is(view.length, OPUS_PAYLOAD_BYTES);
    assert.is(view.bytes[view.offset + 1299], (number + 1299) & 0xff);
  }
});

test('peeks at nothing where nothing was lost', () => {
  const leg = opusLeg();
  const view = new JitterBufferPacket();
  assert.is(leg.buffer.peekAfterLoss(view), 'nothing');

  leg.play('p pp');

  assert.is(leg.buffer.peekAfterLoss(view), 'nothing');
});

test.run();
