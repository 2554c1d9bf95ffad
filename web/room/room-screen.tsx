import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { LiveAction, LivePerson } from '../../server/panel/api/live-api.ts';
import { useWords } from '../language.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Page } from '../ui/page.tsx';
import { Card, Skeleton } from '../ui/surface.tsx';
import { useToast } from '../ui/toast.tsx';
import { Announcer } from './announcer.tsx';
import { Controls } from './controls.tsx';
import { ownPerson } from './live-state.ts';
import { ModeratorBar } from './moderator-bar.tsx';
import { PeopleList, type PersonActions } from './people-list.tsx';
import { QualityNote } from './quality-note.tsx';
import { RoomClock } from './room-clock.tsx';
import { RoomNotices } from './room-notices.tsx';
import type { RoomSession } from './room-session.ts';
import type { RoomView } from './room-view.ts';
import { useRoomView } from './use-room-view.ts';
import { watchSpaceBar } from './space-bar.ts';

const words = {
  untitled: { pl: 'Telekonferencja', en: 'Conference' },
  people: { pl: 'W pokoju', en: 'In the room' },
  remove: { pl: 'Usunąć z konferencji?', en: 'Remove from the conference?' },
  removeText: {
    pl: (name: string) => `${name}: rozmowa tej osoby zostanie zakończona.`,
    en: (name: string) => `${name}: this person's call will be ended.`,
  },
  removeAction: { pl: 'Usuń', en: 'Remove' },
  refused: {
    pl: 'Teraz się nie da: tej osoby już nie ma albo rozmowa jest przerwana.',
    en: 'Not possible now: the person has gone, or the call is interrupted.',
  },
  noWay: {
    pl: 'Nie ma teraz połączenia z serwerem. Spróbuj za chwilę.',
    en: 'There is no connection to the server now. Try again in a moment.',
  },
} as const;

interface RoomScreenProps {
  readonly session: RoomSession;
  readonly title: string;
}

/** The room: who is here, and all that one can do. */
export function RoomScreen({ session, title }: RoomScreenProps): JSX.Element {
  const t = useWords();
  const view = useRoomView(session);
  const act = useAct(session, view.refusals);
  useEffect(() => watchSpaceBar(session.toggleMicrophone), [session]);
  const own = ownPerson(view.live);
  const role = own?.role ?? view.seat.role;
  return (
    <Page
      title={title === '' ? t(words.untitled) : title}
      lead={<RoomClock live={view.live} />}
      width="normal"
    >
      <div
        class="room"
        data-phase="in-room"
        data-way={view.way.state}
        data-feed={view.feed}
        data-microphone={view.microphone}
        data-entered={view.entered}
        data-role={role}
      >
        <RoomNotices session={session} view={view} />
        <PeopleCard view={view} role={role} act={act} />
        <Controls
          session={session}
          view={view}
          role={role}
          hand={own?.hand ?? 'lowered'}
          act={act}
        />
        <Announcer said={view.said} />
      </div>
    </Page>
  );
}

type Act = (action: LiveAction) => void;

function PeopleCard({
  view,
  role,
  act,
}: {
  readonly view: RoomView;
  readonly role: 'participant' | 'moderator';
  readonly act: Act;
}): JSX.Element {
  const t = useWords();
  const [leaving, setLeaving] = useState<LivePerson | null>(null);
  const { people, you, room, freshness } = view.live;
  const actions: PersonActions = {
    mute: ({ personId }) => act({ type: 'mute-person', personId }),
    lowerHand: ({ personId }) => act({ type: 'lower-hand-of', personId }),
    remove: setLeaving,
  };
  const isModerator = role === 'moderator';
  return (
    <Card title={`${t(words.people)} (${people.length})`} aside={<QualityNote view={view} />}>
      {freshness === 'none' ? (
        <Skeleton lines={3} />
      ) : (
        <PeopleList people={people} you={you} actions={isModerator ? actions : null} />
      )}
      {isModerator && room !== null ? <ModeratorBar lock={room.lock} act={act} /> : null}
      {leaving === null ? null : (
        <RemoveDialog person={leaving} act={act} onClose={() => setLeaving(null)} />
      )}
    </Card>
  );
}

function RemoveDialog({
  person,
  act,
  onClose,
}: {
  readonly person: LivePerson;
  readonly act: Act;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useWords();
  return (
    <ConfirmDialog
      title={t(words.remove)}
      action={t(words.removeAction)}
      onConfirm={() => {
        act({ type: 'remove-person', personId: person.personId });
        onClose();
      }}
      onClose={onClose}
    >
      <p>{t(words.removeText)(person.name)}</p>
    </ConfirmDialog>
  );
}

/** Does something at the server, and says so when there is no way to it, or it refuses. */
function useAct(session: RoomSession, refusals: number): Act {
  const t = useWords();
  const say = useToast();
  useEffect(() => {
    if (refusals > 0) say(t(words.refused));
  }, [refusals]);
  return (action) => {
    if (session.act(action) === 'no-way') say(t(words.noWay));
  };
}
