import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MixBus } from '../../../mixer/room/mix-bus.ts';
import { FRAME_SAMPLES } from '../../../mixer/room/mix-format.ts';

function frame(value: (i: number) => number): Int16Array {
  return Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => value(i));
}

test('subtracts a voice from the sum without a trace, however loud the rest', () => {
  const bus = new MixBus(8000);
  const own = frame((i) => (i % 7) * 4000 - 12_000);
  const others = Array.from({ length: 500 }, () => frame(() => 32_767));
  const out = new Int32Array(FRAME_SAMPLES);

  bus.add(own);
  for (const other of others) bus.add(other);
  bus.mixMinus(own, out);

  assert.ok(out.every((sample) => sample === 500 * 32_767));
  bus.all(out);
  assert.is(out[1], 500 * 32_767 + 4000 - 12_000);
});

test('begins each tick in silence', () => {
  const bus = new MixBus(8000);
  const out = new Int32Array(FRAME_SAMPLES);
  bus.add(frame(() => 100));

  bus.clear();
  bus.all(out);

  assert.is(bus.talkers, 0);
  assert.ok(out.every((sample) => sample === 0));
});

test.run();
