import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';

/** A file that the browser saved. */
export interface Downloaded {
  readonly name: string;
  readonly text: string;
}

/** Clicks what saves a file, and reads it. */
export async function download(page: Page, link: Locator): Promise<Downloaded> {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}
