import type { JSX } from 'preact';

import type { ReservationView } from '../../server/panel/api/reservation-api.ts';
import { plural, useLanguage, useWords } from '../language.tsx';
import { relative } from '../time.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icon.tsx';
import { WhenRange } from '../ui/when.tsx';
import { atMoment } from './at-moment.ts';
import { detailsPath, editPath } from './paths.ts';
import { titleOf } from './reservation-title.ts';
import { StateBadge } from './state-badge.tsx';

const words = {
  number: { pl: 'Numer', en: 'Number' },
  pin: { pl: 'PIN', en: 'PIN' },
  edit: { pl: 'Zmień', en: 'Edit' },
  remove: { pl: 'Usuń', en: 'Delete' },
  frees: {
    pl: (when: string) => `Miejsce zwolni się ${when}, albo usuń teraz.`,
    en: (when: string) => `Its place is free ${when}, or delete it now.`,
  },
  starts: { pl: (when: string) => `początek ${when}`, en: (when: string) => `starts ${when}` },
  ends: { pl: (when: string) => `koniec ${when}`, en: (when: string) => `ends ${when}` },
  invited: {
    pl: (n: number) =>
      `${n} ${plural('pl', n, { one: 'zaproszona osoba', few: 'zaproszone osoby', many: 'zaproszonych osób', other: 'zaproszonej osoby' })}`,
    en: (n: number) => `${n} ${plural('en', n, { one: 'person', other: 'people' })} invited`,
  },
} as const;

/** One reservation in the list. */
export function ReservationCard({
  reservation,
  nowMs,
  onDelete,
}: {
  readonly reservation: ReservationView;
  readonly nowMs: number;
  readonly onDelete: (reservation: ReservationView) => void;
}): JSX.Element {
  const { language } = useLanguage();
  const title = titleOf(reservation, language);
  const isOver = reservation.state === 'finished';
  return (
    <article class={`card reservation reservation-${reservation.state}`} aria-label={title}>
      <div class="reservation-head">
        <h3>
          <a href={detailsPath(reservation.reservationId)}>{title}</a>
        </h3>
        <StateBadge reservation={reservation} />
      </div>
      <p class="reservation-when">
        <Icon name="conferences" />
        <WhenRange from={reservation.startAt} to={reservation.endAt} zone={reservation.zone} />
      </p>
      <Remark {...{ reservation, nowMs }} />
      <div class="reservation-foot">
        {isOver ? <span /> : <Access reservation={reservation} />}
        <CardActions {...{ reservation, onDelete }} />
      </div>
    </article>
  );
}

function CardActions({
  reservation,
  onDelete,
}: {
  readonly reservation: ReservationView;
  readonly onDelete: (reservation: ReservationView) => void;
}): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const title = titleOf(reservation, language);
  return (
    <div class="actions">
      {reservation.state === 'finished' ? null : (
        <LinkButton
          href={editPath(reservation.reservationId)}
          size="small"
          icon="pencil"
          label={`${t(words.edit)}: ${title}`}
        >
          {t(words.edit)}
        </LinkButton>
      )}
      <Button
        size="small"
        icon="trash"
        tone="danger"
        label={`${t(words.remove)}: ${title}`}
        onClick={() => onDelete(reservation)}
      >
        {t(words.remove)}
      </Button>
    </div>
  );
}

function Access({ reservation }: { readonly reservation: ReservationView }): JSX.Element {
  const t = useWords();
  return (
    <dl class="mini-access">
      {(['number', 'pin'] as const).map((key) => (
        <div key={key}>
          <dt>{t(words[key])}</dt>
          <dd>
            <span class="digits">{reservation[key]}</span>
            <CopyButton text={reservation[key]} what={t(words[key])} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What matters about it now: when it starts or ends, when it leaves its place, how many were invited. */
function Remark({
  reservation,
  nowMs,
}: {
  readonly reservation: ReservationView;
  readonly nowMs: number;
}): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const { startAt, endAt, freesAt, zone, state } = reservation;
  if (state === 'finished') {
    const when = atMoment(freesAt, nowMs, { language, zone });
    return <p class="muted">{t(words.frees)(when)}</p>;
  }
  const invited = new Set([...reservation.emails, ...reservation.phones]).size;
  const clock =
    Date.parse(startAt) > nowMs
      ? t(words.starts)(relative(startAt, nowMs, language))
      : t(words.ends)(relative(endAt, nowMs, language));
  return (
    <p class="muted">
      {clock}
      {invited === 0 ? '' : ` · ${t(words.invited)(invited)}`}
    </p>
  );
}
