import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { alawToLinear, linearToAlaw, linearToMulaw, mulawToLinear } from './g711.ts';
import { clipsOf, ear } from './sim-ear.ts';
import { simClips } from './sim-world.ts';

const bank = simClips();
const all = new Int16Array(bank.samples);

function clip(name: string): Int16Array {
  const { offsetSamples, lengthSamples } = bank.clips[name] ?? {
    offsetSamples: 0,
    lengthSamples: 0,
  };
  return all.subarray(offsetSamples, offsetSamples + lengthSamples);
}

/** What a phone hears of these recordings played after one another, from `atFrame` on. */
function tape(
  names: readonly string[],
  how: { readonly gain?: number; readonly codec?: 'PCMA' | 'PCMU'; readonly atFrame?: number } = {},
): Int16Array {
  const { gain = 1, codec = 'PCMA', atFrame = 7 } = how;
  const played = names.flatMap((name) => Array.from(clip(name)));
  const silence = Array.from({ length: atFrame * 160 }, () => 0);
  return Int16Array.from([...silence, ...played, ...silence], (sample) => {
    const scaled = Math.round(sample * gain);
    return codec === 'PCMA'
      ? alawToLinear(linearToAlaw(scaled))
      : mulawToLinear(linearToMulaw(scaled));
  });
}

test('every recording of both languages is told from all others', () => {
  for (const name of ear().names) {
    const heard = ear().listen(tape([name]));

    assert.equal(heard, [{ clip: name, atMs: 140, share: 'whole' }], name);
  }
});

test('recordings under the speech of a room, and in the other codec, are recognised too', () => {
  const names = ear().names.filter((_, index) => index % 12 === 0);
  for (const name of names) {
    const heard = ear().listen(tape([name], { gain: 0.5, codec: 'PCMU' }));

    assert.equal(
      heard.map((each) => each.clip),
      [name],
    );
  }
});

test('recordings that follow each other to the sample are heard in order', () => {
  const startAtMs = Date.UTC(2026, 2, 23, 13, 36);
  for (const language of ['pl', 'en'] as const) {
    const names = clipsOf(
      [
        { say: 'too-early-may-wait', startAtMs, zone: 'Europe/Warsaw' },
        { say: 'entered-with', others: 29 },
        { say: 'room-created', number: '90817' },
        { say: 'help-moderator' },
      ],
      language,
    );

    const heard = ear().listen(tape(names));

    assert.equal(
      heard.map((each) => each.clip),
      names,
    );
    assert.ok(heard.every((each) => each.share === 'whole'));
  }
});

test('a recording that a key cuts short is reported as cut, and the next one is heard', () => {
  for (const [cutName, next] of [
    ['en/ask-number', 'en/ask-pin'],
    ['pl/menu-join', 'pl/ask-number'],
  ] as const) {
    const cut = tape([cutName]).slice(0, 160 * (7 + 50));
    const heard = ear().listen(Int16Array.from([...cut, ...tape([next], { atFrame: 5 })]));

    assert.equal(
      heard.map(({ clip: name, share }) => ({ name, share })),
      [
        { name: cutName, share: 'cut' },
        { name: next, share: 'whole' },
      ],
    );
  }
});

test('nothing is heard in a tone, in noise and in a prompt that is too short to tell', () => {
  let seed = 1;
  const noise = Int16Array.from({ length: 16_000 }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return (seed % 8000) - 4000;
  });
  const sine = Int16Array.from({ length: 16_000 }, (_, index) =>
    Math.round(8000 * Math.sin((2 * Math.PI * 500 * index) / 8000)),
  );

  assert.equal(ear().listen(noise), []);
  assert.equal(ear().listen(sine), []);
  assert.equal(ear().listen(tape(['en/ask-pin']).slice(0, 160 * 10)), []);
});

test('music on hold is known by any 20 ms of it, and nothing else is music', () => {
  const music = clip('music');
  const coded = Int16Array.from(music, (sample) => alawToLinear(linearToAlaw(sample)));

  assert.ok(ear().isMusic(coded.subarray(12_345, 12_505)));
  assert.ok(ear().isMusic(coded.subarray(40_000, 40_160)));
  assert.not.ok(ear().isMusic(clip('en/welcome').subarray(4000, 4160)));
  assert.not.ok(ear().isMusic(new Int16Array(160)));
});

test.run();
