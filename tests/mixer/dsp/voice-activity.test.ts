import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { VoiceActivity } from '../../../mixer/dsp/voice-activity.ts';

/** Feeds one level for a number of frames; how many of them were speech. */
function feed(voice: VoiceActivity, levelDbov: number, frames: number): number {
  let speech = 0;
  for (let i = 0; i < frames; i += 1) if (voice.frame(levelDbov) === 'speech') speech += 1;
  return speech;
}

for (const noiseDbov of [-127, -75, -65, -50]) {
  test(`hears speech within 60 ms over a floor of ${String(noiseDbov)} dBov`, () => {
    const voice = new VoiceActivity();
    feed(voice, noiseDbov, 500);
    assert.is(voice.activity, 'quiet');

    const level = Math.max(noiseDbov + 20, -50);
    let frames = 0;
    while (voice.frame(level) === 'quiet' && frames < 50) frames += 1;

    assert.ok((frames + 1) * 20 <= 60, `${String(frames)} frames`);
  });
}

test('does not take one click for speech', () => {
  const voice = new VoiceActivity();
  feed(voice, -70, 100);

  assert.is(feed(voice, -10, 1) + feed(voice, -70, 50), 0);
});

test('bridges pauses of 300 ms and ends 400 ms after the last word', () => {
  const voice = new VoiceActivity();
  feed(voice, -70, 100);
  feed(voice, -20, 30);

  assert.is(feed(voice, -70, 15), 15);
  feed(voice, -20, 10);
  const hangover = feed(voice, -70, 100);

  assert.ok(hangover >= 19 && hangover <= 20, String(hangover));
});

test('gets used to noise that stays below −50 dBov', () => {
  const voice = new VoiceActivity();
  feed(voice, -70, 100);

  feed(voice, -52, 500);

  assert.is(feed(voice, -52, 100), 0);
});

test('hears somebody who talks for a minute without a pause to the end', () => {
  const voice = new VoiceActivity();
  feed(voice, -70, 50);
  feed(voice, -25, 2);

  assert.is(feed(voice, -25, 3000), 3000);
});

test('does not take the silence of a muted phone for its noise floor', () => {
  const voice = new VoiceActivity();
  feed(voice, -60, 200);
  const floorDbov = voice.floorDbov;

  feed(voice, -127, 20);

  assert.ok(Math.abs(voice.floorDbov - floorDbov) < 1);
  assert.is(feed(voice, -60, 50), 0);
});

test.run();
