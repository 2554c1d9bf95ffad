// run: alone, limit: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../browser/until.ts';
import { interopTest } from '../support/interop.ts';
import { startKonfa } from '../support/konfa-process.ts';
import { FIREFOX_HZ, startFirefox } from './firefox-guest.ts';
import type { FirefoxGuest } from './firefox-guest.ts';
import { startListener } from './firefox-listener.ts';
import type { Listener } from './firefox-listener.ts';

const interop = interopTest(test, ['firefox-esr']);

const ROOM = { number: '70001', pin: '12345', adminPin: '7654321' };
const LISTENER = { number: ROOM.number, pin: ROOM.pin, name: 'Listener', toneHz: 600 };
const FIREFOX = { number: ROOM.number, pin: ROOM.pin, name: 'Firefox' };
/** A tone that is there is louder than what is near it by at least so much. */
const CLEAR_DB = 30;
const PATIENCE_MS = 40_000;

/** Firefox hears the other one, and neither itself nor anything else. */
async function untilFirefoxHears(firefox: FirefoxGuest): Promise<void> {
  await until(
    'Firefox hears the other tone',
    async () => {
      const [tone = 0, own = 0, other = 0] = await firefox.heardDb([600, FIREFOX_HZ, 1700]);
      return tone > Math.max(own, other) + CLEAR_DB ? true : null;
    },
    PATIENCE_MS,
  );
}

async function untilListenerHears(listener: Listener): Promise<void> {
  await until(
    "the other one hears Firefox's tone",
    () =>
      listener.heardDb(FIREFOX_HZ) > Math.max(listener.heardDb(600), -60) + CLEAR_DB ? true : null,
    PATIENCE_MS,
  );
}

async function play(firefox: FirefoxGuest, listener: Listener): Promise<void> {
  const { page } = firefox;
  await firefox.join(FIREFOX);
  await untilListenerHears(listener);
  await untilFirefoxHears(firefox);
  assert.is(listener.person(FIREFOX.name)?.microphone, 'live');
  assert.is(listener.person(FIREFOX.name)?.kind, 'browser');

  await page.click('[data-control=microphone]');
  await until('the others see the mute', () =>
    listener.person(FIREFOX.name)?.microphone === 'muted' ? true : null,
  );
  await until('nothing comes from Firefox', () =>
    listener.heardDb(FIREFOX_HZ) < -90 ? true : null,
  );
  await untilFirefoxHears(firefox);

  await page.click('[data-control=microphone]');
  await until('the others see that it speaks again', () =>
    listener.person(FIREFOX.name)?.microphone === 'live' ? true : null,
  );
  await untilListenerHears(listener);

  await page.click('[data-control=leave]');
  await page.waitForSelector('[data-refusal=left]');
  await until('the others see it leave', () =>
    listener.person(FIREFOX.name) === null ? true : null,
  );
  assert.equal(firefox.complaints, []);
}

interop('Firefox joins by the page, hears and is heard, mutes, and leaves', async () => {
  const konfa = await startKonfa({ config: { permanentRooms: [ROOM], log: { level: 'info' } } });
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const firefox = await startFirefox(konfa.url);
    closers.push(() => firefox.close());
    const listener = await startListener(konfa.url, LISTENER);
    closers.push(() => listener.hangUp());
    await play(firefox, listener);
  } finally {
    await Promise.allSettled(closers.map((close) => close()));
    assert.is(await konfa.stop(), 0);
  }
  assert.not.match(konfa.output(), '"level":"error"');
});

test.run();
