import type { JSX } from 'preact';

import { useWords } from '../language.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Page } from '../ui/page.tsx';
import { Card } from '../ui/surface.tsx';
import { entryWords } from './entry-words.ts';

const words = {
  title: { pl: 'Sprawdź pocztę', en: 'Check your mail' },
  junk: {
    pl: 'Nic nie przyszło po kilku minutach? Zajrzyj do spamu i sprawdź, czy adres jest bez literówki.',
    en: 'Nothing after some minutes? Look into the junk folder, and check the address for a slip.',
  },
  change: { pl: 'Popraw adres', en: 'Correct the address' },
} as const;

/** An e-mail is on its way, if the address is one that we send to. */
export function CheckYourMail({
  email,
  text,
  onCorrect,
}: {
  readonly email: string;
  /** What the e-mail is for. */
  readonly text: string;
  readonly onCorrect: () => void;
}): JSX.Element {
  const t = useWords();
  return (
    <Page title={t(words.title)} width="narrow">
      <Card>
        <p class="sent-to">
          <Icon name="mail" />
          <strong class="break">{email}</strong>
        </p>
        <p>{text}</p>
        <p class="muted">{t(words.junk)}</p>
        <div class="actions">
          <Button onClick={onCorrect}>{t(words.change)}</Button>
          <LinkButton tone="quiet" href="/login">
            {t(entryWords.toLogin)}
          </LinkButton>
        </div>
      </Card>
    </Page>
  );
}
