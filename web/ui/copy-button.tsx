import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { useWords } from '../language.tsx';
import { Button } from './button.tsx';
import { useToast } from './toast.tsx';

const words = {
  copy: { pl: 'Kopiuj', en: 'Copy' },
  copied: { pl: 'Skopiowano', en: 'Copied' },
  refused: {
    pl: 'Przeglądarka nie pozwoliła skopiować. Zaznacz tekst i skopiuj go ręcznie.',
    en: 'The browser did not allow copying. Select the text and copy it by hand.',
  },
} as const;

/** Puts `text` on the clipboard. `what`: what it is, for screen readers and the note. */
export function CopyButton({
  text,
  what,
  size = 'small',
}: {
  readonly text: string;
  readonly what: string;
  readonly size?: 'normal' | 'small';
}): JSX.Element {
  const t = useWords();
  const say = useToast();
  const [copied, setCopied] = useState<'no' | 'yes'>('no');
  return (
    <Button
      size={size}
      icon={copied === 'yes' ? 'check' : 'copy'}
      onClick={() => {
        copyText(text).then(
          () => {
            setCopied('yes');
            say(`${t(words.copied)}: ${what}`);
            setTimeout(() => setCopied('no'), 3000);
          },
          () => say(t(words.refused)),
        );
      }}
    >
      {t(copied === 'yes' ? words.copied : words.copy)}
      <span class="visually-hidden">: {what}</span>
    </Button>
  );
}

async function copyText(text: string): Promise<void> {
  // Without https browsers hide the clipboard; a selected text can be copied there all the same.
  if (window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  // Out of use, but the only way where there is no clipboard.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('the browser did not copy');
}
