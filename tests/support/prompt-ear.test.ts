import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadClipBank } from '../../server/prompt/load-clips.ts';
import { alawToLinear, linearToAlaw } from './g711.ts';
import { PromptEar } from './prompt-ear.ts';
import { sine } from './tones.ts';

const bank = loadClipBank({ directory: null, sampleRateHz: 8000, log: { warn() {} } });
const samples = new Int16Array(bank.samples);
const names = Object.keys(bank.clips);
const ear = new PromptEar(bank);

function clip(name: string): Int16Array {
  const place = bank.clips[name];
  if (place === undefined) throw new Error(`there is no clip ${name}`);
  return samples.slice(place.offsetSamples, place.offsetSamples + place.lengthSamples);
}

function joined(...parts: readonly Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

function silence(durationMs: number): Int16Array {
  return new Int16Array(durationMs * 8);
}

/** What a phone makes of it: A-law, and a little quieter. */
function byPhone(audio: Int16Array): Int16Array {
  return audio.map((sample) => alawToLinear(linearToAlaw(Math.round(sample * 0.8))));
}

function isSameSound(one: string, other: string): boolean {
  return Buffer.from(clip(one).buffer).equals(Buffer.from(clip(other).buffer));
}

test('tells every recording from every other, through a telephone', () => {
  const wrong = names.filter((name) => {
    const heard = ear.hear(byPhone(joined(silence(333), clip(name), silence(500))));
    const [first] = heard;
    return heard.length !== 1 || first?.extent !== 'whole' || !isSameSound(first.clip, name);
  });

  assert.equal(wrong, []);
});

test('hears recordings that follow one another, in order', () => {
  const audio = joined(silence(200), clip('pl/welcome'), clip('pl/menu-join'), clip('pl/ask-pin'));

  const heard = ear.hear(byPhone(audio));

  assert.equal(
    heard.map((each) => [each.clip, each.extent]),
    [
      ['pl/welcome', 'whole'],
      ['pl/menu-join', 'whole'],
      ['pl/ask-pin', 'whole'],
    ],
  );
});

test('hears that a key has cut a recording short', () => {
  const audio = joined(silence(100), clip('pl/welcome').slice(0, 8000), silence(1000));

  const [heard, ...others] = ear.hear(byPhone(audio));

  assert.is(others.length, 0);
  assert.is(heard?.clip, 'pl/welcome');
  assert.is(heard?.extent, 'cut-short');
  assert.ok(Math.abs((heard?.heardMs ?? 0) - 1000) <= 50, String(heard?.heardMs));
  assert.ok(Math.abs((heard?.atMs ?? 0) - 100) <= 2, String(heard?.atMs));
});

test('hears a recording under a tone of half its level', () => {
  const spoken = clip('pl/room-locked');
  const tone = sine({ toneHz: 700, amplitude: 1500 }, spoken.length);

  const heard = ear.hear(byPhone(spoken.map((sample, index) => sample + (tone[index] ?? 0))));

  assert.equal(
    heard.map((each) => each.clip),
    ['pl/room-locked'],
  );
});

test('hears no recording in a tone, in silence and in nothing', () => {
  assert.equal(ear.hear(sine({ toneHz: 440, amplitude: 8000 }, 16_000)), []);
  assert.equal(ear.hear(silence(2000)), []);
  assert.equal(ear.hear(silence(0)), []);
});

test.run();
