import type { JSX } from 'preact';

import type { NoticeView, ReservationView } from '../../server/panel/api/reservation-api.ts';
import { useNow, useResource, type Resource } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Icon } from '../ui/icon.tsx';
import { Card, Skeleton } from '../ui/surface.tsx';
import { DeliveryLine } from './delivery-line.tsx';
import { byRecipient, countNotices, ownNotices, type NoticesOfRecipient } from './notice-view.ts';
import { reservationResource } from './paths.ts';
import { shownPhone } from './recipients.ts';

const words = {
  title: { pl: 'Powiadomienia', en: 'Notices' },
  nobody: {
    pl: 'Nikt nie został zaproszony przez e-mail ani SMS.',
    en: 'Nobody was invited by e-mail or SMS.',
  },
  own: { pl: 'Wiadomości do Ciebie', en: 'Messages to you' },
  counts: {
    pl: (sent: number, waiting: number, wrong: number) =>
      `wysłane: ${sent} · czekają: ${waiting}${wrong === 0 ? '' : ` · z problemem: ${wrong}`}`,
    en: (sent: number, waiting: number, wrong: number) =>
      `sent: ${sent} · waiting: ${waiting}${wrong === 0 ? '' : ` · with a problem: ${wrong}`}`,
  },
} as const;

/** Fast enough to see messages go out, slow enough to leave the server alone. */
const REFRESH_MS = 5000;

/** Who was told what and when, by person and channel, with what came of it. */
export function DeliveryCard({
  reservation,
}: {
  readonly reservation: ReservationView;
}): JSX.Element {
  const t = useWords();
  const path = reservationResource(reservation.reservationId, '/notices');
  const resource = useResource<{ readonly notices: readonly NoticeView[] }>(path, {
    refreshMs: REFRESH_MS,
  });
  const notices = resource.data?.notices ?? null;
  const counts = notices === null ? null : countNotices(notices);
  return (
    <Card
      title={t(words.title)}
      aside={
        counts === null ? null : (
          <span class="muted small">
            {t(words.counts)(counts.sent, counts.waiting, counts.wrong)}
          </span>
        )
      }
    >
      {notices === null ? (
        <Waiting resource={resource} />
      ) : (
        <Deliveries {...{ notices, reservation }} reload={resource.reload} />
      )}
    </Card>
  );
}

function Waiting({ resource }: { readonly resource: Resource<unknown> }): JSX.Element {
  return resource.error === null ? <Skeleton /> : <ErrorSummary error={resource.error} />;
}

interface DeliveriesProps {
  readonly notices: readonly NoticeView[];
  readonly reservation: ReservationView;
  readonly reload: () => void;
}

function Deliveries({ notices, reservation, reload }: DeliveriesProps): JSX.Element {
  const t = useWords();
  const nowMs = useNow(15_000);
  const people = byRecipient(notices);
  const own = ownNotices(notices);
  const line = { reservation, nowMs, reload };
  return (
    <>
      {people.length === 0 ? <p class="muted">{t(words.nobody)}</p> : null}
      <ul class="deliveries">
        {people.map((person) => (
          <Person key={`${person.channel} ${person.recipient}`} person={person} line={line} />
        ))}
      </ul>
      {own.length === 0 ? null : (
        <Disclosure summary={`${t(words.own)} (${own.length})`}>
          <ul class="deliveries">
            {own.map((notice) => (
              <li key={notice.noticeId} class="delivery">
                <DeliveryLine notice={notice} {...line} />
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
    </>
  );
}

function Person({
  person,
  line,
}: {
  readonly person: NoticesOfRecipient;
  readonly line: Omit<DeliveriesProps, 'notices'> & { readonly nowMs: number };
}): JSX.Element {
  const { language } = useLanguage();
  const { channel, recipient } = person;
  return (
    <li class="delivery" lang={language}>
      <p class="delivery-who">
        <Icon name={channel === 'email' ? 'mail' : 'phone'} />
        <strong class="break">{channel === 'email' ? recipient : shownPhone(recipient)}</strong>
      </p>
      {person.notices.map((notice) => (
        <DeliveryLine key={notice.noticeId} notice={notice} {...line} />
      ))}
    </li>
  );
}
