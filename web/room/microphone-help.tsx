import type { JSX } from 'preact';

import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { Note } from '../ui/surface.tsx';
import type { MicrophoneProblem } from './microphone-problem.ts';

const words = {
  insecure: {
    title: {
      pl: 'Ta strona nie może użyć mikrofonu, bo została otwarta przez http.',
      en: 'This page cannot use the microphone, as it was opened over http.',
    },
    step: {
      pl: 'Otwórz ją pod adresem, który zaczyna się od https://. Jeśli to nie działa, zadzwoń telefonem.',
      en: 'Open it at the address that begins with https://. If that does not work, call by telephone.',
    },
  },
  'browser-too-old': {
    title: {
      pl: 'Ta przeglądarka jest za stara, żeby w niej rozmawiać.',
      en: 'This browser is too old to talk in.',
    },
    step: {
      pl: 'Zaktualizuj ją albo użyj aktualnego Firefoksa, Chrome, Edge lub Safari. Możesz też zadzwonić telefonem.',
      en: 'Update it, or use a current Firefox, Chrome, Edge or Safari. You can also call by telephone.',
    },
  },
  denied: {
    title: {
      pl: 'Przeglądarka ma zakaz używania mikrofonu na tej stronie.',
      en: 'The browser is told not to use the microphone on this page.',
    },
    step: {
      pl: 'Kliknij ikonę po lewej stronie paska adresu, zezwól na mikrofon i spróbuj ponownie.',
      en: 'Click the icon at the left of the address bar, allow the microphone and try again.',
    },
  },
  dismissed: {
    title: {
      pl: 'Pytanie o mikrofon zostało zamknięte bez odpowiedzi.',
      en: 'The question about the microphone was closed without an answer.',
    },
    step: {
      pl: 'Spróbuj ponownie i wybierz „Zezwól”.',
      en: 'Try again and choose “Allow”.',
    },
  },
  policy: {
    title: {
      pl: 'To urządzenie nie pozwala przeglądarce używać mikrofonu.',
      en: 'This device does not let the browser use the microphone.',
    },
    step: {
      pl: 'Sprawdź ustawienia prywatności systemu (Mikrofon). Na urządzeniu służbowym może o tym decydować administrator.',
      en: "Check the system's privacy settings (Microphone). On a device of your company an administrator may decide.",
    },
  },
  'none-found': {
    title: { pl: 'Nie znaleziono mikrofonu.', en: 'No microphone was found.' },
    step: {
      pl: 'Podłącz mikrofon lub słuchawki z mikrofonem i spróbuj ponownie.',
      en: 'Plug in a microphone or a headset and try again.',
    },
  },
  'in-use': {
    title: {
      pl: 'Mikrofon jest zajęty albo nie odpowiada.',
      en: 'The microphone is in use or does not answer.',
    },
    step: {
      pl: 'Zamknij inne programy do rozmów i spróbuj ponownie albo wybierz inny mikrofon.',
      en: 'Close other calling programs and try again, or choose another microphone.',
    },
  },
  'device-gone': {
    title: {
      pl: 'Wybrany mikrofon jest odłączony.',
      en: 'The chosen microphone is unplugged.',
    },
    step: {
      pl: 'Podłącz go ponownie albo wybierz inny.',
      en: 'Plug it in again, or choose another one.',
    },
  },
  unknown: {
    title: {
      pl: 'Nie udało się włączyć mikrofonu.',
      en: 'The microphone could not be turned on.',
    },
    step: {
      pl: 'Spróbuj ponownie. Jeśli to nie pomoże, uruchom przeglądarkę od nowa.',
      en: 'Try again. If that does not help, restart the browser.',
    },
  },
  again: { pl: 'Spróbuj ponownie', en: 'Try again' },
} as const;

/** Why there is no microphone, and what to do about it. */
export function MicrophoneHelp({
  problem,
  onRetry,
}: {
  readonly problem: MicrophoneProblem;
  readonly onRetry: () => void;
}): JSX.Element {
  const t = useWords();
  const { title, step } = words[problem];
  // Nothing that one could try again.
  const isLasting = problem === 'insecure' || problem === 'browser-too-old';
  return (
    <div role="alert" data-problem={problem}>
      <Note tone="warning">
        <strong>{t(title)}</strong>
        <p>{t(step)}</p>
        {isLasting ? null : (
          <p class="note-action">
            <Button size="small" onClick={onRetry}>
              {t(words.again)}
            </Button>
          </p>
        )}
      </Note>
    </div>
  );
}
