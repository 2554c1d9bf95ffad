import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { composeSound } from '../../../server/prompt/compose-sound.ts';
import { toneLevelDb } from '../../support/tones.ts';

const RATE_HZ = 16_000;

const music = composeSound('music');

function levelDbov(samples: Int16Array): number {
  const power = samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length;
  return 10 * Math.log10(power / 32_768 ** 2);
}

test('composes the same at every run', () => {
  assert.ok(Buffer.from(composeSound('music').buffer).equals(Buffer.from(music.buffer)));
  assert.equal(composeSound('tone-enter'), composeSound('tone-enter'));
});

test('rises for who comes and falls for who leaves, softly and shortly', () => {
  for (const [name, firstHz, secondHz] of [
    ['tone-enter', 622.25, 830.61],
    ['tone-leave', 830.61, 622.25],
  ] as const) {
    const tone = composeSound(name);
    const half = tone.length / 2;

    assert.ok(tone.length >= 0.15 * RATE_HZ && tone.length <= 0.25 * RATE_HZ);
    assert.ok(levelDbov(tone) < -25 && levelDbov(tone) > -27);
    const start = tone.subarray(0, half);
    const end = tone.subarray(half);
    assert.ok(toneLevelDb(start, firstHz, RATE_HZ) > toneLevelDb(start, secondHz, RATE_HZ) + 6);
    assert.ok(toneLevelDb(end, secondHz, RATE_HZ) > toneLevelDb(end, firstHz, RATE_HZ) + 6);
    assert.is(tone[0], 0);
    assert.ok(Math.abs(tone.at(-1) ?? 0) < 20);
  }
});

test('plays music for 12 to 20 s at −24 dBov, well below full scale', () => {
  assert.ok(music.length >= 12 * RATE_HZ && music.length <= 20 * RATE_HZ);
  assert.ok(Math.abs(levelDbov(music) + 24) < 0.1);
  assert.ok(music.every((sample) => Math.abs(sample) < 16_000));
});

test('joins the end of the music to its beginning without a click', () => {
  const seam = [...music.subarray(-200), ...music.subarray(0, 200)];

  const bend = (at: number): number =>
    Math.abs((seam[at + 1] ?? 0) - 2 * (seam[at] ?? 0) + (seam[at - 1] ?? 0));
  const elsewhere = Math.max(...Array.from({ length: 150 }, (_, at) => bend(at + 2)));

  assert.ok(bend(199) <= elsewhere * 1.5, `${bend(199)} against ${elsewhere}`);
  assert.ok(bend(200) <= elsewhere * 1.5, `${bend(200)} against ${elsewhere}`);
});

test('keeps the music inside the band of a telephone', () => {
  // The lowest note of each bar's chord: D4, B3, G3, A3.
  for (const [index, lowestHz] of [293.66, 246.94, 196, 220].entries()) {
    const bar = music.subarray(index * 4 * RATE_HZ, (index + 1) * 4 * RATE_HZ);
    assert.ok(toneLevelDb(bar, lowestHz, RATE_HZ) > -45, `${lowestHz} Hz in bar ${index}`);
    for (let hz = 3400; hz < 8000; hz += 200) {
      assert.ok(toneLevelDb(bar, hz, RATE_HZ) < -70, `${hz} Hz in bar ${index}`);
    }
  }
});

test.run();
