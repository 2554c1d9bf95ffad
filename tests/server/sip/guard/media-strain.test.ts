import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MediaStrain } from '../../../../server/sip/guard/media-strain.ts';

test('takes a worker that says nothing any more for calm', () => {
  const strain = new MediaStrain();
  strain.told(0, 90, { legs: 10, atMs: 100 });

  assert.is(strain.percent(10, 400), 90);
  assert.is(strain.percent(10, 401), 0);
});

test('judges by the busiest worker', () => {
  const strain = new MediaStrain();
  for (const atMs of [0, 100]) {
    strain.told(0, 60, { legs: 10, atMs });
    strain.told(1, 80, { legs: 10, atMs });
  }

  assert.is(strain.percent(10, 100), 80);
});

test('expects calls that have just come to cost what those before them cost', () => {
  const strain = new MediaStrain();
  for (const atMs of [0, 100]) strain.told(0, 60, { legs: 100, atMs });

  assert.is(strain.percent(100, 100), 60);
  assert.is(strain.percent(120, 150), 72);
  assert.is(strain.percent(80, 150), 60, 'what has gone shows soon enough');
  assert.is(strain.percent(900, 150), 100, 'there is no more than all of the time');
});

test('expects nothing by legs of long ago', () => {
  const strain = new MediaStrain();
  strain.told(0, 60, { legs: 100, atMs: 0 });

  strain.told(0, 60, { legs: 120, atMs: 10_000 });

  assert.is(strain.percent(120, 10_000), 60);
});

test('expects nothing by a few legs, as most of the work is not theirs', () => {
  const strain = new MediaStrain();
  for (const atMs of [0, 100]) strain.told(0, 60, { legs: 5, atMs });

  assert.is(strain.percent(10, 100), 60);
});

test.run();
