import type { JSX } from 'preact';

import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Note } from '../ui/surface.tsx';

const words = {
  once: {
    pl: 'Skopiuj go teraz: zobaczysz go tylko ten jeden raz.',
    en: 'Copy it now: it is shown this once only.',
  },
  secret: { pl: 'sekret', en: 'secret' },
  done: { pl: 'Gotowe', en: 'Done' },
} as const;

/** A secret that the server does not tell again. */
export function SecretOnce({
  secret,
  onClose,
}: {
  readonly secret: string;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useWords();
  return (
    <div class="stack-small">
      <Note tone="warning">{t(words.once)}</Note>
      <p class="secret">{secret}</p>
      <div class="actions">
        <CopyButton text={secret} what={t(words.secret)} size="normal" />
        <Button tone="primary" onClick={onClose}>
          {t(words.done)}
        </Button>
      </div>
    </div>
  );
}
