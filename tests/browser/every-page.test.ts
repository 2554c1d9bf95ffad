// run: alone, limit: 400 s
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { axeFindings } from './axe.ts';
import {
  ADMINISTRATOR_PAGES,
  EMPTY_PAGES,
  goTo,
  organiserPages,
  publicPages,
} from './every-page.ts';
import type { PanelPage } from './every-page.ts';
import { furnish } from './furnish.ts';
import { administrator, organiser, rest } from './organiser.ts';
import { overflowOf } from './overflow.ts';
import type { Visitor } from './visitor.ts';
import { shoot } from './shoot.ts';
import { scenes } from './stage.ts';
import type { Stage } from './stage.ts';

const scene = scenes(test, { rooms: { earlyEntryMinutes: 120 } });

const DESK = { width: 1280, height: 800 };
const PHONES = [
  { width: 320, height: 640 },
  { width: 360, height: 740 },
];
/** Of these a picture in the dark is kept too. */
const DARK_PICTURES = ['login', 'list', 'form', 'details', 'booked', 'help'];

/** Everything that is held against a page, in words. */
async function faultsOf(
  page: Page,
  one: PanelPage,
  language: 'pl' | 'en',
): Promise<readonly string[]> {
  const faults: string[] = [];
  const found = (where: string, what: readonly string[]): void => {
    faults.push(...what.map((fault) => `${one.name} ${language} ${where}: ${fault}`));
  };
  await page.setViewportSize(DESK);
  await page.emulateMedia({ colorScheme: 'light' });
  await goTo(page, one);
  found('light', await axeFindings(page, 'all'));
  const spoken = await page.evaluate<string>('document.documentElement.lang');
  if (spoken !== language) found('lang', [spoken]);
  await shoot(page, `${one.name}-${language}-1280`);
  await page.emulateMedia({ colorScheme: 'dark' });
  found('dark', await axeFindings(page, 'colours'));
  if (DARK_PICTURES.includes(one.name)) await shoot(page, `${one.name}-${language}-1280-dark`);
  await page.emulateMedia({ colorScheme: 'light' });
  for (const size of PHONES) {
    await page.setViewportSize(size);
    found(`at ${size.width} px`, await overflowOf(page));
  }
  found('at 360 px', await axeFindings(page, 'targets'));
  await shoot(page, `${one.name}-${language}-360`);
  return faults;
}

async function inspect(
  { page }: Visitor,
  pages: readonly PanelPage[],
  language: 'pl' | 'en',
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const one of pages) faults.push(...(await faultsOf(page, one, language)));
  return faults;
}

/** All pages of all roles in one language. */
async function inspectAll(stage: Stage, language: 'pl' | 'en'): Promise<readonly string[]> {
  const beginner = await organiser(stage, `${language}-beginner@example.com`, { language });
  const owner = await organiser(stage, `${language}@example.com`, { language });
  const guest = await stage.visitor({ language });
  const furnished = await furnish(owner, language);
  return [
    ...(await inspect(guest, publicPages(furnished), language)),
    ...(await inspect(beginner, EMPTY_PAGES, language)),
    ...(await inspect(owner, organiserPages(furnished), language)),
  ];
}

scene('every page can be used by everybody, on any screen, in both languages', async (stage) => {
  const faults = await Promise.all([inspectAll(stage, 'pl'), inspectAll(stage, 'en')]);
  assert.equal(faults.flat(), []);
});

scene('the pages of administrators too', async (stage) => {
  const ewa = await administrator(stage, 'administrator@example.com');
  for (const language of ['pl', 'en'] as const) {
    await rest(ewa, { method: 'PATCH', path: '/account', data: { language } });
    assert.equal(await inspect(ewa, ADMINISTRATOR_PAGES, language), []);
  }
});

test.run();
