import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/choice-field.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { Form } from '../ui/form.tsx';
import { Icon } from '../ui/icon.tsx';
import { Card, Spinner } from '../ui/surface.tsx';
import { TextField } from '../ui/text-field.tsx';
import type { Device } from './device-choice.ts';
import { MicrophoneField, SpeakerField } from './device-fields.tsx';
import { keepChoices, keptChoices } from './kept-choices.ts';
import { LevelMeter } from './level-meter.tsx';
import { MicrophoneHelp } from './microphone-help.tsx';
import type { Microphone, SoundMode } from './microphone.ts';
import { canChooseSpeaker } from './room-audio.ts';
import { useMicrophone, type LobbyMicrophone } from './use-microphone.ts';

const words = {
  name: { pl: 'Twoje imię', en: 'Your name' },
  nameHint: { pl: 'Widzą je wszyscy w pokoju.', en: 'Everybody in the room sees it.' },
  nameMissing: {
    pl: 'Wpisz imię, żeby inni wiedzieli, kto mówi.',
    en: 'Enter a name, so that others know who speaks.',
  },
  asking: {
    pl: 'Przeglądarka pyta o mikrofon: wybierz „Zezwól”.',
    en: 'The browser asks for the microphone: choose “Allow”.',
  },
  speak: {
    pl: 'Powiedz coś, żeby sprawdzić mikrofon.',
    en: 'Say something to check the microphone.',
  },
  heard: { pl: 'Słyszymy Cię.', en: 'We hear you.' },
  more: { pl: 'Dźwięk', en: 'Sound' },
  original: {
    pl: 'Oryginalny dźwięk (bez tłumienia echa i szumu)',
    en: 'Original sound (echo and noise are not taken out)',
  },
  originalHint: {
    pl: 'Do muzyki, ze słuchawkami.',
    en: 'For music, with headphones.',
  },
  join: { pl: 'Dołącz', en: 'Join' },
} as const;

/** What the lobby hands on. */
export interface LobbyChoice {
  readonly name: string;
  readonly microphone: Microphone;
  readonly sound: SoundMode;
  readonly speaker: Device | null;
}

/** `by-itself`: somebody was in before, or waited, and does not click again. */
export type LobbyStart = 'by-click' | 'by-itself';

/** Name, microphone, a check that one is heard, and in by one click. */
export function Lobby({
  busy,
  start,
  onJoin,
  before,
  children,
}: {
  readonly busy: boolean;
  readonly start: LobbyStart;
  readonly onJoin: (choice: LobbyChoice) => void;
  /** Fields of the form above the name. */
  readonly before?: ComponentChildren;
  /** Below the form. */
  readonly children?: ComponentChildren;
}): JSX.Element {
  const t = useWords();
  const lobby = useMicrophone();
  const [name, setName] = useState(() => keptChoices().name);
  const [speaker, setSpeaker] = useState(() => keptChoices().speaker);
  const [checked, setChecked] = useState<'no' | 'yes'>('no');
  const { state } = lobby;
  useEffect(fetchCallCode, []);
  const join = (): void => {
    setChecked('yes');
    const trimmed = name.trim();
    if (trimmed === '' || state.access !== 'open' || busy) return;
    keepChoices({ name: trimmed });
    lobby.handOver();
    onJoin({ name: trimmed, microphone: state.microphone, sound: lobby.sound, speaker });
  };
  useEffect(() => {
    if (start === 'by-itself' && state.access === 'open') join();
  }, [start, state.access]);
  const isNameless = checked === 'yes' && name.trim() === '';
  return (
    <Card>
      <Form onSubmit={join}>
        {before}
        <NameField name={name} onName={setName} missing={isNameless ? 'yes' : 'no'} />
        <MicrophonePart lobby={lobby} />
        <SpeakerPart speakers={lobby.speakers} speaker={speaker} onChoose={setSpeaker} />
        <Button
          type="submit"
          tone="primary"
          icon="phone"
          busy={busy}
          disabled={state.access !== 'open'}
        >
          {t(words.join)}
        </Button>
        {children}
      </Form>
    </Card>
  );
}

function NameField({
  name,
  onName,
  missing,
}: {
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly missing: 'no' | 'yes';
}): JSX.Element {
  const t = useWords();
  return (
    <TextField
      label={t(words.name)}
      hint={t(words.nameHint)}
      value={name}
      onInput={onName}
      name="guest-name"
      autocomplete="name"
      maxLength={60}
      problems={missing === 'yes' ? [{ code: 'missing', detail: t(words.nameMissing) }] : []}
    />
  );
}

/** The code of calls comes while somebody types a name. */
function fetchCallCode(): void {
  import('./call.ts').catch(() => undefined);
}

function SpeakerPart({
  speakers,
  speaker,
  onChoose,
}: {
  readonly speakers: readonly Device[];
  readonly speaker: Device | null;
  readonly onChoose: (speaker: Device) => void;
}): JSX.Element | null {
  if (speakers.length === 0 || !canChooseSpeaker()) return null;
  return (
    <SpeakerField
      devices={speakers}
      current={speaker}
      onChoose={(device) => {
        onChoose(device);
        keepChoices({ speaker: device });
      }}
    />
  );
}

function MicrophonePart({ lobby }: { readonly lobby: LobbyMicrophone }): JSX.Element {
  const t = useWords();
  const { state } = lobby;
  switch (state.access) {
    case 'asking':
      return (
        <div class="stack-small" data-microphone="asking">
          <Spinner />
          <p>{t(words.asking)}</p>
        </div>
      );
    case 'problem':
      return (
        <div class="stack-small">
          <MicrophoneHelp problem={state.problem} onRetry={() => lobby.choose(null)} />
          {lobby.microphones.length > 1 ? (
            <MicrophoneField
              devices={lobby.microphones}
              current={keptChoices().microphone ?? { deviceId: '', label: '–' }}
              onChoose={lobby.choose}
            />
          ) : null}
        </div>
      );
    case 'open':
      return <OpenMicrophone lobby={lobby} microphone={state.microphone} />;
  }
}

function OpenMicrophone({
  lobby,
  microphone,
}: {
  readonly lobby: LobbyMicrophone;
  readonly microphone: Microphone;
}): JSX.Element {
  const t = useWords();
  const [heard, setHeard] = useState<Microphone | null>(null);
  const isHeard = heard === microphone;
  return (
    <div class="stack-small" data-microphone="open">
      <MicrophoneField
        devices={lobby.microphones}
        current={microphone.device}
        onChoose={lobby.choose}
      />
      <LevelMeter microphone={microphone} onSpeech={() => setHeard(microphone)} />
      <p role="status" class={isHeard ? 'room-heard' : 'muted'} data-heard={isHeard ? 'yes' : 'no'}>
        {isHeard ? <Icon name="check" /> : null}
        {t(isHeard ? words.heard : words.speak)}
      </p>
      <Disclosure summary={t(words.more)}>
        <Checkbox
          label={t(words.original)}
          hint={t(words.originalHint)}
          checked={lobby.sound === 'original'}
          onToggle={() => lobby.setSound(lobby.sound === 'original' ? 'voice' : 'original')}
        />
      </Disclosure>
    </div>
  );
}
