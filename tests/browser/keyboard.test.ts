// run: alone, limit: 120 s
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { momentIn } from './booking-form.ts';
import { organiser, PASSWORD } from './organiser.ts';
import { scenes } from './stage.ts';
import { until } from './until.ts';

const scene = scenes(test, { notices: { shortNotice: 'at-booking' } });

const MOST_STEPS = 60;

/** What has the focus: its accessible name as far as a sighted person would know it too. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  if (element === document.body) return '';
  const label = element.labels?.[0]?.textContent ?? '';
  const legend = element.closest('fieldset')?.querySelector('legend')?.textContent ?? '';
  return [element.getAttribute('aria-label') ?? '', label, legend, element.textContent, element.name ?? '']
    .join(' ').trim();
})()`;

/** Whether the focus can be seen: an outline or a shadow around it. */
const IS_SEEN = `(() => {
  const element = document.activeElement;
  return [element, element.parentElement].some((one) => {
    const { outlineStyle, boxShadow } = getComputedStyle(one);
    return outlineStyle !== 'none' || boxShadow !== 'none';
  });
})()`;

/** Presses Tab until what is wanted has the focus, and sees it there. */
async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const focused = await page.evaluate<string>(FOCUSED);
    if (wanted.test(focused)) {
      assert.ok(await page.evaluate<boolean>(IS_SEEN), `the focus on ${focused} is not seen`);
      return;
    }
    passed.push(focused.slice(0, 30));
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${String(wanted)}, only to ${passed.join(' | ')}`);
}

scene('a conference is booked and deleted with the keyboard alone', async (stage) => {
  const { email } = await organiser(stage, 'anna@example.com');
  const { page } = await stage.visitor();
  const { keyboard } = page;
  await page.goto('/login');
  await page.getByRole('heading', { name: 'Zaloguj się' }).waitFor();

  await tabTo(page, /Adres e-mail/u);
  await keyboard.type(email);
  await tabTo(page, /^Hasło/u);
  await keyboard.type(PASSWORD);
  await keyboard.press('Enter');
  await page.getByText('Nie masz jeszcze żadnej konferencji').waitFor();

  await tabTo(page, /Dodaj konferencję/u);
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Nowa konferencja' }).waitFor();
  await tabTo(page, /start-time/u);
  const before = await momentIn(page, 'start');
  // From the hours to the minutes, which are those of a full quarter.
  await keyboard.press('ArrowRight');
  await keyboard.press('ArrowUp');
  assert.is(Number((await momentIn(page, 'start')).slice(-2)), Number(before.slice(-2)) + 1);
  await tabTo(page, /Adresy mailowe/u);
  await keyboard.type('jan@example.com');
  await keyboard.press('Enter');
  await keyboard.type('ewa@example.com,');
  await tabTo(page, /Więcej opcji/u);
  await keyboard.press('Enter');
  await tabTo(page, /Tytuł/u);
  await keyboard.type('Bez myszy');
  await tabTo(page, /^\s*Zarezerwuj/u);
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Konferencja zarezerwowana' }).waitFor();
  await stage.letter({ to: 'ewa@example.com', subject: /Bez myszy/u });

  await tabTo(page, /Do listy konferencji/u);
  await keyboard.press('Enter');
  await page.getByRole('article', { name: 'Bez myszy' }).waitFor();
  await tabTo(page, /Usuń: Bez myszy/u);
  await keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Usunąć konferencję?' }).waitFor();
  await keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await until('the focus goes back to the button', async () =>
    (await page.evaluate<string>(FOCUSED)).includes('Usuń: Bez myszy') ? 'there' : null,
  );
  await keyboard.press('Enter');
  await tabTo(page, /Usuń konferencję/u);
  await keyboard.press('Enter');
  await page.getByText('Nie masz jeszcze żadnej konferencji').waitFor();
});

test.run();
