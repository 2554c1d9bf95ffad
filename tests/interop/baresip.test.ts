// run: alone, limit: 120 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { interopTest } from '../support/interop.ts';
import { startKonfa } from '../support/konfa-process.ts';
import { pause } from '../support/phone-media.ts';
import { steadyToneLevelDb } from '../support/tones.ts';
import { startBaresip } from './baresip-phone.ts';

const interop = interopTest(test, ['baresip']);

const ROOM = { number: '55501', pin: '13572', adminPin: '8642097', name: 'interop' };
const TONES_HZ = [440, 700, 1130];
/** Level of the tone that each phone sends: amplitude 8000 of 32768. */
const SENT_DB = 20 * Math.log10(8000 / 32_768);
const LISTEN_MS = 4000;

interop('three phones in one room hear each other and not themselves', async () => {
  const konfa = await startKonfa({ config: { permanentRooms: [ROOM], log: { level: 'warn' } } });
  try {
    const phones = await Promise.all(
      TONES_HZ.map((toneHz) => startBaresip({ serverPort: konfa.sipPort, toneHz })),
    );
    for (const phone of phones) {
      await phone.dial('908');
      await phone.press('1');
      await phone.press(`${ROOM.number}#`);
      await phone.press(`${ROOM.pin}#`);
    }
    // What the last one is told on entering has been said by then.
    await pause(LISTEN_MS + 6000);
    const heard = await Promise.all(phones.map((phone) => phone.hangUp()));

    heard.forEach((audio, listener) => {
      // The last half second is left out: the others hang up at about the same time.
      const stretch = audio.slice(-8 * (LISTEN_MS + 500), -8 * 500);
      TONES_HZ.forEach((toneHz, talker) => {
        const levelDb = steadyToneLevelDb(stretch, toneHz);
        const said = `phone ${listener} hears phone ${talker} at ${levelDb.toFixed(1)} dB`;
        if (talker === listener) assert.ok(levelDb < SENT_DB - 40, said);
        else assert.ok(Math.abs(levelDb - SENT_DB) < 1, said);
      });
    });
  } finally {
    assert.is(await konfa.stop(), 0);
  }
});

test.run();
