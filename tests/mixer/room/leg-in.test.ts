import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isAbout, lastHeard, MixerStage, readPacket } from '../mixer-stage.ts';

// | 0 | level: 30, for −30 dBov | one reflection coefficient |, RFC 3389 §3.
const COMFORT_NOISE = { payloadType: 13, bytes: Uint8Array.of(30, 100) };

test('takes comfort noise for silence: nobody hears any, and a pause is not concealed (RFC 3389)', () => {
  const stage = new MixerStage();
  const [anna, bela, cyril] = stage.room('room', 'anna', 'bela', 'cyril');
  assert.ok(anna !== undefined && bela !== undefined && cyril !== undefined);
  stage.run(20, [bela, 4000]);
  assert.ok(isAbout(lastHeard(anna), 4000));

  for (let pause = 0; pause < 5; pause += 1) {
    stage.say(bela, COMFORT_NOISE);
    // What the peer leaves out is missing in its time stamps, not in its sequence numbers.
    bela.rtpTimestamp = (bela.rtpTimestamp + 9 * 160) >>> 0;
    stage.run(10);
  }

  const heard = [anna, cyril].flatMap((phone) => phone.got.slice(-50).map(readPacket));
  assert.ok(heard.every(({ samples }) => samples.every((sample) => Math.abs(sample) <= 8)));
});

test('lets those who send comfort noise share one frame, and hears them again when they speak', () => {
  const stage = new MixerStage();
  const [anna, bela, cyril, dora] = stage.room('room', 'anna', 'bela', 'cyril', 'dora');
  assert.ok(anna !== undefined && bela !== undefined && cyril !== undefined && dora !== undefined);
  stage.run(20, [anna, 1000], [bela, 2000], [cyril, 2000]);

  stage.say(bela, COMFORT_NOISE);
  stage.say(cyril, COMFORT_NOISE);
  stage.run(20, [anna, 1000]);
  const payloads = [bela, cyril, dora].map((phone) => readPacket(phone.got.at(-1)).samples);
  bela.rtpTimestamp = (bela.rtpTimestamp + 19 * 160) >>> 0;
  stage.run(10, [anna, 1000], [bela, 2000]);

  assert.equal(payloads[0], payloads[2]);
  assert.equal(payloads[1], payloads[2]);
  assert.ok(payloads[0]?.every((sample) => isAbout(sample, 1000)));
  assert.ok(isAbout(lastHeard(cyril), 3000), `${lastHeard(cyril)}`);
});

test.run();
