import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { LiveAction } from '../../server/panel/api/live-api.ts';
import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { DevicesDialog } from './devices-dialog.tsx';
import { KeypadDialog } from './keypad-dialog.tsx';
import type { RoomSession } from './room-session.ts';
import type { RoomView } from './room-view.ts';

const words = {
  label: { pl: 'Sterowanie', en: 'Controls' },
  mute: { pl: 'Wycisz mnie', en: 'Mute me' },
  unmute: { pl: 'Włącz mikrofon', en: 'Unmute me' },
  space: { pl: 'spacja', en: 'space bar' },
  raise: { pl: 'Podnieś rękę', en: 'Raise hand' },
  lower: { pl: 'Opuść rękę', en: 'Lower hand' },
  keypad: { pl: 'Klawisze', en: 'Keypad' },
  devices: { pl: 'Dźwięk', en: 'Audio' },
  leave: { pl: 'Wyjdź', en: 'Leave' },
  leaveTitle: { pl: 'Wyjść czy zakończyć?', en: 'Leave, or end it?' },
  leaveText: {
    pl: 'Bez Ciebie inni mogą rozmawiać dalej.',
    en: 'Without you the others can go on talking.',
  },
  leaveOnly: { pl: 'Tylko wychodzę', en: 'Only leave' },
  endForAll: { pl: 'Zakończ dla wszystkich', en: 'End for all' },
  stay: { pl: 'Zostaję', en: 'Stay' },
} as const;

type DialogName = 'none' | 'keypad' | 'devices' | 'leave';

/** What one can do in the room. */
export function Controls({
  session,
  view,
  role,
  hand,
  act,
}: {
  readonly session: RoomSession;
  readonly view: RoomView;
  readonly role: 'participant' | 'moderator';
  readonly hand: 'raised' | 'lowered';
  readonly act: (action: LiveAction) => void;
}): JSX.Element {
  const t = useWords();
  const [dialog, setDialog] = useState<DialogName>('none');
  const isRaised = hand === 'raised';
  return (
    <div class="controls" role="group" aria-label={t(words.label)}>
      <MuteButton session={session} microphone={view.microphone} />
      <Control
        name="hand"
        icon="hand"
        label={t(isRaised ? words.lower : words.raise)}
        pressed={isRaised ? 'yes' : 'no'}
        onClick={() => act({ type: 'set-hand', hand: isRaised ? 'lowered' : 'raised' })}
      />
      <ToolControls onOpen={setDialog} />
      <Control
        name="leave"
        icon="logout"
        label={t(words.leave)}
        onClick={() => (role === 'moderator' ? setDialog('leave') : session.leave())}
      />
      <ControlDialog {...{ dialog, session, view, act }} onClose={() => setDialog('none')} />
    </div>
  );
}

function ToolControls({ onOpen }: { readonly onOpen: (dialog: DialogName) => void }): JSX.Element {
  const t = useWords();
  return (
    <>
      <Control
        name="keypad"
        icon="keypad"
        label={t(words.keypad)}
        onClick={() => onOpen('keypad')}
      />
      <Control
        name="devices"
        icon="speaker"
        label={t(words.devices)}
        onClick={() => onOpen('devices')}
      />
    </>
  );
}

function MuteButton({
  session,
  microphone,
}: {
  readonly session: RoomSession;
  readonly microphone: RoomView['microphone'];
}): JSX.Element {
  const t = useWords();
  const isMuted = microphone === 'muted';
  return (
    <button
      type="button"
      class={isMuted ? 'control control-main control-off' : 'control control-main'}
      data-control="microphone"
      aria-pressed={isMuted}
      aria-keyshortcuts="Space"
      onClick={session.toggleMicrophone}
    >
      <Icon name={isMuted ? 'microphone-off' : 'microphone'} />
      <span>{t(isMuted ? words.unmute : words.mute)}</span>
      <kbd class="control-key">{t(words.space)}</kbd>
    </button>
  );
}

function ControlDialog({
  dialog,
  session,
  view,
  act,
  onClose,
}: {
  readonly dialog: DialogName;
  readonly session: RoomSession;
  readonly view: RoomView;
  readonly act: (action: LiveAction) => void;
  readonly onClose: () => void;
}): JSX.Element | null {
  switch (dialog) {
    case 'none':
      return null;
    case 'keypad':
      return <KeypadDialog session={session} onClose={onClose} />;
    case 'devices':
      return <DevicesDialog session={session} view={view} onClose={onClose} />;
    case 'leave':
      return (
        <LeaveDialog
          onLeave={session.leave}
          onEnd={() => {
            onClose();
            act({ type: 'end-for-all' });
          }}
          onClose={onClose}
        />
      );
  }
}

function Control({
  name,
  icon,
  label,
  pressed,
  onClick,
}: {
  readonly name: string;
  readonly icon: IconName;
  readonly label: string;
  /** Of a switch. */
  readonly pressed?: 'yes' | 'no';
  readonly onClick: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class={`control control-${name}${pressed === 'yes' ? ' control-on' : ''}`}
      data-control={name}
      aria-pressed={pressed === undefined ? undefined : pressed === 'yes'}
      onClick={onClick}
    >
      <Icon name={icon} />
      <span>{label}</span>
    </button>
  );
}

function LeaveDialog({
  onLeave,
  onEnd,
  onClose,
}: {
  readonly onLeave: () => void;
  readonly onEnd: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useWords();
  return (
    <Dialog title={t(words.leaveTitle)} onClose={onClose}>
      <div class="stack">
        <p>{t(words.leaveText)}</p>
        <div class="actions">
          <Button onClick={onClose}>{t(words.stay)}</Button>
          <Button tone="danger" onClick={onEnd}>
            {t(words.endForAll)}
          </Button>
          <Button tone="primary" onClick={onLeave}>
            {t(words.leaveOnly)}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
