// run: alone, limit: 200 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { guestScenes } from './guest-crowd.ts';
import { assertDoor, refusal } from './guest-door.ts';
import { askToEnter, enter, fillPin, personRow, untilInRoom } from './guest-room.ts';

const SMALL = { number: '70001', pin: '12345', adminPin: '7654321', maxParticipants: 2 };

const scene = guestScenes(test, { permanentRooms: [SMALL] });

scene('a moderator who meets a full room removes the last one and is in', async (_, crowd) => {
  const [first, last, moderator] = await Promise.all([crowd.guest(), crowd.guest(), crowd.guest()]);
  await enter(first.page, SMALL, { name: 'Halina' });
  await enter(last.page, SMALL, { name: 'Gustaw' });
  const { page } = moderator;
  await page.goto('/join');
  await fillPin(page, SMALL, 'moderator');
  await askToEnter(page, 'Magda');
  await assertDoor(
    page,
    refusal('full-moderator', {
      pl: /Pokój jest pełny[^]*Usuń ostatnią osobę i wejdź/u,
      en: /The room is full[^]*Remove the last one who joined and enter/u,
    }),
  );

  await page.getByRole('button', { name: 'Usuń ostatnią osobę i wejdź' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Anuluj' }).click();
  assert.is(await personRow(first.page, 'Gustaw').count(), 1, 'nobody is removed unconfirmed');
  await page.getByRole('button', { name: 'Usuń ostatnią osobę i wejdź' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Usuń i wejdź' }).click();

  await untilInRoom(page);
  await personRow(page, 'Halina').waitFor();
  await personRow(first.page, 'Magda').waitFor();
  assert.is(await personRow(first.page, 'Gustaw').count(), 0);
  await assertDoor(
    last.page,
    refusal('removed', { pl: /Usunięto Cię z konferencji/u, en: /You were removed/u }),
  );
});

test.run();
