import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const folder = fileURLToPath(new URL('../../build/screenshots/', import.meta.url));

/** Takes a picture of the whole page into `build/screenshots/NAME.png`, to be looked at by people. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const before = page.viewportSize();
  // What stays at the edge of the screen belongs where it is when all of the page is in sight.
  if (before !== null) {
    const height = await page.evaluate<number>('document.documentElement.scrollHeight');
    await page.setViewportSize({ ...before, height: Math.max(before.height, height) });
  }
  await page.screenshot({ path: join(folder, `${name}.png`) });
  if (before !== null) await page.setViewportSize(before);
}
