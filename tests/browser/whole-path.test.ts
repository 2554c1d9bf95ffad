// run: alone, limit: 180 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addRecipients, emailsField, fillMoment, phonesField, warsaw } from './booking-form.ts';
import { callIn } from './caller.ts';
import { download } from './download.ts';
import { linkIn } from './letters.ts';
import { PASSWORD } from './organiser.ts';
import { shoot } from './shoot.ts';
import { scenes } from './stage.ts';

// Entry two hours before the start, so that nobody waits for it; everything else is as it comes.
const scene = scenes(test, {
  rooms: { earlyEntryMinutes: 120 },
  notices: { shortNotice: 'at-booking' },
});

scene(
  'leads somebody unknown from the sign-up to a call with the PIN of the e-mail',
  async (stage) => {
    const { page } = await stage.visitor();

    await page.goto('/');
    await page.getByRole('link', { name: 'Załóż konto' }).click();
    await page.getByLabel('Imię i nazwisko').fill('Anna Nowak');
    await page.getByLabel('Adres e-mail').fill('anna@example.com');
    await page.getByLabel('Hasło', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Załóż konto' }).click();
    await page.getByText('anna@example.com').waitFor();
    await shoot(page, 'check-your-mail-pl-1280');
    const welcome = await stage.letter({ to: 'anna@example.com', subject: /./u });
    await page.goto(linkIn(welcome, '/confirm/'));
    await page.getByRole('button', { name: 'Potwierdzam adres' }).click();
    await page.getByText('Nie masz jeszcze żadnej konferencji').waitFor();

    await page.getByRole('link', { name: 'Dodaj konferencję' }).first().click();
    const start = warsaw(30);
    await fillMoment(page, 'start', start);
    await fillMoment(page, 'end', warsaw(90));
    await addRecipients(emailsField(page), ['jan@example.com', 'Ewa Lis <ewa@example.com>']);
    await addRecipients(phonesField(page), ['501 234 567']);
    await page.getByLabel(/^Tytuł/u).fill('Narada zespołu');
    await page.getByRole('button', { name: 'Zarezerwuj' }).click();

    await page.getByRole('heading', { name: 'Konferencja zarezerwowana' }).waitFor();
    const [number = '', pin = '', adminPin = ''] = await page
      .locator('.access-digits')
      .allTextContents();
    assert.match(`${number} ${pin} ${adminPin}`, /^\d{5} \d{5} \d{7}$/u);

    const invitation = await stage.letter({ to: 'jan@example.com', subject: /Narada zespołu/u });
    assert.ok(invitation.text.includes(number) && invitation.text.includes(pin));
    assert.not.ok(`${invitation.text}${invitation.html}${invitation.calendar}`.includes(adminPin));
    assert.match(invitation.calendar, /METHOD:REQUEST/u);
    assert.match(
      invitation.calendar,
      new RegExp(`DTSTART;TZID=Europe/Warsaw:${start.replaceAll(/[-:]/gu, '')}00`, 'u'),
    );
    const second = await stage.letter({ to: 'ewa@example.com', subject: /Narada zespołu/u });
    assert.is(uidOf(second.calendar), uidOf(invitation.calendar));

    const entry = await download(page, page.getByRole('link', { name: /^Dodaj do kalendarza/u }));
    assert.match(entry.name, new RegExp(`${number}\\.ics$`, 'u'));
    assert.is(uidOf(entry.text), uidOf(invitation.calendar));
    await page.getByRole('main').getByRole('link', { name: 'Szczegóły' }).click();
    await page.getByText('otwarta').waitFor();
    const keys = {
      number: /(?:Numer konferencji|konferencji)\D+(\d{5})/u.exec(invitation.text)?.[1] ?? '',
      pin: /PIN\D+(\d{5})/u.exec(invitation.text)?.[1] ?? '',
    };
    const caller = await callIn(stage, '600100200', keys);
    await page.getByText('trwa · 1 osoba').waitFor();
    await caller.leave();
    const visit = page.getByRole('row').filter({ hasText: /60\*+200/u });
    await visit.waitFor();
    const who = await visit.innerText();
    assert.not.match(who, /600100200/u);
    assert.match(who, /telefon/u);
    await shoot(page, 'details-attendance-pl-1280');

    await page.getByRole('button', { name: 'Usuń' }).click();
    const dialog = page.getByRole('dialog', { name: 'Usunąć konferencję?' });
    await shoot(page, 'delete-pl-1280');
    await dialog.getByRole('button', { name: 'Usuń konferencję' }).click();
    await page.getByText('Nie masz jeszcze żadnej konferencji').waitFor();

    const cancelled = await stage.letter({
      to: 'jan@example.com',
      subject: /(?:odwołan|Odwołan)/u,
    });
    assert.match(cancelled.calendar, /METHOD:CANCEL/u);
    assert.is(uidOf(cancelled.calendar), uidOf(invitation.calendar));
  },
);

function uidOf(calendar: string): string {
  return /^UID:(.+)$/mu.exec(calendar)?.[1]?.trim() ?? `no UID in ${calendar}`;
}

test.run();
