import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';

const words = {
  remove: {
    pl: 'Usuń ostatnią osobę i wejdź',
    en: 'Remove the last one who joined and enter',
  },
  title: { pl: 'Usunąć ostatnią osobę?', en: 'Remove the last one who joined?' },
  text: {
    pl: 'Kto dołączył jako ostatni, zostanie rozłączony, a Ty wejdziesz na jego miejsce.',
    en: 'Whoever joined last is disconnected, and you take their place.',
  },
  action: { pl: 'Usuń i wejdź', en: 'Remove and enter' },
} as const;

/** What a moderator can do who meets a full room: asked for by a click, and confirmed by another. */
export function RemoveLast({ onRemove }: { readonly onRemove: () => void }): JSX.Element {
  const t = useWords();
  const [asking, setAsking] = useState<'no' | 'yes'>('no');
  return (
    <>
      <Button tone="danger" onClick={() => setAsking('yes')}>
        {t(words.remove)}
      </Button>
      {asking === 'no' ? null : (
        <ConfirmDialog
          title={t(words.title)}
          action={t(words.action)}
          onConfirm={onRemove}
          onClose={() => setAsking('no')}
        >
          <p>{t(words.text)}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
