import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BROWSER, greatestStep, OpusRoom, PHONE, rms, toneIn } from './opus-room.ts';
import type { Peer } from './opus-room.ts';

/** Whether a peer hears a tone of 6000, or not at all: 40 dB below it. */
function hears(peer: Peer, toneHz: number): 'yes' | 'no' | 'perhaps' {
  const amplitude = toneIn(peer.heard, toneHz, peer.heardRateHz);
  if (amplitude > 4000 && amplitude < 8000) return 'yes';
  return amplitude < 60 ? 'no' : 'perhaps';
}

test('lets browsers and telephones each hear exactly the others', () => {
  const room = new OpusRoom();
  const anna = room.join('anna', BROWSER, 440);
  const bela = room.join('bela', BROWSER, 700);
  const cyril = room.join('cyril', PHONE, 1100);
  const dora = room.join('dora', PHONE, 1700);
  const eva = room.join('eva', BROWSER);

  room.run(60);

  const tones = [440, 700, 1100, 1700];
  const heard = [anna, bela, cyril, dora, eva].map((peer) =>
    tones.map((tone) => hears(peer, tone)),
  );
  assert.equal(heard, [
    ['no', 'yes', 'yes', 'yes'],
    ['yes', 'no', 'yes', 'yes'],
    ['yes', 'yes', 'no', 'yes'],
    ['yes', 'yes', 'yes', 'no'],
    ['yes', 'yes', 'yes', 'yes'],
  ]);
});

test('encodes once for all browsers that only listen', () => {
  const room = new OpusRoom();
  room.join('anna', BROWSER, 440);
  const listeners = ['bela', 'cyril', 'dora'].map((name) => room.join(name, BROWSER));

  room.run(40);

  const payloads = listeners.map(({ got }) =>
    got.slice(-10).map((packet) => [...packet.slice(12)]),
  );
  assert.equal(payloads[1], payloads[0]);
  assert.equal(payloads[2], payloads[0]);
  assert.ok((payloads[0]?.[0]?.length ?? 0) > 20);

  const late = room.join('eva', BROWSER);
  room.run(1);
  assert.equal([...(late.got[0] ?? []).slice(12)], [...(listeners[0]?.got.at(-1) ?? []).slice(12)]);
});

test('keeps browsers out of the mix of telephones among themselves: not a sample changes', () => {
  const alone = new OpusRoom();
  const together = new OpusRoom();
  for (const room of [alone, together]) {
    room.join('anna', PHONE, 440);
    room.join('bela', PHONE, 700);
  }
  together.join('cyril', BROWSER);

  alone.run(50);
  together.run(50);

  for (const i of [0, 1]) assert.equal(together.peers[i]?.heard, alone.peers[i]?.heard);
});

test('lets legs of either kind come and go without a click for the others', () => {
  const room = new OpusRoom();
  const phone = room.join('anna', PHONE);
  const browser = room.join('bela', BROWSER);
  const speaker = room.join('cyril', PHONE, 300);
  // A tone of 6000 at 300 Hz moves by 1,414 in a sample at 8 kHz.
  room.run(50);

  for (const media of [BROWSER, PHONE, BROWSER]) {
    const guest = room.join('guest', media);
    room.run(10);
    room.leave(guest);
    room.run(10);
  }

  assert.ok(greatestStep(phone.heard, 60 * 160) < 1600, `${greatestStep(phone.heard, 60 * 160)}`);
  assert.ok(
    greatestStep(browser.heard, 60 * 960) < 400,
    `${greatestStep(browser.heard, 60 * 960)}`,
  );
  assert.is(hears(speaker, 300), 'no');
});

test('follows a leg from one codec to the other by re-offer', () => {
  const room = new OpusRoom();
  const anna = room.join('anna', PHONE, 440);
  const bela = room.join('bela', BROWSER, 700);
  room.run(50);

  anna.leg.update(BROWSER);
  room.run(3);
  anna.speakWith(BROWSER);
  room.run(60);
  const asBrowser = [hears(anna, 700), hears(anna, 440), hears(bela, 440)];
  anna.leg.update(PHONE);
  room.run(3);
  anna.speakWith(PHONE);
  room.run(60);

  assert.equal(asBrowser, ['yes', 'no', 'yes']);
  assert.equal([hears(anna, 700), hears(anna, 440), hears(bela, 440)], ['yes', 'no', 'yes']);
});

test('takes a peer that sends with another codec than it is sent, without its own voice', () => {
  const room = new OpusRoom();
  const anna = room.join('anna', BROWSER, 440);
  const bela = room.join('bela', BROWSER, 700);
  anna.speakWith(PHONE);

  room.run(60);

  assert.equal([hears(anna, 700), hears(anna, 440), hears(bela, 440)], ['yes', 'no', 'yes']);
});

test('plays to the whole room at each rate, but to one', () => {
  const room = new OpusRoom();
  const [anna, bela, cyril] = [
    room.join('anna', PHONE),
    room.join('bela', BROWSER),
    room.join('cyril', BROWSER),
  ];
  const clip = Int16Array.from({ length: 8000 }, (_, i) => 12_000 * Math.sin((i * Math.PI) / 8));
  room.run(5);

  room.mixer.prompts.play({ playId: 1, clips: [clip], exceptLegId: 'cyril', whenWaiting: 'each' });
  room.run(40);

  assert.equal(
    [anna, bela, cyril].map((peer) => hears(peer, 500)),
    ['yes', 'yes', 'no'],
  );
  room.run(60);
  assert.ok(rms(anna.heard, 960) < 10);
  assert.ok(rms(bela.heard, 960) < 10);
});

test('plays to one browser and nobody else', () => {
  const room = new OpusRoom();
  const [anna, bela] = [room.join('anna', BROWSER), room.join('bela', BROWSER)];
  const clip = Int16Array.from({ length: 8000 }, (_, i) => 6000 * Math.sin((i * Math.PI) / 8));
  room.run(5);

  anna.leg.play({ playId: 1, clips: [clip], interruptible: 'by-key' });
  room.run(40);

  assert.equal([hears(anna, 500), hears(bela, 500)], ['yes', 'no']);
});

test.run();
