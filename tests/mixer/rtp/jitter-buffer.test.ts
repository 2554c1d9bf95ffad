import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FRAME_SAMPLES, MAX_DELAY_SAMPLES, ScriptedLeg, times } from './scripted-leg.ts';

const SCENARIOS: readonly {
  readonly name: string;
  readonly script: string;
  readonly played: string;
  /** Delay at the end, exactly. */
  readonly delaySamples: number;
}[] = [
  {
    name: 'plays what comes in time at once, with no delay of its own',
    script: 'p p p p',
    played: '0 1 2 3',
    delaySamples: 0,
  },
  {
    name: 'makes up one frame for one lost packet and keeps its delay',
    script: 'p p x p p',
    played: '0 1 E 3 4',
    delaySamples: 0,
  },
  {
    name: 'makes up three frames for three lost packets and keeps its delay',
    script: 'p x x x p p',
    played: '0 E E E 4 5',
    delaySamples: 0,
  },
  {
    name: 'grows by one frame at the first late packet and loses nothing',
    script: 'p p h rp p p',
    played: '0 1 E 2 3 4',
    delaySamples: 160,
  },
  {
    name: 'tells a loss from an underrun when later packets are here',
    script: 'p h rp x p p',
    played: '0 E 1 2 L 4',
    delaySamples: 160,
  },
  {
    name: 'puts packets in order again when delay allows',
    script: 'p h rp h pr p',
    played: '0 E 1 2 3 4',
    delaySamples: 160,
  },
  {
    name: 'puts packets in order that came between the same two ticks',
    script: 'p hpr . p',
    played: '0 1 2 3',
    delaySamples: 0,
  },
  {
    name: 'begins with the newest of two packets that came in the wrong order before the first tick',
    script: 'hpr . p',
    played: '1 E 2',
    delaySamples: 0,
  },
  {
    name: 'plays a duplicate once, before and after the original was played',
    script: 'pd d pdd p',
    played: '0 E 1 2',
    delaySamples: 0,
  },
  {
    name: 'leaves out a packet whose turn was given away',
    script: 'p hp p rp p',
    played: '0 L 2 3 4',
    delaySamples: 160,
  },
  {
    name: 'drops what piled up before the first tick',
    script: 'pppp p p',
    played: '3 4 5',
    delaySamples: 0,
  },
  {
    name: 'plays a talk spurt after a pause at once',
    script: 'p p s s s s m p',
    played: '0 1 E E E E 2 3',
    delaySamples: 0,
  },
  {
    name: 'plays a talk spurt at once when the clock stood still in the pause',
    script: 'p p . . . . m p',
    played: '0 1 E E E E 2 3',
    delaySamples: 0,
  },
];

for (const { name, script, played, delaySamples } of SCENARIOS) {
  test(name, () => {
    const leg = new ScriptedLeg();

    const result = leg.play(script);

    assert.is(result, played);
    assert.is(leg.delaySamples, delaySamples);
  });

  test(`${name} (sequence number and time stamp wrap)`, () => {
    const leg = new ScriptedLeg({ sequence: 0xfffe, timestamp: 0xffffffff - 200 });

    const result = leg.play(script);

    assert.is(result, played);
    assert.is(leg.delaySamples, delaySamples);
  });
}

for (const packetSamples of [80, 160, 240, 320]) {
  const ms = packetSamples / 8;
  test(`plays a steady peer with packets of ${String(ms)} ms without a gap, whatever its phase`, () => {
    for (let phase = 0; phase < FRAME_SAMPLES; phase += 16) {
      const leg = new ScriptedLeg({ packetSamples });
      let madeUpBefore = 0;

      for (let tick = 0; tick < 500; tick += 1) {
        if (tick === 50) madeUpBefore = leg.madeUpSamples;
        const now = tick * FRAME_SAMPLES + phase;
        while (leg.number * packetSamples <= now) leg.event('p');
        leg.tick();
        // A packet can be played one packet time and one tick after the sender began to record it, not later.
        if (tick > 150) assert.ok(leg.delaySamples <= packetSamples);
      }

      assert.is(leg.madeUpSamples - madeUpBefore, 0, `phase ${String(phase)}`);
    }
  });
}

test('grows after the second packet that came after its turn was given away', () => {
  const leg = new ScriptedLeg();
  leg.play('p p hp r p p p hp r p p');
  const before = leg.madeUpSamples;

  const played = leg.play('p p hp rp p p');

  assert.not.match(played, /L/);
  assert.is(leg.madeUpSamples, before);
});

test('starts over with another SSRC and forgets the packets of the first', () => {
  const leg = new ScriptedLeg();
  leg.play('p p ppp');
  leg.header.ssrc = 8;
  leg.rtpTimestamp = 123_456_789;
  leg.firstSequenceNumber = 40_000;

  const played = leg.play('p p');

  assert.is(played, '5n 6');
  assert.is(leg.delaySamples, 0);
});

test('starts over when the time stamp jumps and the sequence goes on', () => {
  for (const jump of [1_000_000, -1_000_000]) {
    const leg = new ScriptedLeg({ timestamp: 2_000_000 });
    leg.play('p p p');
    leg.rtpTimestamp += jump;

    assert.is(leg.play('p p p'), '3n 4 5');
  }
});

test('starts over when the sequence jumps ahead', () => {
  const leg = new ScriptedLeg();
  leg.play('p p p');
  leg.firstSequenceNumber += 5000;

  assert.is(leg.play('p p p'), '3n 4 5');
});

test('starts over when the sequence has gone back and stays there', () => {
  const leg = new ScriptedLeg({ sequence: 9000 });
  leg.play('p p p');
  leg.firstSequenceNumber -= 5000;

  assert.is(leg.play('p p p p p'), 'E E 5n 6 7');
});

test('refuses a packet too long to store and one that lasts longer than the longest delay', () => {
  const leg = new ScriptedLeg();
  leg.header.payloadLength = 641;
  assert.is(leg.buffer.put(leg.header, leg.bytes, 160), 'refused');
  leg.header.payloadLength = 160;
  assert.is(leg.buffer.put(leg.header, leg.bytes, MAX_DELAY_SAMPLES + 1), 'refused');
  assert.is(leg.buffer.put(leg.header, leg.bytes, -1), 'refused');
  assert.is(leg.tick(), 'E');
});

test('tells stored, duplicate, late and restarted packets apart', () => {
  const leg = new ScriptedLeg();
  for (let i = 0; i < 5; i += 1) leg.send();

  assert.is(leg.arrive(0, 'plain'), 'stored');
  assert.is(leg.arrive(0, 'plain'), 'duplicate');
  assert.is(leg.tick(), '0');
  assert.is(leg.arrive(0, 'plain'), 'duplicate');
  assert.is(leg.arrive(2, 'plain'), 'stored');
  assert.is(leg.tick(), 'L');
  assert.is(leg.tick(), '2');
  assert.is(leg.arrive(1, 'plain'), 'late');
  leg.header.ssrc = 99;
  assert.is(leg.arrive(3, 'plain'), 'restarted');
});

test('lets a comfort noise packet of no duration through and then waits', () => {
  const leg = new ScriptedLeg();
  leg.play('p p');
  leg.header.payloadType = 13;
  leg.header.sequenceNumber = 102;
  leg.header.rtpTimestamp = leg.rtpTimestamp;
  leg.header.payloadLength = 1;
  assert.is(leg.buffer.put(leg.header, leg.bytes, 0), 'stored');
  leg.number += 1;

  leg.buffer.startTick(0, 'quiet');

  assert.is(leg.buffer.take(leg.view), 'packet');
  assert.is(leg.view.payloadType, 13);
  assert.is(leg.view.durationSamples, 0);
  assert.is(leg.buffer.take(leg.view), 'empty');
  assert.is(leg.view.durationSamples, FRAME_SAMPLES);
});

test('gives every packet back as it came', () => {
  const leg = new ScriptedLeg();
  for (let i = 0; i < 200; i += 1) assert.is(leg.play('p'), String(i));
  assert.is(leg.view.length, FRAME_SAMPLES);
});

test('survives any order of packets and never serves a tick too little', () => {
  let state = 12_345;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
  const leg = new ScriptedLeg();
  for (let tick = 0; tick < 20_000; tick += 1) {
    const packets = random(4);
    for (let i = 0; i < packets; i += 1) {
      leg.header.marker = random(10) === 0;
      leg.header.ssrc = random(500) === 0 ? random(3) : leg.header.ssrc;
      leg.header.sequenceNumber =
        (tick + random(20) - 10 + (random(300) === 0 ? random(65_536) : 0)) & 0xffff;
      leg.header.rtpTimestamp =
        (tick * 160 + 80 * random(40) + (random(300) === 0 ? random(1e9) : 0)) >>> 0;
      leg.header.payloadLength = 80 * (1 + random(4));
      leg.buffer.put(leg.header, leg.bytes, leg.header.payloadLength * (random(9) === 0 ? 0 : 1));
    }
    leg.activity = random(2) === 0 ? 'speech' : 'quiet';
    leg.tick();
    assert.ok(leg.fifoSamples >= 0 && leg.fifoSamples <= 640);
    assert.ok(leg.buffer.bufferedSamples >= 0);
  }

  leg.header.ssrc = 4;
  leg.activity = 'speech';
  leg.play(times(100, 'p'));
  const madeUpBefore = leg.madeUpSamples;
  leg.play(times(100, 'p'));
  assert.is(leg.madeUpSamples, madeUpBefore, 'a sound stream is played whole afterwards');
  assert.is(leg.delaySamples, 0);
});

test('forgets everything at a reset', () => {
  const leg = new ScriptedLeg();
  leg.play('p p h rppp');
  leg.buffer.reset();

  assert.is(leg.play('. .'), 'E E');
  leg.rtpTimestamp = 77;
  assert.is(leg.play('p p').split(' ').length, 2);
  assert.is(leg.delaySamples, 0);
});

test.run();
