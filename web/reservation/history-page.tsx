import './reservation.css';

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { History } from '../../server/panel/api/reservation-api.ts';
import { api } from '../api-client.ts';
import { plural, useLanguage, useWords } from '../language.tsx';
import { money } from '../money.ts';
import { useSession } from '../session.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Page } from '../ui/page.tsx';
import { Card, EmptyState, Skeleton } from '../ui/surface.tsx';
import { useSubmit, type Submit } from '../ui/submit.ts';
import { WhenRange } from '../ui/when.tsx';
import { durationText } from './duration-text.ts';
import { detailsPath, reservationResource } from './paths.ts';
import { titleOf } from './reservation-title.ts';
import { StateBadge } from './state-badge.tsx';

const words = {
  title: { pl: 'Historia', en: 'History' },
  lead: {
    pl: 'Konferencje, które się zakończyły lub zostały usunięte.',
    en: 'Conferences that are over or were deleted.',
  },
  empty: { pl: 'Historia jest jeszcze pusta', en: 'There is no history yet' },
  emptyText: {
    pl: 'Gdy konferencja się zakończy, znajdziesz tu obecność i koszt.',
    en: 'Once a conference is over, its attendance and cost are here.',
  },
  visits: {
    pl: (n: number) =>
      `${n} ${plural('pl', n, { one: 'wejście', few: 'wejścia', many: 'wejść', other: 'wejścia' })}`,
    en: (n: number) => `${n} ${plural('en', n, { one: 'visit', other: 'visits' })}`,
  },
  nobody: { pl: 'nikt nie dołączył', en: 'nobody joined' },
  together: {
    pl: (long: string) => `razem ${long}`,
    en: (long: string) => `${long} altogether`,
  },
  cost: { pl: (sum: string) => `SMS-y: ${sum}`, en: (sum: string) => `SMS: ${sum}` },
  details: { pl: 'Szczegóły', en: 'Details' },
  more: { pl: 'Pokaż więcej', en: 'Show more' },
} as const;

type Row = History['reservations'][number];

/** Reservations that are over, the latest first. */
export function HistoryPage(): JSX.Element {
  const t = useWords();
  const { rows, nextCursor, submit, more } = useHistory();
  return (
    <Page title={t(words.title)} lead={t(words.lead)}>
      {rows === null ? (
        submit.error === null ? (
          <Skeleton lines={4} />
        ) : null
      ) : rows.length === 0 ? (
        <EmptyState icon="history" title={t(words.empty)}>
          <p>{t(words.emptyText)}</p>
        </EmptyState>
      ) : (
        <ul class="history">
          {rows.map((row) => (
            <li key={row.reservationId}>
              <HistoryCard row={row} />
            </li>
          ))}
        </ul>
      )}
      <ErrorSummary error={submit.error} />
      {nextCursor === null && submit.error === null ? null : (
        <div class="actions">
          <Button busy={submit.busy} onClick={more}>
            {t(words.more)}
          </Button>
        </div>
      )}
    </Page>
  );
}

/** The pages of the history read so far, and the way to the next one. */
function useHistory(): {
  readonly rows: readonly Row[] | null;
  readonly nextCursor: string | null;
  readonly submit: Submit;
  readonly more: () => void;
} {
  const submit = useSubmit();
  const [rows, setRows] = useState<readonly Row[] | null>(null);
  const [nextCursor, setNextCursor] = useState<string | null>(null);
  const more = (): void =>
    submit.run(async () => {
      const after = nextCursor === null ? '' : `&cursor=${encodeURIComponent(nextCursor)}`;
      const { data } = await api.get<History>(`/history?limit=20${after}`);
      setRows((before) => [...(before ?? []), ...data.reservations]);
      setNextCursor(data.nextCursor);
    });
  useEffect(more, []);
  return { rows, nextCursor, submit, more };
}

function HistoryCard({ row }: { readonly row: Row }): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const { settings } = useSession();
  const title = titleOf(row, language);
  const parts = [
    row.visits === 0 ? t(words.nobody) : t(words.visits)(row.visits),
    ...(row.visitMinutes === 0
      ? []
      : [t(words.together)(durationText(row.visitMinutes, language))]),
    ...(row.costMilli === 0
      ? []
      : [t(words.cost)(money(row.costMilli, settings.sms.currency, language))]),
  ];
  return (
    <Card>
      <div class="reservation-head">
        <h2>
          <a href={detailsPath(row.reservationId)}>{title}</a>
        </h2>
        <StateBadge reservation={row} />
      </div>
      <p>
        <WhenRange from={row.startAt} to={row.endAt} zone={row.zone} />
      </p>
      <div class="reservation-foot">
        <p class="muted">{parts.join(' · ')}</p>
        <RowLinks row={row} title={title} />
      </div>
    </Card>
  );
}

function RowLinks({ row, title }: { readonly row: Row; readonly title: string }): JSX.Element {
  const t = useWords();
  return (
    <div class="actions">
      <LinkButton
        href={detailsPath(row.reservationId)}
        size="small"
        label={`${t(words.details)}: ${title}`}
      >
        {t(words.details)}
      </LinkButton>
      {row.visits === 0 ? null : (
        <LinkButton
          href={`/api/v1${reservationResource(row.reservationId, '/attendance.csv')}`}
          download={`konfa-${row.number}.csv`}
          size="small"
          icon="download"
          label={`CSV: ${title}`}
        >
          CSV
        </LinkButton>
      )}
    </div>
  );
}
