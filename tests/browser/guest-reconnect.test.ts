// run: alone, limit: 400 s
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { interopTest } from '../support/interop.ts';
import { startKonfa } from '../support/konfa-process.ts';
import type { PhoneCall } from '../support/phone-call.ts';
import { pause } from '../support/phone-media.ts';
import { guestScenes, withCrowd } from './guest-crowd.ts';
import type { Crowd, StandingRoom } from './guest-crowd.ts';
import { callsMade, cutSockets, inboundAudio, serverUfrag } from './guest-ear.ts';
import { control, enter, personRow, untilInRoom, untilShown } from './guest-room.ts';
import { until } from './until.ts';

const PINS = { pin: '12345', adminPin: '7654321' };
const RESTART: StandingRoom = { number: '70001', ...PINS };
const SOCKET: StandingRoom = { number: '70002', ...PINS };
const CUT: StandingRoom = { number: '70003', ...PINS };
const CRASH: StandingRoom = { number: '70004', ...PINS };

const scene = guestScenes(test, { permanentRooms: [RESTART, SOCKET, CUT] });

/** Louder than what is left of silence in G.711. */
const AUDIBLE = 64;

/** Whether a phone has heard anything since a moment of its tape. */
function hasHeard({ media }: PhoneCall, sinceMs: number): boolean {
  return media.tape.between(sinceMs).some((sample) => Math.abs(sample) > AUDIBLE);
}

/** Waits until a phone has heard nothing for a second. */
async function untilQuiet(phone: PhoneCall): Promise<void> {
  await until('the phone hears nothing', () => {
    const { durationMs } = phone.media.tape;
    return durationMs > 3000 && !hasHeard(phone, durationMs - 1000) ? 'quiet' : null;
  });
}

interface Seated {
  readonly page: Page;
  readonly watcher: Page;
  readonly phone: PhoneCall;
}

/** A moderator who has muted herself; somebody who watches her; and a phone that hears whatever is to be heard. */
async function seated(crowd: Crowd, room: StandingRoom): Promise<Seated> {
  const phone = await crowd.phone('501234567', room);
  const [watcher, anna] = await Promise.all([crowd.guest(), crowd.guest()]);
  await enter(watcher.page, room, { name: 'Bartek' });
  await untilQuiet(phone);
  const beforeMs = phone.media.tape.durationMs;
  await enter(anna.page, room, { name: 'Anna', role: 'moderator' });
  await until('the phone hears that somebody came', () =>
    hasHeard(phone, beforeMs) ? 'heard' : null,
  );
  await control(anna.page, 'microphone');
  await untilShown(watcher.page, 'Anna', ['microphone', 'muted']);
  await untilQuiet(phone);
  return { page: anna.page, watcher: watcher.page, phone };
}

/** Anna is where she was, as what she was, and nobody heard a thing. */
async function assertSameSeat({ page, watcher, phone }: Seated, before: Before): Promise<void> {
  await untilInRoom(page);
  await untilShown(watcher, 'Anna', ['presence', 'here']);
  for (const from of [page, watcher]) {
    const row = personRow(from, 'Anna');
    assert.is(await row.getAttribute('data-person-id'), before.personId);
    assert.is(await row.getAttribute('data-role'), 'moderator');
    assert.is(await row.getAttribute('data-microphone'), 'muted');
  }
  assert.is(await page.locator('.room').getAttribute('data-microphone'), 'muted');
  // Whatever were said would begin by then.
  await pause(1000);
  assert.not.ok(hasHeard(phone, before.tapeMs), 'the phone heard something');
}

interface Before {
  readonly personId: string | null;
  readonly tapeMs: number;
}

async function before({ page, phone }: Seated): Promise<Before> {
  const personId = await personRow(page, 'Anna').getAttribute('data-person-id');
  return { personId, tapeMs: phone.media.tape.durationMs };
}

/** The browser's own samples; 48 of them are 1 ms. */
const MOST_CONCEALED_MS = 500;

scene('a network that changes is followed by an ICE restart within the call', async (_, crowd) => {
  const [anna, bartek] = await Promise.all([crowd.guest(), crowd.guest({ toneHz: 700 })]);
  await enter(bartek.page, RESTART, { name: 'Bartek' });
  await enter(anna.page, RESTART, { name: 'Anna' });
  const { page } = anna;
  await until('Anna receives', async () =>
    (await inboundAudio(page)).totalSamplesReceived > 96_000 ? 'received' : null,
  );
  const ufrag = await serverUfrag(page);
  const earlier = await inboundAudio(page);

  await page.evaluate(`dispatchEvent(new Event('online'))`);
  await until('new ICE credentials', async () =>
    (await serverUfrag(page)) === ufrag ? null : 'new',
  );
  await untilInRoom(page);
  await until('two more seconds are received', async () => {
    const { totalSamplesReceived } = await inboundAudio(page);
    return totalSamplesReceived > earlier.totalSamplesReceived + 96_000 ? 'received' : null;
  });

  const later = await inboundAudio(page);
  const concealedMs = Math.round((later.concealedSamples - earlier.concealedSamples) / 48);
  const lost = later.packetsLost - earlier.packetsLost;
  console.log(`around an ICE restart: ${concealedMs} ms concealed, ${lost} packets lost`);
  assert.is(await callsMade(page), 1);
  assert.ok(concealedMs <= MOST_CONCEALED_MS, `${concealedMs} ms were concealed`);
});

scene('a WebSocket that breaks brings a new call into the same seat', async (_, crowd) => {
  const all = await seated(crowd, SOCKET);
  for (const [path, calls] of [
    ['/sip', 2],
    ['/live', 2],
  ] as const) {
    const then = await before(all);
    const broken = all.page
      .locator('[data-notice=reconnecting], [data-notice=feed-lost]')
      .waitFor();
    await cutSockets(all.page, path);
    await broken;
    await assertSameSeat(all, then);
    assert.is(await callsMade(all.page), calls);
  }
});

scene('a few seconds without network end in the same seat', async (_, crowd) => {
  const all = await seated(crowd, CUT);
  const then = await before(all);
  const wire = await all.page.context().newCDPSession(all.page);
  const network = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
  await wire.send('Network.enable');
  await wire.send('Network.emulateNetworkConditions', { ...network, offline: true });
  await cutSockets(all.page, '/sip');
  await cutSockets(all.page, '/live');

  await all.page.locator('[data-notice=reconnecting]').waitFor();
  await untilShown(all.watcher, 'Anna', ['presence', 'away']);
  await all.page.getByText(/\((?:[5-9]|1\d) s\)/u).waitFor();
  await wire.send('Network.emulateNetworkConditions', { ...network, offline: false });

  await assertSameSeat(all, then);
  // The browser told of each try that failed.
  const complaints = crowd.complaints.splice(0);
  assert.ok(complaints.every((complaint) => complaint.includes('ERR_INTERNET_DISCONNECTED')));
});

interopTest(test, ['chromium'])(
  'a media worker that crashes costs a break, and no seat',
  async () => {
    const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
    const ending = new URL('./guest-worker-end.ts', import.meta.url).href;
    const konfa = await startKonfa({
      config: { permanentRooms: [CRASH], log: { level: 'warn' }, media: { workers: 2 } },
      program: ['--import', 'tsx', '--import', ending, file('../../server/main.ts')],
    });
    try {
      await withCrowd(konfa, async (crowd) => {
        const [watcher, anna] = await Promise.all([crowd.guest(), crowd.guest()]);
        await enter(watcher.page, CRASH, { name: 'Bartek' });
        await enter(anna.page, CRASH, { name: 'Anna', role: 'moderator' });
        await control(anna.page, 'microphone');
        await untilShown(watcher.page, 'Anna', ['microphone', 'muted']);
        const row = personRow(anna.page, 'Anna');
        const personId = await row.getAttribute('data-person-id');
        const broken = Promise.all(
          [anna, watcher].map(({ page }) => page.locator('[data-notice=reconnecting]').waitFor()),
        );
        const brokenAtMs = performance.now();

        process.kill(konfa.pid, 'SIGUSR2');
        await broken;
        for (const { page } of [anna, watcher]) await untilInRoom(page);

        console.log(`back after ${Math.round(performance.now() - brokenAtMs)} ms`);
        await untilShown(watcher.page, 'Anna', ['presence', 'here']);
        assert.is(await row.getAttribute('data-person-id'), personId);
        assert.is(await row.getAttribute('data-role'), 'moderator');
        assert.is(await row.getAttribute('data-microphone'), 'muted');
        assert.is(await watcher.page.locator('[data-person-id]').count(), 2);
      });
    } finally {
      assert.is(await konfa.stop(), 0);
    }
    assert.match(konfa.output(), 'a media worker has crashed');
  },
);

test.run();
