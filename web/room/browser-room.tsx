import './room.css';

import type { ComponentChildren, JSX } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

import { ApiProblem } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Page } from '../ui/page.tsx';
import { endWords } from './end-words.ts';
import { Lobby, type LobbyChoice, type LobbyStart } from './lobby.tsx';
import type { RoomEnd } from './reconnect.ts';
import { refusalOf, refusalWords, type PlainWords } from './refusal-words.ts';
import { RefusalView } from './refusal-view.tsx';
import { RemoveLast } from './remove-last.tsx';
import { RoomScreen } from './room-screen.tsx';
import { RoomSession } from './room-session.ts';
import { askForSeat, type Ticket, type WhenFull } from './seat-client.ts';

const words = {
  lead: {
    pl: 'Rozmowa w przeglądarce: bez instalowania i bez konta.',
    en: 'Talk in the browser: nothing to install, no account.',
  },
  untitled: { pl: 'Telekonferencja', en: 'Conference' },
} as const;

type Phase =
  | {
      readonly phase: 'lobby';
      readonly error: unknown;
      readonly start: LobbyStart;
      readonly whenFull: WhenFull;
    }
  | { readonly phase: 'asking' }
  | { readonly phase: 'refused'; readonly problem: ApiProblem }
  | { readonly phase: 'in-room'; readonly session: RoomSession; readonly title: string }
  | { readonly phase: 'over'; readonly end: RoomEnd };

/**
 * Everything between wanting to talk in the browser and being done with it. `before`: fields above the name, where
 * there is no link; `others`: other ways in, such as the telephone.
 */
export function BrowserRoom({
  ticket,
  title,
  before,
  others,
}: {
  readonly ticket: Ticket;
  readonly title: string;
  readonly before?: ComponentChildren;
  readonly others?: ComponentChildren;
}): JSX.Element {
  const t = useWords();
  const room = useRoom(ticket, title);
  const { phase } = room;
  if (phase.phase === 'in-room') {
    return <RoomScreen session={phase.session} title={phase.title} />;
  }
  return (
    <Page
      title={title === '' ? t(words.untitled) : title}
      lead={phase.phase === 'over' ? undefined : t(words.lead)}
      width="narrow"
    >
      <div class="stack" data-phase={phase.phase}>
        <PhaseView {...{ ...room, before, others }} />
      </div>
    </Page>
  );
}

interface PhaseViewProps extends RoomControl {
  readonly before: ComponentChildren;
  readonly others: ComponentChildren;
}

function PhaseView(props: PhaseViewProps): JSX.Element | null {
  const { phase, join, again, removeLast, before, others } = props;
  if (phase.phase === 'in-room') return null;
  const refusal = refusalOfPhase(phase);
  if (refusal !== null) {
    return (
      <RefusalView {...refusal} onRetry={again}>
        {refusal.code === 'full-moderator' ? <RemoveLast onRemove={removeLast} /> : null}
        {others}
      </RefusalView>
    );
  }
  const start = phase.phase === 'lobby' ? phase.start : 'by-click';
  return (
    <>
      <Lobby busy={phase.phase === 'asking'} start={start} onJoin={join} before={before}>
        {phase.phase === 'lobby' ? <ErrorSummary error={phase.error} /> : null}
      </Lobby>
      {others}
    </>
  );
}

function refusalOfPhase(phase: Phase): {
  readonly said: PlainWords;
  readonly code: string;
  readonly retryAfterSeconds: number | null;
} | null {
  if (phase.phase === 'refused') {
    const { code, retryAfterSeconds } = phase.problem;
    return { said: refusalWords(code), code: refusalOf(code), retryAfterSeconds };
  }
  if (phase.phase !== 'over') return null;
  const { end } = phase;
  return {
    said: endWords(end),
    code: codeOf(end),
    retryAfterSeconds: end.by === 'refusal' ? end.retryAfterSeconds : null,
  };
}

interface RoomControl {
  readonly phase: Phase;
  readonly join: (choice: LobbyChoice) => void;
  /** Through the lobby again, without another click where nothing has to be typed. */
  readonly again: () => void;
  /** The same, and whoever joined last makes room. */
  readonly removeLast: () => void;
}

const LOBBY: Extract<Phase, { readonly phase: 'lobby' }> = {
  phase: 'lobby',
  error: null,
  start: 'by-click',
  whenFull: 'refuse',
};

function useRoom(ticket: Ticket, title: string): RoomControl {
  const { language } = useLanguage();
  const [phase, setPhase] = useState<Phase>(LOBBY);
  const running = useRef<RoomSession | null>(null);
  const alive = useRef<'yes' | 'no'>('yes');
  useEffect(
    () => () => {
      alive.current = 'no';
      running.current?.leave();
    },
    [],
  );

  const join = (choice: LobbyChoice): void => {
    const whenFull = phase.phase === 'lobby' ? phase.whenFull : 'refuse';
    setPhase({ phase: 'asking' });
    askForSeat(ticket, { name: choice.name, language, whenFull })
      .then((seat) => {
        if (alive.current === 'no') {
          choice.microphone.close();
          return;
        }
        const shown = seat.room.title === '' ? title : seat.room.title;
        const session = new RoomSession({ ticket, seat, language, title: shown, ...choice });
        running.current = session;
        session.subscribe(() => {
          const { way } = session.view;
          if (way.state !== 'over' || running.current !== session) return;
          running.current = null;
          setPhase({ phase: 'over', end: way.end });
        });
        setPhase({ phase: 'in-room', session, title: shown });
      })
      .catch((error: unknown) => {
        choice.microphone.close();
        const isRefusal = error instanceof ApiProblem && error.problems.length === 0;
        setPhase(
          isRefusal && error.status < 500
            ? { phase: 'refused', problem: error }
            : { ...LOBBY, error },
        );
      });
  };
  const again = useCallback(
    () =>
      setPhase((before) => ({
        ...LOBBY,
        // Another PIN has to be typed first.
        start:
          before.phase === 'refused' && refusalOf(before.problem.code) === 'wrong-pin'
            ? 'by-click'
            : 'by-itself',
      })),
    [],
  );
  const removeLast = useCallback(
    () => setPhase({ ...LOBBY, start: 'by-itself', whenFull: 'remove-last' }),
    [],
  );
  return { phase, join, again, removeLast };
}

/** Names an end for styles and tests. */
function codeOf(end: RoomEnd): string {
  switch (end.by) {
    case 'server':
      return end.why;
    case 'refusal':
      return refusalOf(end.code);
    case 'network':
      return end.everUp === 'yes' ? 'connection-lost' : `no-${end.fault}`;
  }
}
