import type { JSX } from 'preact';

import type { ReservationView } from '../../server/panel/api/reservation-api.ts';
import { useLanguage, useWords } from '../language.tsx';
import { money } from '../money.ts';
import { useSession } from '../session.tsx';
import { dateTime } from '../time.ts';
import { Card, Facts } from '../ui/surface.tsx';
import { shownPhone } from './recipients.ts';

const words = {
  title: { pl: 'Ustawienia', en: 'Settings' },
  note: { pl: 'Wiadomość', en: 'Message' },
  emails: { pl: 'Adresy mailowe', en: 'E-mail addresses' },
  phones: { pl: 'Numery telefonów', en: 'Phone numbers' },
  language: { pl: 'Język zaproszeń', en: 'Language of invitations' },
  pl: { pl: 'polski', en: 'Polish' },
  en: { pl: 'angielski', en: 'English' },
  announcements: { pl: 'Wejścia i wyjścia', en: 'Entering and leaving' },
  tone: { pl: 'krótki dźwięk', en: 'a short tone' },
  name: { pl: 'nagrane imię', en: 'a recorded name' },
  off: { pl: 'cisza', en: 'silence' },
  sms: { pl: 'SMS', en: 'SMS' },
  'at-booking': { pl: 'po rezerwacji', en: 'after booking' },
  'before-start': { pl: 'przed początkiem', en: 'before the start' },
  zone: { pl: 'Strefa czasowa', en: 'Time zone' },
  cost: { pl: 'Koszt SMS-ów', en: 'Cost of SMS' },
  created: { pl: 'Zarezerwowano', en: 'Booked' },
  deleted: { pl: 'Usunięto', en: 'Deleted' },
  none: { pl: 'brak', en: 'none' },
} as const;

/** How a reservation is set, and what it cost. */
export function FactsCard({ reservation }: { readonly reservation: ReservationView }): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const { settings } = useSession();
  const { emails, phones, note, zone, deletedAt } = reservation;
  const listed = (list: readonly string[]): string => list.join(', ') || t(words.none);
  const style = { language, zone };
  const facts = [
    { name: t(words.emails), value: listed(emails) },
    { name: t(words.phones), value: listed(phones.map(shownPhone)) },
    { name: t(words.sms), value: listed(reservation.sms.map((moment) => t(words[moment]))) },
    {
      name: t(words.cost),
      value: money(reservation.costMilli, settings.sms.currency, language),
    },
    { name: t(words.language), value: t(words[reservation.language]) },
    { name: t(words.announcements), value: t(words[reservation.announcements]) },
    { name: t(words.zone), value: zone.replaceAll('_', ' ') },
    { name: t(words.created), value: dateTime(reservation.createdAt, style) },
    ...(deletedAt === null ? [] : [{ name: t(words.deleted), value: dateTime(deletedAt, style) }]),
  ];
  return (
    <Card title={t(words.title)}>
      <Facts
        facts={[
          ...(note === ''
            ? []
            : [{ name: t(words.note), value: <span class="note-text">{note}</span> }]),
          ...facts,
        ]}
      />
    </Card>
  );
}
