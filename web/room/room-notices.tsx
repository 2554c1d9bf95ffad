import type { JSX } from 'preact';

import { useLanguage, useWords } from '../language.tsx';
import { plural } from '../plural.ts';
import { Button } from '../ui/button.tsx';
import { Note } from '../ui/surface.tsx';
import { minutesLeft } from './clock-text.ts';
import { ownPerson } from './live-state.ts';
import { MicrophoneHelp } from './microphone-help.tsx';
import { downSinceMs } from './reconnect.ts';
import type { RoomSession } from './room-session.ts';
import type { RoomView } from './room-view.ts';
import { useSecond } from './use-room-view.ts';

const words = {
  entering: { pl: 'Łączę…', en: 'Connecting…' },
  again: {
    pl: 'Połączenie zostało przerwane. Łączę ponownie…',
    en: 'The connection was interrupted. Reconnecting…',
  },
  keep: {
    pl: 'Twoje miejsce czeka na Ciebie przez minutę.',
    en: 'Your place is kept for a minute.',
  },
  now: { pl: 'Spróbuj teraz', en: 'Try now' },
  feed: {
    pl: 'Lista osób może być nieaktualna: łączę się ponownie z serwerem.',
    en: 'The list of people may be old: reconnecting to the server.',
  },
  blocked: {
    pl: 'Przeglądarka zablokowała dźwięk.',
    en: 'The browser has blocked the sound.',
  },
  turnOn: { pl: 'Włącz dźwięk', en: 'Turn sound on' },
  talking: {
    pl: 'Mówisz, ale Twój mikrofon jest wyciszony. Nikt Cię nie słyszy.',
    en: 'You are talking, but your microphone is muted. Nobody hears you.',
  },
  unmute: { pl: 'Włącz mikrofon', en: 'Unmute me' },
  mutedByModerator: {
    pl: 'Prowadzący wyciszył Twój mikrofon. Możesz go włączyć, gdy chcesz coś powiedzieć.',
    en: 'A moderator has muted your microphone. You may unmute it when you want to speak.',
  },
  switched: {
    pl: (name: string) => `Mikrofon został odłączony. Używam teraz: ${name}.`,
    en: (name: string) => `The microphone was unplugged. Now using: ${name}.`,
  },
  silenced: {
    pl: 'Mikrofon jest wyciszony przez urządzenie lub system (np. przyciskiem na słuchawkach).',
    en: 'The microphone is silenced by the device or its system (such as a button of the headset).',
  },
  locked: {
    pl: 'Pokój jest zamknięty: nikt więcej nie wejdzie.',
    en: 'The room is locked: nobody else can enter.',
  },
} as const;

/** What one has to know now, the most important first. */
export function RoomNotices({
  session,
  view,
}: {
  readonly session: RoomSession;
  readonly view: RoomView;
}): JSX.Element {
  const t = useWords();
  const own = ownPerson(view.live);
  const isMutedByModerator = own?.microphone === 'muted' && own.mutedBy === 'moderator';
  return (
    <div class="room-notices stack-small">
      <WayNotice session={session} view={view} />
      {view.sound === 'blocked' ? <SoundNotice session={session} /> : null}
      {view.talkingWhileMuted === 'yes' ? (
        <TalkingNotice session={session} />
      ) : isMutedByModerator ? (
        <div data-notice="muted-by-moderator">
          <Note>{t(words.mutedByModerator)}</Note>
        </div>
      ) : null}
      <MicrophoneNotice session={session} view={view} />
      {view.live.room?.lock === 'locked' ? <Note>{t(words.locked)}</Note> : null}
      <EndNotice view={view} />
    </div>
  );
}

function SoundNotice({ session }: { readonly session: RoomSession }): JSX.Element {
  const t = useWords();
  return (
    <div role="alert" data-notice="sound-blocked">
      <Note tone="warning">
        <p>{t(words.blocked)}</p>
        <Button size="small" tone="primary" icon="speaker" onClick={session.turnSoundOn}>
          {t(words.turnOn)}
        </Button>
      </Note>
    </div>
  );
}

function TalkingNotice({ session }: { readonly session: RoomSession }): JSX.Element {
  const t = useWords();
  return (
    <div role="alert" data-notice="talking-while-muted">
      <Note tone="warning">
        <p>{t(words.talking)}</p>
        <Button size="small" icon="microphone" onClick={session.toggleMicrophone}>
          {t(words.unmute)}
        </Button>
      </Note>
    </div>
  );
}

function WayNotice({
  session,
  view,
}: {
  readonly session: RoomSession;
  readonly view: RoomView;
}): JSX.Element | null {
  const t = useWords();
  const sinceMs = downSinceMs(view.way);
  if (sinceMs !== null) {
    return <ReconnectingNotice session={session} sinceMs={sinceMs} />;
  }
  if (view.entered === 'no') {
    return (
      <div role="status" data-notice="connecting">
        <Note>{t(words.entering)}</Note>
      </div>
    );
  }
  if (view.feed === 'open') return null;
  return (
    <div role="status" data-notice="feed-lost">
      <Note tone="warning">{t(words.feed)}</Note>
    </div>
  );
}

function ReconnectingNotice({
  session,
  sinceMs,
}: {
  readonly session: RoomSession;
  readonly sinceMs: number;
}): JSX.Element {
  const t = useWords();
  useSecond();
  const seconds = Math.max(0, Math.round((performance.now() - sinceMs) / 1000));
  return (
    <div data-notice="reconnecting">
      <Note tone="warning">
        <p>
          {/* The seconds are for the eyes: read out each time they would drown everything. */}
          <span class="visually-hidden" role="alert">
            {t(words.again)}
          </span>
          <strong aria-hidden="true">
            {t(words.again)} ({seconds} s)
          </strong>
        </p>
        <p>{t(words.keep)}</p>
        <Button size="small" onClick={session.retryNow}>
          {t(words.now)}
        </Button>
      </Note>
    </div>
  );
}

function MicrophoneNotice({
  session,
  view,
}: {
  readonly session: RoomSession;
  readonly view: RoomView;
}): JSX.Element | null {
  const t = useWords();
  const { news } = view;
  switch (news.news) {
    case 'none':
      return null;
    case 'switched':
      return (
        <div role="status" data-notice="microphone-switched">
          <Note>{t(words.switched)(news.name)}</Note>
        </div>
      );
    case 'silenced-by-device':
      return (
        <div role="status" data-notice="microphone-silenced">
          <Note tone="warning">{t(words.silenced)}</Note>
        </div>
      );
    case 'problem':
      return (
        <MicrophoneHelp problem={news.problem} onRetry={() => session.useMicrophone(view.device)} />
      );
  }
}

function EndNotice({ view }: { readonly view: RoomView }): JSX.Element | null {
  const { language } = useLanguage();
  useSecond();
  const endAt = view.live.room?.endAt ?? null;
  if (endAt === null) return null;
  const left = minutesLeft(Date.parse(endAt) - Date.now() - view.live.clockOffsetMs);
  if (left === null) return null;
  return (
    <div role="status" data-notice="ends-soon">
      <Note tone="warning">
        {language === 'pl'
          ? `Konferencja skończy się za ${left} ${plural('pl', left, { one: 'minutę', few: 'minuty', many: 'minut', other: 'minuty' })}.`
          : `The conference ends in ${left} ${plural('en', left, { one: 'minute', other: 'minutes' })}.`}
      </Note>
    </div>
  );
}
