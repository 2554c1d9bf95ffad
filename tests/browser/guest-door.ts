import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { axeFindings } from './axe.ts';
import { shoot } from './shoot.ts';

/** A page that somebody stands before, and what it must say. */
export interface Door {
  /** Of the pictures. */
  readonly name: string;
  /** What must be there before anything is judged. */
  readonly shows: string;
  readonly pl: RegExp;
  readonly en: RegExp;
}

const LANGUAGES = { en: 'English', pl: 'Polski' } as const;
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 740 };

/** Holds a page to what every page is held to: its words in both languages, axe, a small screen; pictures are kept. */
export async function assertDoor(page: Page, door: Door): Promise<void> {
  await page.locator(door.shows).first().waitFor();
  const faults: string[] = [];
  for (const language of ['en', 'pl'] as const) {
    await page.setViewportSize(DESK);
    await page.getByRole('button', { name: LANGUAGES[language] }).first().click();
    await page.locator(`html[lang=${language}]`).waitFor({ state: 'attached' });
    assert.match(await page.locator(door.shows).first().innerText(), door[language]);
    faults.push(...(await axeFindings(page, 'all')));
    await shoot(page, `door-${door.name}-${language}-1280`);
    await page.setViewportSize(PHONE);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    if (width > PHONE.width) faults.push(`${language}: ${width} px wide`);
    faults.push(...(await axeFindings(page, 'targets')));
    await shoot(page, `door-${door.name}-${language}-360`);
  }
  await page.setViewportSize(DESK);
  assert.equal(faults, [], door.name);
}

/** Why somebody is not, or no longer, in a room: `code` as the server says it. */
export function refusal(code: string, { pl, en }: Pick<Door, 'pl' | 'en'>): Door {
  return { name: code, shows: `[data-refusal="${code}"]`, pl, en };
}
