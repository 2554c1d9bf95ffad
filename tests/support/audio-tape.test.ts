import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AudioTape } from './audio-tape.ts';

function packet(sequenceNumber: number, timestamp: number, value: number) {
  return { sequenceNumber, timestamp, ssrc: 7, samples: new Int16Array(160).fill(value) };
}

test('lays packets out by time stamp, whatever their order', () => {
  const tape = new AudioTape();

  for (const each of [packet(1, 1000, 1), packet(3, 1320, 3), packet(2, 1160, 2)]) tape.add(each);

  assert.is(tape.durationMs, 60);
  assert.equal([tape.between(0)[0], tape.between(20)[0], tape.between(40)[0]], [1, 2, 3]);
  assert.is(tape.packetsLost, 0);
});

test('counts a packet that never came, and leaves silence in its place', () => {
  const tape = new AudioTape();

  for (const each of [packet(65_535, 0, 1), packet(1, 320, 3)]) tape.add(each);

  assert.is(tape.packetsLost, 1);
  assert.equal([tape.between(20)[0], tape.between(40)[0]], [0, 3]);
});

test('goes on after a change of SSRC, and counts it', () => {
  const tape = new AudioTape();

  for (const each of [packet(1, 1000, 1), { ...packet(900, 77_000, 2), ssrc: 8 }]) tape.add(each);

  assert.is(tape.ssrcChanges, 1);
  assert.is(tape.durationMs, 40);
});

test('keeps minutes of audio', () => {
  const tape = new AudioTape();

  for (let index = 0; index < 6000; index += 1)
    tape.add(packet(index & 0xffff, index * 160, index & 0xff));

  assert.is(tape.durationMs, 120_000);
  assert.is(tape.between(119_980)[0], 5999 & 0xff);
});

test.run();
