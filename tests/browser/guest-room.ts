import type { Locator, Page } from 'playwright-core';
import type { StandingRoom } from './guest-crowd.ts';

/** How somebody goes in. */
export interface Entry {
  readonly name: string;
  readonly role?: 'participant' | 'moderator';
}

/** The room as the page shows it: the way of the audio stands and the list is up to date. */
const IN_ROOM = '[data-phase="in-room"][data-way="up"][data-feed="open"]';

/** Goes in by `/join` with number and PIN; comes back in the room. */
export async function enter(page: Page, room: StandingRoom, entry: Entry): Promise<void> {
  await page.goto('/join');
  await fillPin(page, room, entry.role ?? 'participant');
  await enterLobby(page, entry.name);
}

/** Number and PIN on the page `/join`. */
export async function fillPin(
  page: Page,
  { number, pin, adminPin }: StandingRoom,
  role: 'participant' | 'moderator',
): Promise<void> {
  await page.locator('[name=conference-number]').fill(number);
  await page.locator('[name=conference-pin]').fill(role === 'moderator' ? adminPin : pin);
}

/** From the lobby into the room; sound goes out as it is, as suppression of noise takes tones for noise. */
export async function enterLobby(page: Page, name: string): Promise<void> {
  await askToEnter(page, name);
  await untilInRoom(page);
}

/** The lobby to its last click. */
export async function askToEnter(page: Page, name: string): Promise<void> {
  await page.locator('[name=guest-name]').fill(name);
  await page.locator('[data-microphone=open]').waitFor();
  await page.locator('[data-microphone=open] summary').click();
  await page.locator('[data-microphone=open] .tick-box').check();
  await page.locator('[data-microphone=open]').waitFor();
  await page.locator('form button[type=submit]').click();
}

/** Waits until audio and list are there. */
export async function untilInRoom(page: Page): Promise<void> {
  await page.locator(IN_ROOM).waitFor();
}

/** Somebody's row in the list. */
export function personRow(page: Page, name: string): Locator {
  return page.locator('[data-person-id]').filter({
    has: page.locator('.people-name', { hasText: name }),
  });
}

/** Waits until somebody's row says `attribute` = `value`, such as `microphone` = `muted`. */
export async function untilShown(
  page: Page,
  name: string,
  [attribute, value]: readonly [string, string],
): Promise<void> {
  await personRow(page, name)
    .and(page.locator(`[data-${attribute}="${value}"]`))
    .waitFor();
}

/** Presses a button of the controls: `microphone`, `hand`, `keypad`, `devices` or `leave`. */
export async function control(page: Page, name: string): Promise<void> {
  await page.locator(`[data-control=${name}]`).click();
}
