// run: alone, limit: 120 s
import type { CDPSession, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { organiser, reserve } from './organiser.ts';
import { scenes } from './stage.ts';

const scene = scenes(test);

const MOST_BYTES = 150_000;

/** Bytes that came over the wire, heads of answers included, while `work` was done. */
async function bytesOf(page: Page, work: () => Promise<void>): Promise<number> {
  const wire: CDPSession = await page.context().newCDPSession(page);
  let bytes = 0;
  wire.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await wire.send('Network.enable');
  await work();
  await page.waitForLoadState('networkidle');
  await wire.detach();
  return bytes;
}

scene('the first load is no more than 150 kB over the wire', async (stage) => {
  const { page } = await stage.visitor();
  const login = await bytesOf(page, async () => {
    await page.goto('/login');
    await page.getByRole('heading', { name: 'Zaloguj się' }).waitFor();
  });
  assert.ok(login > 5000 && login <= MOST_BYTES, `the login takes ${login} bytes`);

  const anna = await organiser(stage, 'anna@example.com');
  const list = await bytesOf(anna.page, async () => {
    await anna.page.goto('/conferences');
    await anna.page.getByText('Nie masz jeszcze żadnej konferencji').waitFor();
  });
  const form = await bytesOf(anna.page, async () => {
    await anna.page.getByRole('link', { name: 'Dodaj konferencję' }).first().click();
    await anna.page.getByRole('heading', { name: 'Nowa konferencja' }).waitFor();
  });
  console.log(`over the wire: login ${login} B, list ${list} B, and the form ${form} B more`);
  assert.ok(list + form <= MOST_BYTES, `the list takes ${list} bytes and the form ${form} more`);
});

const MOST_BYTES_OF_ROOM = 200_000;

scene('the page of a link is no more than 200 kB, the code of calls included', async (stage) => {
  const owner = await organiser(stage, 'ewa@example.com');
  const { joinUrl } = await reserve(owner, 60);
  const { page } = await stage.visitor();
  const invitation = await bytesOf(page, async () => {
    await page.goto(new URL(joinUrl).pathname);
    await page.locator('[data-join=browser]').waitFor();
  });
  const calls = await bytesOf(page, async () => {
    // The lobby fetches what calls need while a name is typed.
    const code = page.waitForResponse((response) => /\/call-[^/]+\.js$/u.test(response.url()));
    await page.locator('[data-join=browser]').click();
    await code;
  });
  console.log(`over the wire: a link ${invitation} B, and the room with sip.js ${calls} B more`);
  assert.ok(invitation > 5000 && calls > 5000);
  assert.ok(invitation + calls <= MOST_BYTES_OF_ROOM, `${invitation} and ${calls} bytes`);
});

scene('a second visit asks for no file that it has', async (stage) => {
  const { page } = await stage.visitor();
  await page.goto('/login');
  await page.getByRole('heading', { name: 'Zaloguj się' }).waitFor();
  const again = await bytesOf(page, async () => {
    await page.goto('/login');
    await page.getByRole('heading', { name: 'Zaloguj się' }).waitFor();
  });
  assert.ok(again < 10_000, `coming back takes ${again} bytes`);
});

test.run();
