import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { clipsOf, ClipSequence } from '../../../mixer/room/clip-sequence.ts';
import { FRAME_SAMPLES } from '../../../mixer/room/mix-format.ts';
import { clipBank } from '../mixer-stage.ts';

test('finds clips by name and leaves out those that lie outside of the bank', () => {
  const bank = clipBank([
    ['one', 1, 10],
    ['two', 2, 20],
  ]);
  const clips = clipsOf({
    ...bank,
    clips: {
      ...bank.clips,
      beyond: { offsetSamples: 25, lengthSamples: 6 },
      before: { offsetSamples: -1, lengthSamples: 5 },
    },
  });

  assert.equal([...clips.keys()], ['one', 'two']);
  assert.equal([...(clips.get('two') ?? [])], Array(20).fill(2));
});

test('adds clips to a mix one after another without a gap, turned down as asked', () => {
  const clips = clipsOf(
    clipBank([
      ['one', 100, 100],
      ['none', 0, 0],
      ['two', 200, 100],
    ]),
  );
  const sequence = new ClipSequence([...clips.values()]);
  const first = new Int32Array(FRAME_SAMPLES).fill(1000);
  const second = new Int32Array(FRAME_SAMPLES).fill(1000);

  sequence.addTo(first, 0.5);
  assert.is(sequence.ended, false);
  sequence.addTo(second, 0.5);

  assert.ok(first.subarray(0, 100).every((sample) => sample === 1050));
  assert.ok(first.subarray(100).every((sample) => sample === 1100));
  assert.ok(second.subarray(0, 40).every((sample) => sample === 1100));
  assert.ok(second.subarray(40).every((sample) => sample === 1000));
  assert.is(sequence.ended, true);
});

test('has ended at once when there is nothing to play', () => {
  assert.is(new ClipSequence([]).ended, true);
});

test.run();
