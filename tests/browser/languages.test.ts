// run: alone, limit: 120 s
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { linkIn } from './letters.ts';
import { organiser, PASSWORD, reserve } from './organiser.ts';
import { scenes } from './stage.ts';

const scene = scenes(test);

const INVITED = [
  [1, '1 zaproszona osoba', '1 person invited'],
  [2, '2 zaproszone osoby', '2 people invited'],
  [5, '5 zaproszonych osób', '5 people invited'],
  [22, '22 zaproszone osoby', '22 people invited'],
] as const;

async function switchTo(page: Page, language: 'Polski' | 'English'): Promise<void> {
  await page.getByRole('button', { name: language }).click();
}

/** Set in the page: is gone after a reload. */
const MARK = `window.stillHere = true`;
const IS_STILL_HERE = `window.stillHere === true`;

scene(
  'the language is switched without a reload, and numbers, dates and times follow',
  async (stage) => {
    const anna = await organiser(stage, 'anna@example.com');
    const { page } = anna;
    const moments: string[] = [];
    for (const [count] of INVITED.slice(0, 3)) {
      const emails = Array.from({ length: count }, (_, index) => `guest${index}@example.com`);
      const { startAt } = await reserve(anna, 3000, { title: `Dla ${count}`, emails });
      moments.push(startAt);
    }
    const bozena = await organiser(stage, 'bozena@example.com');
    const emails = Array.from({ length: 22 }, (_, index) => `guest${index}@example.com`);
    await reserve(bozena, 3000, { title: 'Dla 22', emails });

    await page.goto('/conferences');
    await page.evaluate(MARK);
    for (const [count, polish] of INVITED.slice(0, 3)) {
      const card = page.getByRole('article', { name: `Dla ${count}`, exact: true });
      assert.match(await card.innerText(), polish);
    }
    const date = (locale: string): string =>
      new Intl.DateTimeFormat(locale, {
        ...{ weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' },
        timeZone: 'Europe/Warsaw',
      }).format(Date.parse(moments[0] ?? ''));
    const first = page.getByRole('article').first();
    assert.match(await first.innerText(), date('pl-PL'));
    assert.match(await first.innerText(), /początek (?:za 2 dni|pojutrze)/u);
    assert.is(await page.evaluate('document.documentElement.lang'), 'pl');

    await switchTo(page, 'English');
    await page.getByRole('heading', { name: 'Conferences' }).waitFor();
    assert.is(await page.evaluate('document.documentElement.lang'), 'en');
    assert.match(await page.title(), /Conferences/u);
    for (const [count, , english] of INVITED.slice(0, 3)) {
      const card = page.getByRole('article', { name: `Dla ${count}`, exact: true });
      assert.match(await card.innerText(), english);
    }
    assert.match(await first.innerText(), date('en-GB'));
    assert.match(await first.innerText(), /starts in 2 days/u);
    assert.ok(await page.evaluate(IS_STILL_HERE), 'the page was loaded anew');

    await bozena.page.goto('/conferences');
    assert.match(await bozena.page.getByRole('article').innerText(), /22 zaproszone osoby/u);

    const elsewhere = await stage.visitor();
    await elsewhere.page.goto('/login');
    await logInBy(elsewhere.page, 'anna@example.com', PASSWORD);
    await elsewhere.page.getByRole('heading', { name: 'Conferences' }).waitFor();
  },
);

scene('a typed form outlives the switch of the language', async (stage) => {
  const { page } = await organiser(stage, 'typed@example.com');
  await page.goto('/conferences/new');
  await page.getByText('Więcej opcji').click();
  await page.getByLabel(/^Tytuł/u).fill('Half-written');
  await switchTo(page, 'English');
  assert.is(await page.getByLabel(/^Title/u).inputValue(), 'Half-written');
});

scene('a forgotten password is set anew by the link of the e-mail', async (stage) => {
  const { email } = await organiser(stage, 'forgot@example.com', { language: 'en' });
  const { page } = await stage.visitor({ language: 'en' });
  await page.goto('/login');
  await logInBy(page, email, 'not the password');
  await page.getByRole('alert').waitFor();
  await page.getByRole('link', { name: 'Forgotten your password?' }).click();
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByText(/the link is on its way/u).waitFor();
  const mail = await stage.letter({ to: email, subject: /password/iu });
  await page.goto(linkIn(mail, '/reset/'));
  await page.getByRole('textbox', { name: 'New password' }).fill('another tree by the sea');
  await page.getByRole('button', { name: 'Set the password and log in' }).click();
  await page.getByRole('heading', { name: 'Conferences' }).waitFor();

  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await page.goto('/conferences');
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await logInBy(page, email, 'another tree by the sea');
  await page.getByRole('heading', { name: 'Conferences' }).waitFor();
});

scene('a device is logged out from another one', async (stage) => {
  const anna = await organiser(stage, 'devices@example.com');
  const lost = await stage.visitor({ userAgent: LOST_PHONE });
  await lost.page.goto('/login?next=%2Fcontacts');
  await logInBy(lost.page, 'devices@example.com', PASSWORD);
  await lost.page.getByRole('heading', { name: 'Kontakty' }).waitFor();

  await anna.page.goto('/account/security');
  const row = anna.page.getByRole('row').filter({ hasText: /Firefox/u });
  await row.getByRole('button', { name: /^Wyloguj/u }).click();
  await anna.page.getByText('Wylogowano').waitFor();
  await row.waitFor({ state: 'hidden' });

  await lost.page.reload();
  await lost.page.getByRole('heading', { name: 'Zaloguj się' }).waitFor();
  await anna.page.reload();
  await anna.page.getByRole('heading', { name: /^Konto/u }).waitFor();
});

const LOST_PHONE = 'Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0';

async function logInBy(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel(/^(?:Adres e-mail|E-mail)/u).fill(email);
  await page.getByLabel(/^(?:Hasło|Password)$/u).fill(password);
  await page.getByRole('button', { name: /^(?:Zaloguj się|Log in)$/u }).click();
}

test.run();
