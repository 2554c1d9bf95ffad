// run: alone, limit: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addRecipients, emailsField, fillMoment, warsaw } from './booking-form.ts';
import { guestScenes } from './guest-crowd.ts';
import { toneLevels } from './guest-ear.ts';
import { enterLobby, personRow, untilShown } from './guest-room.ts';
import { linkIn } from './letters.ts';
import { organiser } from './organiser.ts';
import { until } from './until.ts';

// Entry two hours before the start, so that nobody waits for it.
const scene = guestScenes(test, {
  rooms: { earlyEntryMinutes: 120 },
  notices: { shortNotice: 'at-booking' },
});

const HEARD_DB = -42;

scene('an e-mail leads into the room, as each link says', async (stage, crowd) => {
  const owner = await organiser(stage, 'anna@example.com', { language: 'en' });
  await owner.page.goto('/conferences/new');
  await fillMoment(owner.page, 'start', warsaw(30));
  await fillMoment(owner.page, 'end', warsaw(90));
  await addRecipients(emailsField(owner.page), ['jan@example.com', 'ewa@example.com']);
  await owner.page.getByText('More options').click();
  await owner.page.getByLabel(/^Title/u).fill('Plan of the year');
  await owner.page.getByRole('button', { name: /^Book/u }).click();
  await owner.page.locator('.access-digits').first().waitFor();

  const wanted = (to: string) => ({ to, subject: /Plan of the year/u });
  const letters = [
    await stage.letter(wanted('jan@example.com')),
    await stage.letter(wanted('ewa@example.com')),
  ];
  const [janPath = '', ewaPath = ''] = letters.map((letter) => linkIn(letter, '/j/'));
  assert.is.not(janPath, ewaPath, 'each person has a link of their own');
  for (const [index, { calendar }] of letters.entries()) {
    const [own, other] = index === 0 ? [janPath, ewaPath] : [ewaPath, janPath];
    assert.ok(calendar.includes(own), 'the calendar has the link too');
    assert.not.ok(calendar.includes(other), 'and nobody else’s');
  }

  const jan = await crowd.guest({ toneHz: 700 });
  await jan.page.goto(janPath);
  await jan.page.getByRole('heading', { name: 'Plan of the year' }).waitFor();
  await jan.page.locator('[data-join=browser]').click();
  await enterLobby(jan.page, 'Jan');
  assert.is(await jan.page.locator('.room').getAttribute('data-role'), 'participant');

  await owner.page.getByRole('main').getByRole('link', { name: 'Details' }).click();
  const part = owner.page.locator('.stack-small').filter({
    has: owner.page.getByRole('heading', { name: 'For the moderator' }),
  });
  const url = await part.locator('a').getAttribute('href');
  const moderatorPath = new URL(url ?? '').pathname;
  assert.not.ok([janPath, ewaPath].includes(moderatorPath));
  const host = await crowd.guest({ toneHz: 400 });
  await host.page.goto(moderatorPath);
  await host.page.locator('[data-join=browser]').filter({ hasText: 'as a moderator' }).click();
  await enterLobby(host.page, 'Anna Nowak');

  await untilShown(jan.page, 'Anna Nowak', ['role', 'moderator']);
  await untilShown(host.page, 'Jan', ['role', 'participant']);
  for (const [page, toneHz] of [
    [jan.page, 400],
    [host.page, 700],
  ] as const) {
    await until(`${toneHz} Hz are heard`, async () => {
      const [level = -160] = await toneLevels(page, [toneHz]);
      return level > HEARD_DB ? level : null;
    });
  }
  await personRow(host.page, 'Jan').getByRole('button', { name: /^Mute/u }).click();
  await untilShown(jan.page, 'Jan', ['microphone', 'muted']);
});

test.run();
