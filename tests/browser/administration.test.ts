// run: alone, limit: 120 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { linkIn } from './letters.ts';
import { organiser, PASSWORD, setupPath } from './organiser.ts';
import { scenes } from './stage.ts';

const scene = scenes(test, { notices: { sms: { billing: 'balance' } } });

scene(
  'the first administrator comes by the printed link, invites, pays in and suspends',
  async (stage) => {
    const { page } = await stage.visitor();
    await page.goto(setupPath(stage));
    await page.getByLabel('Imię i nazwisko').fill('Ewa Lis');
    await page.getByLabel('Adres e-mail').fill('ewa@example.com');
    await page.getByLabel('Hasło', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Utwórz konto' }).click();
    await page.getByRole('link', { name: 'Administracja' }).click();
    await page.getByRole('heading', { name: 'Łącza telefoniczne' }).waitFor();
    await page.getByRole('heading', { name: 'Wysyłka powiadomień' }).waitFor();
    const health = page.getByRole('row').filter({ hasText: 'E-mail' }).first();
    assert.match(await health.innerText(), /działa|nieużywany/u);

    await page.getByRole('link', { name: 'Użytkownicy' }).click();
    await page.getByRole('button', { name: 'Zaproś' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Adres e-mail').fill('jan@example.com');
    await dialog.getByRole('button', { name: 'Wyślij zaproszenie' }).click();
    await page.getByText('Zaproszenie wysłane').waitFor();
    const row = page.getByRole('row').filter({ hasText: 'jan@example.com' });
    assert.match(await row.innerText(), /zaproszony/u);

    const jan = await stage.visitor();
    const invitation = await stage.letter({ to: 'jan@example.com', subject: /./u });
    await jan.page.goto(linkIn(invitation, '/accept/'));
    await jan.page.getByLabel('Imię i nazwisko').fill('Jan Kot');
    await jan.page.getByLabel('Hasło', { exact: true }).fill(PASSWORD);
    await jan.page.getByRole('main').getByRole('button').last().click();
    await jan.page.getByText('Nie masz jeszcze żadnej konferencji').waitFor();

    const manage = page.getByRole('button', { name: 'Zarządzaj: jan@example.com' });
    await manage.click();
    await dialog.getByLabel('Kwota').fill('12,50');
    await dialog.getByRole('button', { name: 'Zaksięguj' }).click();
    await page.getByText('Zaksięgowano').waitFor();
    await row.filter({ hasText: /12,50.zł/u }).waitFor();
    await jan.page.goto('/account/balance');
    await jan.page
      .getByText(/^12,50.zł$/u)
      .first()
      .waitFor();

    await manage.click();
    await dialog.getByLabel('Dostęp').selectOption('suspended');
    await dialog.getByRole('button', { name: 'Zapisz zmiany' }).click();
    await row.filter({ hasText: 'zawieszony' }).waitFor();
    await jan.page.reload();
    await jan.page.getByRole('heading', { name: 'Zaloguj się' }).waitFor();
  },
);

scene('an organiser finds no administration', async (stage) => {
  const { page } = await organiser(stage, 'curious@example.com');
  await page.goto('/conferences');
  await page.getByRole('heading', { name: 'Telekonferencje' }).waitFor();
  assert.is(await page.getByRole('link', { name: 'Administracja' }).count(), 0);
  await page.goto('/administration/accounts');
  await page.getByRole('heading', { level: 1 }).waitFor();
  assert.not.match(await page.getByRole('main').innerText(), /curious@example\.com/u);
});

test.run();
