import type { Locator, Page } from 'playwright-core';

const MINUTE_MS = 60_000;

/** `YYYY-MM-DDTHH:mm` in Warsaw of the first whole minute that is at least `inMinutes` away. */
export function warsaw(inMinutes: number): string {
  const atMs = Math.ceil(Date.now() / MINUTE_MS + inMinutes) * MINUTE_MS;
  const style = { timeZone: 'Europe/Warsaw', dateStyle: 'short', timeStyle: 'short' } as const;
  // Sweden writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', style).format(atMs).replace(' ', 'T');
}

/** Fills in a start or an end. `local`: `YYYY-MM-DDTHH:mm`. */
export async function fillMoment(page: Page, field: 'start' | 'end', local: string): Promise<void> {
  const [date = '', time = ''] = local.split('T');
  await page.locator(`input[name="${field}-date"]`).fill(date);
  await page.locator(`input[name="${field}-time"]`).fill(time);
}

/** What stands in the fields of a start or an end now. */
export async function momentIn(page: Page, field: 'start' | 'end'): Promise<string> {
  const date = await page.locator(`input[name="${field}-date"]`).inputValue();
  return `${date}T${await page.locator(`input[name="${field}-time"]`).inputValue()}`;
}

/** The input for e-mail addresses, in either language. */
export function emailsField(page: Page): Locator {
  return page.getByRole('combobox', { name: /Adresy mailowe|E-mail addresses/u });
}

/** The input for mobile numbers, in either language. */
export function phonesField(page: Page): Locator {
  return page.getByRole('combobox', { name: /Numery telefonów|Mobile phone numbers/u });
}

/** Types recipients one by one, as people do. */
export async function addRecipients(field: Locator, recipients: readonly string[]): Promise<void> {
  for (const recipient of recipients) {
    await field.fill(recipient);
    await field.press('Enter');
  }
}
