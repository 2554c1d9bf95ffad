import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OpusTuning } from '../../../mixer/room/opus-tuning.ts';
import { SharedFrame } from '../../../mixer/room/shared-frame.ts';
import { alawToLinear, mulawToLinear } from '../../support/g711.ts';

test('gives all listeners of a codec the same bytes, encoded once', () => {
  const shared = new SharedFrame(8000, new OpusTuning());
  shared.mix.fill(1000);
  shared.limit();

  const first = shared.encodedFor('PCMA');
  // Were it encoded again, this mark would be gone.
  first.bytes[0] = 1;
  const second = shared.encodedFor('PCMA');

  assert.is(second, first);
  assert.is(second.bytes[0], 1);
  assert.ok(Math.abs(alawToLinear(second.bytes[1] ?? 0) - 1000) < 32);
});

test('encodes for each codec apart, and anew in the next tick', () => {
  const shared = new SharedFrame(8000, new OpusTuning());
  shared.mix.fill(1000);
  shared.limit();
  const mulaw = mulawToLinear(shared.encodedFor('PCMU').bytes[0] ?? 0);
  const alaw = alawToLinear(shared.encodedFor('PCMA').bytes[0] ?? 0);

  shared.clear();
  assert.is(shared.isMixed, false);
  shared.mix.fill(-3000);
  shared.limit();

  assert.ok(Math.abs(mulaw - 1000) < 32);
  assert.ok(Math.abs(alaw - 1000) < 32);
  assert.ok(Math.abs(mulawToLinear(shared.encodedFor('PCMU').bytes[0] ?? 0) + 3000) < 100);
});

test.run();
