// run: alone, limit: 400 s
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openDatabase } from '../../db/open-database.ts';
import { joinLinkListSchema } from '../../server/panel/api/reservation-api.ts';
import { guestScenes } from './guest-crowd.ts';
import type { StandingRoom } from './guest-crowd.ts';
import { assertDoor, refusal } from './guest-door.ts';
import { askToEnter, control, enter, enterLobby, fillPin, personRow } from './guest-room.ts';
import { organiser, reserve, rest } from './organiser.ts';
import type { Reserved } from './organiser.ts';
import type { Stage } from './stage.ts';

const PINS = { pin: '12345', adminPin: '7654321' };
const SMALL = { number: '70001', ...PINS, maxParticipants: 2 };
const GUESSED: StandingRoom = { number: '70002', ...PINS };

const scene = guestScenes(test, {
  permanentRooms: [SMALL, GUESSED],
  rooms: { earlyEntryMinutes: 120 },
  warnings: { deletedSeconds: 0 },
  guessing: { limit: 2 },
});

/** From a page of a link into its lobby. */
async function openLobby(page: Page, joinUrl: string): Promise<void> {
  await page.goto(new URL(joinUrl).pathname);
  await page.locator('[data-join=browser]').click();
  await page.locator('[name=guest-name]').waitFor();
}

/** Moves a reservation into the past, as if its time had gone by. */
function letPass(stage: Stage, { reservationId }: Reserved): void {
  const database = openDatabase({ file: join(stage.konfa.folder, 'konfa.db') });
  database
    .prepare(
      'UPDATE reservation SET start_at_ms = start_at_ms - ?, end_at_ms = end_at_ms - ? WHERE reservation_id = ?',
    )
    .run(DAY_MS, DAY_MS, reservationId);
  database.close();
}

const DAY_MS = 86_400_000;

scene('links that are none, or no longer, say so', async (stage) => {
  const owner = await organiser(stage, 'anna@example.com', { language: 'en' });
  const { page } = await stage.visitor({ language: 'en' });
  await page.goto('/j/0123');
  const unknown = { pl: /Ten link nie działa/u, en: /This link does not work/u };
  await assertDoor(page, { name: 'no-such-link', shows: '[data-refusal]', ...unknown });

  const booked = await reserve(owner, 60);
  const path = `/reservations/${booked.reservationId}/links`;
  const { links } = joinLinkListSchema.parse(await rest(owner, { method: 'GET', path }));
  const link = links.find(({ url }) => url === booked.joinUrl);
  assert.ok(link !== undefined);
  await rest(owner, { method: 'DELETE', path: `${path}/${link.linkId}` });
  await page.goto(new URL(booked.joinUrl).pathname);
  const revoked = { pl: /Ten link został odwołany/u, en: /This link was withdrawn/u };
  await assertDoor(page, { name: 'link-revoked', shows: '[data-refusal]', ...revoked });

  const past = await reserve(owner, 60);
  await rest(owner, { method: 'DELETE', path: `/reservations/${past.reservationId}` });
  await page.goto(new URL(past.joinUrl).pathname);
  const cancelled = { pl: /została odwołana/u, en: /was cancelled/u };
  await assertDoor(page, { name: 'cancelled', shows: 'main [role=status]', ...cancelled });
  assert.is(await page.locator('[data-join=browser]').count(), 0);

  const over = await reserve(owner, 60);
  letPass(stage, over);
  await page.goto(new URL(over.joinUrl).pathname);
  const ended = { pl: /już się zakończyła/u, en: /conference is over/u };
  await assertDoor(page, { name: 'past', shows: 'main [role=status]', ...ended });
  assert.is(await page.locator('[data-join=browser]').count(), 0);
});

scene('reservations that are not open, or were deleted, say so', async (stage, crowd) => {
  const owner = await organiser(stage, 'ewa@example.com', { language: 'en' });
  const { page } = await crowd.guest();
  await openLobby(page, (await reserve(owner, 4000, { language: 'en' })).joinUrl);
  await askToEnter(page, 'Jan');
  await assertDoor(
    page,
    refusal('too-early', { pl: /za wcześnie[^]*Otwarcie za/u, en: /too early[^]*Opens in/u }),
  );

  const open = await reserve(owner, 60, { language: 'en' });
  const late = await crowd.guest();
  await openLobby(page, open.joinUrl);
  await page.getByRole('button', { name: 'English' }).click();
  await enterLobby(page, 'Jan');
  await openLobby(late.page, open.joinUrl);
  await rest(owner, { method: 'DELETE', path: `/reservations/${open.reservationId}` });
  await assertDoor(
    page,
    refusal('reservation-deleted', {
      pl: /Konferencja została odwołana/u,
      en: /The conference was cancelled/u,
    }),
  );
  await askToEnter(late.page, 'Ola');
  await assertDoor(
    late.page,
    refusal('over', { pl: /Konferencja już się skończyła/u, en: /The conference is over/u }),
  );
});

scene('rooms that are full or locked, and moderators, say so', async (_, crowd) => {
  const [host, guest, late] = await Promise.all([crowd.guest(), crowd.guest(), crowd.guest()]);
  await enter(host.page, SMALL, { name: 'Halina', role: 'moderator' });
  await enter(guest.page, SMALL, { name: 'Gustaw' });
  await late.page.goto('/join');
  await fillPin(late.page, SMALL, 'participant');
  await askToEnter(late.page, 'Leon');
  await assertDoor(
    late.page,
    refusal('full', { pl: /Pokój jest pełny/u, en: /The room is full/u }),
  );

  await personRow(host.page, 'Gustaw')
    .getByRole('button', { name: /^Remove/u })
    .click();
  await host.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await assertDoor(
    guest.page,
    refusal('removed', { pl: /Usunięto Cię z konferencji/u, en: /You were removed/u }),
  );
  assert.is(await guest.page.getByRole('button', { name: 'Wejdź ponownie' }).count(), 0);

  await host.page.getByRole('button', { name: 'Lock the room' }).click();
  await host.page.getByText('The room is locked').waitFor();
  await late.page.getByRole('button', { name: 'Wejdź ponownie' }).click();
  await assertDoor(
    late.page,
    refusal('locked', { pl: /Pokój jest zamknięty/u, en: /The room is locked/u }),
  );

  await control(host.page, 'leave');
  await host.page.getByRole('button', { name: 'End for all' }).click();
  await assertDoor(
    host.page,
    refusal('ended-by-moderator', {
      pl: /Prowadzący zakończył konferencję/u,
      en: /The moderator has ended the conference/u,
    }),
  );
});

scene('microphones that are forbidden or missing say so', async (_, crowd) => {
  const forbidden = await crowd.guest({ microphone: 'asked' });
  await forbidden.page.goto('/join');
  await assertDoor(forbidden.page, {
    name: 'microphone-denied',
    shows: '[data-problem=denied], [data-problem=dismissed]',
    pl: /zakaz używania mikrofonu|zamknięte bez odpowiedzi/u,
    en: /told not to use the microphone|closed without an answer/u,
  });
  const missing = await crowd.guest({ microphone: 'none' });
  await missing.page.goto('/join');
  await assertDoor(missing.page, {
    name: 'microphone-missing',
    shows: '[data-problem=none-found]',
    pl: /Nie znaleziono mikrofonu/u,
    en: /No microphone was found/u,
  });
  for (const { page } of [forbidden, missing]) {
    assert.ok(await page.locator('form button[type=submit]').isDisabled());
  }
});

scene('a wrong PIN is told, and too many of them are refused for a while', async (_, crowd) => {
  const { context, page } = await crowd.guest();
  const wrong = { ...GUESSED, pin: '54321' };
  await page.goto('/join');
  await fillPin(page, wrong, 'participant');
  await askToEnter(page, 'Zofia');
  await assertDoor(
    page,
    refusal('wrong-pin', {
      pl: /Numer i PIN nie pasują do siebie/u,
      en: /Number and PIN do not fit/u,
    }),
  );
  const again = page.getByRole('button', { name: 'Wejdź ponownie' });
  // Five more by the same person, all at once: the later ones are answered late.
  const data = { name: 'Zofia', language: 'en', number: wrong.number, pin: wrong.pin };
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => context.request.post('/api/v1/join/seat', { data })),
  );
  assert.equal([...new Set(answers.map((answer) => answer.status()))], [403]);
  await again.click();
  await askToEnter(page, 'Zofia');
  await assertDoor(
    page,
    refusal('refused-for-a-while', {
      pl: /Za dużo nieudanych prób[^]*Ponowna próba możliwa za \d/u,
      en: /Too many failed tries[^]*Another try is possible in \d/u,
    }),
  );
  assert.ok(await again.isDisabled());
});

test.run();
