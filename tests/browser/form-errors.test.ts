// run: alone, limit: 180 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addRecipients,
  emailsField,
  fillMoment,
  momentIn,
  phonesField,
  warsaw,
} from './booking-form.ts';
import { lettersTo } from './letters.ts';
import { organiser, reserve, rest } from './organiser.ts';
import { shoot } from './shoot.ts';
import { scenes } from './stage.ts';
import { until } from './until.ts';
import { startKonfa } from '../support/konfa-process.ts';

const scene = scenes(test);

scene('says beside the start that it is too soon, goes there, and loses nothing', async (stage) => {
  const { page } = await organiser(stage, 'soon@example.com');
  await page.goto('/conferences/new');
  await addRecipients(emailsField(page), ['jan@example.com']);
  await page.getByText('Więcej opcji').click();
  await page.getByLabel(/^Tytuł/u).fill('Za wcześnie');
  const start = warsaw(2);
  await fillMoment(page, 'start', start);

  await page.getByRole('button', { name: 'Zarezerwuj' }).click();

  const field = page.getByRole('group', { name: 'Początek' });
  await field.locator('.field-problems').waitFor();
  assert.match(
    await field.locator('.field-problems').innerText(),
    /Najwcześniejszy możliwy .* \d\d:\d\d/u,
  );
  const date = page.locator('input[name="start-date"]');
  await until('the focus is in the start', async () =>
    (await page.evaluate('document.activeElement.name')) === 'start-date' ? 'there' : null,
  );
  assert.is(await date.getAttribute('aria-invalid'), 'true');
  assert.is(await momentIn(page, 'start'), start);
  assert.is(await page.getByLabel(/^Tytuł/u).inputValue(), 'Za wcześnie');
  assert.is(await page.getByRole('button', { name: 'Usuń jan@example.com' }).count(), 1);
  await shoot(page, 'form-too-soon-pl-1280');

  await fillMoment(page, 'start', warsaw(60));
  await page.getByRole('button', { name: 'Zarezerwuj' }).click();
  await page.getByRole('heading', { name: 'Konferencja zarezerwowana' }).waitFor();
});

scene('names each entry that is no address, and keeps the good ones', async (stage) => {
  const { page } = await organiser(stage, 'entries@example.com');
  await page.goto('/conferences/new');
  await addRecipients(emailsField(page), ['jan@example.com', 'ewa@@example', 'jan@example.com']);
  await addRecipients(phonesField(page), ['22 350 09 08', '501 234 567']);

  await page.getByRole('button', { name: 'Zarezerwuj' }).click();

  const bad = page.getByRole('button', { name: /^Popraw ewa@@example/u });
  await bad.waitFor();
  const landline = page.getByRole('button', { name: /^Popraw .*22 350 09 08/u });
  await landline.waitFor();
  assert.is(await page.getByRole('button', { name: 'Usuń jan@example.com' }).count(), 1);
  assert.match(await page.locator('.field-problems').first().innerText(), /ewa@@example/u);
  await shoot(page, 'form-bad-entries-pl-1280');

  await bad.click();
  assert.is(await emailsField(page).inputValue(), 'ewa@@example');
  await emailsField(page).fill('ewa@example.com');
  await emailsField(page).press('Enter');
  await page.getByRole('button', { name: /^Usuń .*22 350 09 08/u }).click();
  await page.getByRole('button', { name: 'Zarezerwuj' }).click();
  await page.getByRole('heading', { name: 'Konferencja zarezerwowana' }).waitFor();
});

scene('says when a place becomes free while all three are taken', async (stage) => {
  const somebody = await organiser(stage, 'full@example.com');
  const { page } = somebody;
  for (const title of ['Pierwsza', 'Druga', 'Trzecia']) await reserve(somebody, 600, { title });
  await page.goto('/conferences');

  const add = page.getByRole('button', { name: 'Dodaj konferencję' });
  await add.waitFor();
  assert.ok(await add.isDisabled());
  const id = (await add.getAttribute('aria-describedby')) ?? '';
  assert.match(await page.locator(`[id="${id}"]`).innerText(), /zwolni się .*\d\d:\d\d/u);
  await shoot(page, 'list-full-pl-1280');

  await page.getByRole('button', { name: 'Usuń: Druga' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Usuń konferencję' }).click();
  await page.getByText('Zajęte miejsca: 2 z 3.').waitFor();
  await page.getByRole('link', { name: 'Dodaj konferencję' }).waitFor();
});

scene('shows what another tab changed, and overwrites nothing silently', async (stage) => {
  const somebody = await organiser(stage, 'tabs@example.com');
  const { context, page } = somebody;
  const { reservationId } = await reserve(somebody, 600, { title: 'Narada', note: 'Porządek' });
  const path = `/conferences/${reservationId}/edit`;
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto(path);
    await tab.getByText('Więcej opcji').click();
  }

  await other.getByLabel(/^Tytuł/u).fill('Narada w drugiej karcie');
  await other.getByLabel(/^Wiadomość/u).fill('Porządek z drugiej karty');
  await other.getByRole('button', { name: 'Zapisz zmiany' }).click();
  await other.getByText('Zmiany zapisane').waitFor();
  await page.getByLabel(/^Tytuł/u).fill('Narada w pierwszej karcie');
  await page.getByRole('button', { name: 'Zapisz zmiany' }).click();

  const note = page.locator('.conflict');
  await note.waitFor();
  assert.match(await note.innerText(), /tam: Narada w drugiej karcie/u);
  await shoot(page, 'form-conflict-pl-1280');
  assert.is(await page.getByLabel(/^Wiadomość/u).inputValue(), 'Porządek z drugiej karty');
  const kept = await rest(somebody, { method: 'GET', path: `/reservations/${reservationId}` });
  assert.match(JSON.stringify(kept), /Narada w drugiej karcie/u);

  await page.getByRole('button', { name: 'Zapisz zmiany' }).click();
  await page.getByText('Zmiany zapisane').waitFor();
  const now = await rest(somebody, { method: 'GET', path: `/reservations/${reservationId}` });
  assert.match(JSON.stringify(now), /Narada w pierwszej karcie.*Porządek z drugiej karty/u);
});

scene('survives a killed server with the form filled in, and books exactly once', async (stage) => {
  const { page } = await organiser(stage, 'kill@example.com');
  await page.goto('/conferences/new');
  await page.getByText('Więcej opcji').click();
  await page.getByLabel(/^Tytuł/u).fill('Mimo wszystko');
  await addRecipients(emailsField(page), ['once@example.com']);
  await fillMoment(page, 'start', warsaw(600));

  await stage.konfa.kill();
  await page.getByRole('button', { name: 'Zarezerwuj' }).click();
  await page
    .getByText(/Brak połączenia z serwerem/u)
    .first()
    .waitFor();
  await shoot(page, 'form-connection-lost-pl-1280');
  stage.konfa = await startKonfa({ again: stage.konfa });
  await page.getByText('Połączenie wróciło.').waitFor();
  assert.is(await page.getByLabel(/^Tytuł/u).inputValue(), 'Mimo wszystko');

  // The answer to the first try is lost on its way: the second one must find what the first one did.
  await page.route('**/api/v1/reservations', async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  });
  await page.getByRole('button', { name: 'Zarezerwuj' }).click();
  await page
    .getByText(/Brak połączenia z serwerem/u)
    .first()
    .waitFor();
  await page.unroute('**/api/v1/reservations');
  await page.reload();
  await page.getByText('Przywróciliśmy to, co było wpisane wcześniej.').waitFor();
  await page.getByRole('button', { name: 'Zarezerwuj' }).click();

  await page.getByRole('heading', { name: 'Konferencja zarezerwowana' }).waitFor();
  await page.goto('/conferences');
  await page.getByText('Zajęte miejsca: 1 z 3.').waitFor();
  await stage.letter({ to: 'once@example.com', subject: /Mimo wszystko/u });
  assert.is((await lettersTo(stage.mail.mails, 'once@example.com')).length, 1);
});

test.run();
