import { newTokenSchema } from '../../server/panel/api/account-api.ts';
import { groupSchema } from '../../server/panel/api/contact-api.ts';
import { reserve, rest } from './organiser.ts';
import type { Organiser, Reserved } from './organiser.ts';

/** What an account holds once it is in use. */
export interface Furnished {
  /** Opens for callers already; people are invited by e-mail and SMS. */
  readonly open: Reserved;
  /** Begins in some days. */
  readonly planned: Reserved;
  /** Deleted, so that it is in the history alone. */
  readonly past: Reserved;
}

const TEXTS = {
  pl: {
    open: 'Narada zespołu sprzedaży',
    planned: 'Przegląd projektu Żuraw',
    past: 'Rozmowa z dostawcą',
    note: 'Porządek: wyniki listopada, plan na grudzień, pytania.',
    group: 'Sprzedaż',
  },
  en: {
    open: 'Sales team meeting',
    planned: 'Review of project Crane',
    past: 'Talk with the supplier',
    note: 'Agenda: results of November, plan for December, questions.',
    group: 'Sales',
  },
} as const;

const CONTACTS = [
  { name: 'Jan Kowalski', email: 'jan.kowalski@example.com', phone: '501 234 567' },
  { name: 'Ewa Wiśniewska', email: 'ewa.wisniewska@example.com', phone: null },
  { name: 'Małgorzata Zielińska-Brzęczyszczykiewicz', email: null, phone: '601 234 567' },
];

/** Fills an account as people do: reservations, contacts, a token, a webhook. Needs two hours of early entry. */
export async function furnish(who: Organiser, language: 'pl' | 'en'): Promise<Furnished> {
  const texts = TEXTS[language];
  const invited = ['jan.kowalski@example.com', 'ewa.wisniewska@example.com'];
  const past = await reserve(who, 300, { title: texts.past, language });
  await rest(who, { method: 'DELETE', path: `/reservations/${past.reservationId}` });
  const open = await reserve(who, 90, {
    ...{ title: texts.open, note: texts.note, language, emails: invited },
    ...{ phones: ['501 234 567'], sms: ['at-booking', 'before-start'] },
  });
  const planned = await reserve(who, 4000, { title: texts.planned, language, emails: invited });
  const group = groupSchema.parse(
    await rest(who, { method: 'POST', path: '/contact-groups', data: { name: texts.group } }),
  );
  for (const contact of CONTACTS) {
    const data = { ...contact, groupIds: contact.email === null ? [] : [group.groupId] };
    await rest(who, { method: 'POST', path: '/contacts', data });
  }
  const token = { name: 'CRM', scopes: ['reservations:write'], expiresInDays: 90 };
  newTokenSchema.parse(await rest(who, { method: 'POST', path: '/account/tokens', data: token }));
  const hook = { url: 'https://crm.example.com/konfa', events: ['reservation.booked'] };
  await rest(who, { method: 'POST', path: '/webhooks', data: hook });
  return { open, planned, past };
}
