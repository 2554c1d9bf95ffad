import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { useWords } from '../language.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Note } from '../ui/surface.tsx';
import type { Device } from './device-choice.ts';
import { MicrophoneField, SpeakerField } from './device-fields.tsx';
import { keepChoices } from './kept-choices.ts';
import { LevelMeter } from './level-meter.tsx';
import { listDevices } from './microphone.ts';
import { canChooseSpeaker } from './room-audio.ts';
import type { RoomSession } from './room-session.ts';
import type { RoomView } from './room-view.ts';

const words = {
  title: { pl: 'Urządzenia', en: 'Devices' },
  failed: {
    pl: 'Nie udało się użyć tego głośnika. Dźwięk idzie tak jak przedtem.',
    en: 'That loudspeaker could not be used. The sound goes where it went before.',
  },
} as const;

/** Another microphone or loudspeaker, without leaving. */
export function DevicesDialog({
  session,
  view,
  onClose,
}: {
  readonly session: RoomSession;
  readonly view: RoomView;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useWords();
  const { microphones, speakers } = useDevices();
  const [failed, setFailed] = useState<'no' | 'yes'>('no');
  return (
    <Dialog title={t(words.title)} onClose={onClose}>
      <div class="stack">
        <MicrophoneField
          devices={microphones}
          current={view.device}
          onChoose={(device) => {
            keepChoices({ microphone: device });
            session.useMicrophone(device);
          }}
        />
        <LevelMeter microphone={session.openMicrophone} />
        {canChooseSpeaker() && speakers.length > 0 ? (
          <SpeakerField
            devices={speakers}
            current={view.speaker}
            onChoose={(device) => {
              keepChoices({ speaker: device });
              void session
                .useSpeaker(device)
                .then((outcome) => setFailed(outcome === 'done' ? 'no' : 'yes'));
            }}
          />
        ) : null}
        {failed === 'no' ? null : (
          <div role="alert">
            <Note tone="warning">{t(words.failed)}</Note>
          </div>
        )}
      </div>
    </Dialog>
  );
}

function useDevices(): {
  readonly microphones: readonly Device[];
  readonly speakers: readonly Device[];
} {
  const [lists, setLists] = useState<Awaited<ReturnType<typeof listDevices>>>({
    microphones: [],
    speakers: [],
  });
  useEffect(() => {
    const aborter = new AbortController();
    const read = (): void => {
      listDevices().then(setLists, () => undefined);
    };
    read();
    navigator.mediaDevices.addEventListener('devicechange', read, { signal: aborter.signal });
    return () => aborter.abort();
  }, []);
  return lists;
}
