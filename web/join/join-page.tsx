import './join.css';

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';

import type { JoinPage as JoinData } from '../../server/panel/api/reservation-api.ts';
import { ApiProblem, useNow, useResource } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { BrowserRoom } from '../room/browser-room.tsx';
import { refusalWords } from '../room/refusal-words.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Page } from '../ui/page.tsx';
import { Card, EmptyState, Note, Skeleton } from '../ui/surface.tsx';
import { WhenRange } from '../ui/when.tsx';
import { BrowserCard } from './browser-card.tsx';
import { CallCard } from './call-card.tsx';
import { JoinState } from './join-state.tsx';
import { joinPhase, type JoinPhase } from './join-phase.ts';

const words = {
  title: { pl: 'Telekonferencja', en: 'Phone conference' },
  organiser: {
    pl: (name: string) => `Zaprasza: ${name}`,
    en: (name: string) => `Invited by ${name}`,
  },
  back: { pl: 'Inne sposoby dołączenia', en: 'Other ways to join' },
  access: { pl: 'Dane do wpisania', en: 'What to enter' },
  number: { pl: 'Numer konferencji', en: 'Conference number' },
  pin: { pl: 'PIN', en: 'PIN' },
  note: { pl: 'Wiadomość od organizatora', en: 'Message from the organiser' },
  calendar: { pl: 'Dodaj do kalendarza', en: 'Add to calendar' },
} as const;

const REFRESH_MS = 30_000;

/** What a participant sees who follows the link of an invitation. No account is needed. */
export function JoinPage(): JSX.Element {
  const { params } = useRoute();
  const token = params['token'] ?? '';
  const path = `/join/${encodeURIComponent(token)}`;
  const resource = useResource<JoinData>(path, { refreshMs: REFRESH_MS });
  const [way, setWay] = useState<'choose' | 'browser'>('choose');
  const join = resource.data;
  useInvitationLanguage(join, path);
  if (way === 'browser')
    return <Browser token={token} join={join} onBack={() => setWay('choose')} />;
  if (join === null) return <NoInvitation error={resource.error} />;
  return <Invitation join={join} path={path} onBrowser={() => setWay('browser')} />;
}

function NoInvitation({ error }: { readonly error: unknown }): JSX.Element {
  const t = useWords();
  // A link that is none, or is no longer one.
  const isDead = error instanceof ApiProblem && (error.status === 404 || error.status === 410);
  if (!isDead) {
    return (
      <Page title={t(words.title)} width="narrow">
        {error === null ? <Skeleton lines={5} /> : <ErrorSummary error={error} />}
      </Page>
    );
  }
  const { title, text } = refusalWords(error.code);
  return (
    <Page title={t(title)} width="narrow">
      <div data-refusal={error.code}>
        <EmptyState icon="phone" title={t(title)}>
          <p>{t(text)}</p>
        </EmptyState>
      </div>
    </Page>
  );
}

/** The room, which outlives what becomes of the invitation meanwhile. */
function Browser({
  token,
  join,
  onBack,
}: {
  readonly token: string;
  readonly join: JoinData | null;
  readonly onBack: () => void;
}): JSX.Element {
  const t = useWords();
  return (
    <BrowserRoom
      ticket={{ by: 'link', token }}
      title={join?.title ?? ''}
      others={
        <Button icon="phone" tone="quiet" onClick={onBack}>
          {t(words.back)}
        </Button>
      }
    />
  );
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
  onBrowser,
}: {
  readonly join: JoinData;
  readonly path: string;
  readonly onBrowser: () => void;
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
          <BrowserCard join={join} phase={phase.phase} onBrowser={onBrowser} />
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
