import type { JSX } from 'preact';

import type { Attendance, ReservationView } from '../../server/panel/api/reservation-api.ts';
import { useResource } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { time, date } from '../time.ts';
import { LinkButton } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Badge, Card, Skeleton } from '../ui/surface.tsx';
import { Table } from '../ui/table.tsx';
import { durationText } from './duration-text.ts';
import { reservationResource } from './paths.ts';

const words = {
  title: { pl: 'Obecność', en: 'Attendance' },
  csv: { pl: 'Pobierz CSV', en: 'Download CSV' },
  nobody: { pl: 'Nikt jeszcze nie dołączył.', en: 'Nobody has joined yet.' },
  nobodyCame: { pl: 'Nikt nie dołączył.', en: 'Nobody joined.' },
  name: { pl: 'Kto', en: 'Who' },
  how: { pl: 'Jak', en: 'How' },
  joined: { pl: 'Wejście', en: 'Joined' },
  left: { pl: 'Wyjście', en: 'Left' },
  long: { pl: 'Czas', en: 'Time' },
  phone: { pl: 'telefon', en: 'phone' },
  browser: { pl: 'przeglądarka', en: 'browser' },
  moderator: { pl: 'prowadzący', en: 'moderator' },
} as const;

const REFRESH_MS = 15_000;

/** Who was in the room: name or masked number, from when to when, and how. */
export function AttendanceCard({
  reservation,
}: {
  readonly reservation: ReservationView;
}): JSX.Element {
  const t = useWords();
  const path = reservationResource(reservation.reservationId, '/attendance');
  const isOver = !['open', 'in-progress'].includes(reservation.state);
  const resource = useResource<{ readonly visits: readonly Attendance[] }>(
    path,
    isOver ? {} : { refreshMs: REFRESH_MS },
  );
  const visits = resource.data?.visits ?? null;
  return (
    <Card
      title={t(words.title)}
      aside={
        visits === null || visits.length === 0 ? null : (
          <CsvLink href={`/api/v1${path}.csv`} number={reservation.number} />
        )
      }
    >
      {visits === null ? (
        resource.error === null ? (
          <Skeleton />
        ) : (
          <ErrorSummary error={resource.error} />
        )
      ) : visits.length === 0 ? (
        <p class="muted">{t(isOver ? words.nobodyCame : words.nobody)}</p>
      ) : (
        <Visits visits={visits} zone={reservation.zone} />
      )}
    </Card>
  );
}

function CsvLink({
  href,
  number,
}: {
  readonly href: string;
  readonly number: string;
}): JSX.Element {
  const t = useWords();
  return (
    <LinkButton href={href} download={`konfa-${number}.csv`} size="small" icon="download">
      {t(words.csv)}
    </LinkButton>
  );
}

function Visits({
  visits,
  zone,
}: {
  readonly visits: readonly Attendance[];
  readonly zone: string;
}): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const style = { language, zone };
  const days = new Set(visits.map(({ joinedAt }) => date(joinedAt, style)));
  const moment = (at: string): string =>
    days.size > 1 ? `${date(at, style)}, ${time(at, style)}` : time(at, style);
  return (
    <Table<Attendance & { readonly key: string }>
      caption={t(words.title)}
      rows={visits.map((visit, index) => ({ ...visit, key: String(index) }))}
      keyOf={({ key }) => key}
      columns={[
        {
          heading: t(words.name),
          cell: (visit) => (
            <span class="attendance-who">
              {visit.name}
              {visit.role === 'moderator' ? <Badge tone="info">{t(words.moderator)}</Badge> : null}
            </span>
          ),
        },
        { heading: t(words.joined), cell: ({ joinedAt }) => moment(joinedAt) },
        { heading: t(words.left), cell: ({ leftAt }) => moment(leftAt) },
        { heading: t(words.long), cell: (visit) => durationText(minutesOf(visit), language) },
        { heading: t(words.how), cell: ({ how }) => t(words[how]) },
      ]}
    />
  );
}

function minutesOf({ joinedAt, leftAt }: Attendance): number {
  return Math.max(1, (Date.parse(leftAt) - Date.parse(joinedAt)) / 60_000);
}
