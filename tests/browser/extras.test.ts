// run: alone, limit: 180 s
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addRecipients, emailsField, fillMoment, phonesField, warsaw } from './booking-form.ts';
import { organiser, reserve } from './organiser.ts';
import { shoot } from './shoot.ts';
import { scenes } from './stage.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

const scene = scenes(test);

scene('a pasted list of contacts is shown before it is kept, and then suggested', async (stage) => {
  const { page } = await organiser(stage, 'contacts@example.com');
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Wklej listę' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByRole('textbox', { name: 'Lista' })
    .fill('Jan Kot; jan@example.com; 501 234 567\nEwa Lis\tewa@example.com\nzupełnie nic');
  await dialog.getByRole('button', { name: 'Sprawdź' }).click();

  await dialog.getByText('Nowe: 2').waitFor();
  assert.match(
    await dialog.innerText(),
    /Wiersz 3: Podaj adres e-mail albo numer telefonu\..*zupełnie nic/su,
  );
  await shoot(page, 'contacts-preview-pl-1280');
  await dialog.getByRole('button', { name: 'Zapisz 2 kontakty' }).click();
  await page.getByText('Kontakty zapisane').waitFor();
  await page.getByText('+48 501 234 567').waitFor();

  await page.goto('/conferences/new');
  await emailsField(page).pressSequentially('ew');
  await page.getByRole('option', { name: /Ewa Lis/u }).waitFor();
  await emailsField(page).press('ArrowDown');
  await emailsField(page).press('Enter');
  await page.getByRole('button', { name: 'Usuń ewa@example.com' }).waitFor();
});

scene('SMS show their price and segments while they are chosen, and go out', async (stage) => {
  const { page } = await organiser(stage, 'sms@example.com');
  await page.goto('/conferences/new');
  await fillMoment(page, 'start', warsaw(55));
  await addRecipients(phonesField(page), ['501 234 567', '+48 601 234 567', '501234567']);
  const atBooking = page.getByLabel('Wyślij SMS od razu po rezerwacji');
  const reminder = page.getByLabel(/^Wyślij SMS z przypomnieniem/u);

  await page.getByText('Niedostępne: do początku zostało nie więcej niż 1 godzina.').waitFor();
  assert.ok(await reminder.isDisabled());
  await fillMoment(page, 'start', warsaw(120));
  await until('the reminder can be chosen', async () =>
    (await reminder.isEnabled()) ? 'it can' : null,
  );
  await atBooking.check();
  await page.getByText('Razem: 0,32 zł').waitFor();
  await page.getByText('Treść SMS-a · 1 część').waitFor();
  await page.getByText(/2 numery; masz do wydania \d\d,\d\d\szł/u).waitFor();
  await reminder.check();
  await page.getByText('Razem: 0,64 zł').waitFor();
  await shoot(page, 'form-sms-pl-1280');
  await page.getByRole('button', { name: 'Zarezerwuj' }).click();
  await page.getByRole('heading', { name: 'Konferencja zarezerwowana' }).waitFor();

  const number = (await page.locator('.access-digits').first().innerText()).trim();
  const texts = await until('two SMS', async () => {
    const sent = await smsOf(stage, number);
    return sent.length >= 2 ? sent : null;
  });
  assert.is(texts.length, 2);
  await page.getByRole('button', { name: 'Wyślij ponownie: zaproszenie, +48501234567' }).waitFor();
  await page.goto('/account/balance');
  await page.getByText('Wydane w tym miesiącu').waitFor();
  assert.match(await page.getByRole('main').innerText(), /49,[36][68].zł/u);
});

/** SMS of the folder that name this conference. */
async function smsOf(stage: Stage, number: string): Promise<readonly string[]> {
  const folder = join(stage.konfa.folder, 'data/sms');
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.filter((text) => text.includes(number));
}

scene('a token that was made in the panel books over REST, as far as it may', async (stage) => {
  const { page } = await organiser(stage, 'token@example.com');
  await page.goto('/account/programs');
  await page.getByRole('button', { name: 'Dodaj token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Nazwa' }).fill('CRM');
  await dialog.getByLabel('rezerwować i zmieniać').check();
  await dialog.getByRole('button', { name: 'Utwórz token' }).click();
  const secret = (await dialog.locator('.secret').innerText()).trim();
  await dialog.getByRole('button', { name: 'Kopiuj' }).click();
  await page.locator('.toast').getByText('Skopiowano: sekret').waitFor();
  assert.is(await page.evaluate('navigator.clipboard.readText()'), secret);
  await dialog.getByRole('button', { name: 'Gotowe' }).click();
  await page.getByRole('row').filter({ hasText: 'CRM' }).waitFor();

  const ask = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${stage.konfa.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const booking = { start: warsaw(60), end: warsaw(120), title: 'Z programu' };
  assert.is((await ask('POST', '/reservations', booking)).status, 201);
  assert.is((await ask('GET', '/contacts')).status, 403);
  await page.goto('/conferences');
  await page.getByRole('article', { name: 'Z programu' }).waitFor();

  await page.goto('/account/programs');
  await page.getByRole('button', { name: 'Usuń: CRM' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Usuń' }).click();
  await page.getByText('Nie ma żadnego tokenu').waitFor();
  assert.is((await ask('GET', '/reservations')).status, 401);
});

scene('a webhook is added, and one that nobody may reach is refused', async (stage) => {
  const { page } = await organiser(stage, 'webhook@example.com');
  await page.goto('/account/programs');
  await page.getByRole('button', { name: 'Dodaj webhook' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Adres' }).fill('https://127.0.0.1/konfa');
  await dialog.getByRole('button', { name: 'Dodaj webhook' }).click();
  await dialog.locator('.field-problems').waitFor();
  await dialog.getByRole('textbox', { name: 'Adres' }).fill('https://crm.example.com/konfa');
  await dialog.getByRole('button', { name: 'Dodaj webhook' }).click();
  await dialog.locator('.secret').waitFor();
  await dialog.getByRole('button', { name: 'Gotowe' }).click();
  await page.getByRole('row').filter({ hasText: 'https://crm.example.com/konfa' }).waitFor();
});

scene(
  'what a stranger sees at the link of an invitation is no more than it needs',
  async (stage) => {
    const anna = await organiser(stage, 'guests@example.com');
    const title = '<img src=x onerror=alert(1)> & "Narada"';
    const booked = await reserve(anna, 60, { title, emails: ['jan@example.com'] });
    const { page } = await stage.visitor({ language: 'en' });
    await page.goto(new URL(booked.joinUrl).pathname);
    await page.getByRole('heading', { name: title }).waitFor();
    const seen = await page.content();
    assert.ok(seen.includes(booked.pin));
    assert.not.ok(seen.includes(booked.adminPin ?? 'none'));
    assert.not.ok(seen.includes('jan@example.com'));
    assert.is(await page.locator('main img[src="x"]').count(), 0);
    await page.goto('/j/0123456789abcdef');
    await page.getByRole('heading', { level: 1 }).waitFor();
  },
);

test.run();
