import './join.css';

import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useRoute } from 'preact-iso';

import type { JoinPage as JoinData } from '../../server/panel/api/reservation-api.ts';
import { ApiProblem, useNow, useResource } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { LinkButton } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Page } from '../ui/page.tsx';
import { Card, EmptyState, Note, Skeleton } from '../ui/surface.tsx';
import { WhenRange } from '../ui/when.tsx';
import { CallCard } from './call-card.tsx';
import { JoinState } from './join-state.tsx';
import { joinPhase, type JoinPhase } from './join-phase.ts';

const words = {
  title: { pl: 'Telekonferencja', en: 'Phone conference' },
  organiser: {
    pl: (name: string) => `Zaprasza: ${name}`,
    en: (name: string) => `Invited by ${name}`,
  },
  missing: { pl: 'Ten link nie działa', en: 'This link does not work' },
  missingText: {
    pl: 'Sprawdź, czy został skopiowany w całości, albo poproś organizatora o nowe zaproszenie.',
    en: 'Check that it was copied as a whole, or ask the organiser for a new invitation.',
  },
  access: { pl: 'Dane do wpisania', en: 'What to enter' },
  number: { pl: 'Numer konferencji', en: 'Conference number' },
  pin: { pl: 'PIN', en: 'PIN' },
  note: { pl: 'Wiadomość od organizatora', en: 'Message from the organiser' },
  calendar: { pl: 'Dodaj do kalendarza', en: 'Add to calendar' },
} as const;

const REFRESH_MS = 30_000;

/** What a participant sees who follows the link of an invitation. No account is needed. */
export function JoinPage(): JSX.Element {
  const t = useWords();
  const { params } = useRoute();
  const path = `/join/${encodeURIComponent(params['token'] ?? '')}`;
  const resource = useResource<JoinData>(path, { refreshMs: REFRESH_MS });
  const join = resource.data;
  useInvitationLanguage(join, path);
  if (join === null) {
    const isMissing = resource.error instanceof ApiProblem && resource.error.status === 404;
    return (
      <Page title={t(isMissing ? words.missing : words.title)} width="narrow">
        {isMissing ? (
          <EmptyState icon="phone" title={t(words.missing)}>
            <p>{t(words.missingText)}</p>
          </EmptyState>
        ) : resource.error === null ? (
          <Skeleton lines={5} />
        ) : (
          <ErrorSummary error={resource.error} />
        )}
      </Page>
    );
  }
  return <Invitation join={join} path={path} />;
}

/**
 * The page begins in the language of the invitation; whoever then chooses another one keeps it. Somebody who is logged
 * in is left alone: switching would be kept in the account.
 */
function useInvitationLanguage(join: JoinData | null, path: string): void {
  const { account } = useSession();
  const context = useLanguage();
  const wanted = join?.language;
  useEffect(() => {
    if (wanted === undefined || account !== null || !isFirstVisit(path)) return;
    if (wanted !== context.language) context.setLanguage(wanted);
  }, [wanted]);
}

function isFirstVisit(path: string): boolean {
  const key = `konfa.visited.${path}`;
  try {
    if (sessionStorage.getItem(key) !== null) return false;
    sessionStorage.setItem(key, 'yes');
  } catch {
    // Where storage is forbidden each visit is the first one.
  }
  return true;
}

function Invitation({
  join,
  path,
}: {
  readonly join: JoinData;
  readonly path: string;
}): JSX.Element {
  const t = useWords();
  const phase = joinPhase(join, useNow(5000));
  const isOver = isPast(phase);
  return (
    <Page
      title={join.title === '' ? t(words.title) : join.title}
      lead={join.organiser === null ? undefined : t(words.organiser)(join.organiser)}
      width="narrow"
    >
      <WhenCard {...{ join, path, phase }} />
      {isOver ? null : (
        <>
          <CallCard join={join} phase={phase.phase} />
          <AccessCard join={join} />
        </>
      )}
      {join.note === '' || isOver ? null : (
        <Note>
          <strong>{t(words.note)}</strong>
          <p class="join-note">{join.note}</p>
        </Note>
      )}
    </Page>
  );
}

function WhenCard({
  join,
  path,
  phase,
}: {
  readonly join: JoinData;
  readonly path: string;
  readonly phase: JoinPhase;
}): JSX.Element {
  const t = useWords();
  return (
    <Card>
      <p class="join-when">
        <WhenRange from={join.startAt} to={join.endAt} zone={join.zone} />
      </p>
      <JoinState phase={phase} join={join} />
      {isPast(phase) ? null : (
        <LinkButton
          href={`/api/v1${path}/calendar.ics`}
          download={`konfa-${join.number}.ics`}
          icon="download"
          size="small"
        >
          {t(words.calendar)}
        </LinkButton>
      )}
    </Card>
  );
}

function isPast({ phase }: JoinPhase): boolean {
  return phase === 'over' || phase === 'cancelled';
}

function AccessCard({ join }: { readonly join: JoinData }): JSX.Element {
  const t = useWords();
  return (
    <Card title={t(words.access)}>
      <dl class="join-access">
        {(['number', 'pin'] as const).map((key) => (
          <div key={key}>
            <dt>{t(words[key])}</dt>
            <dd>
              <span class="join-digits">{join[key]}</span>
              <CopyButton text={join[key]} what={t(words[key])} />
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
