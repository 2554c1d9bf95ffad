import type { JSX } from 'preact';

import { useWords } from '../language.tsx';
import { LinkButton } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';

const words = {
  title: { pl: 'Nie ma takiej strony', en: 'There is no such page' },
  lead: {
    pl: 'Adres jest niepełny albo strona została usunięta.',
    en: 'The address is incomplete, or the page was removed.',
  },
  home: { pl: 'Telekonferencje', en: 'Conferences' },
} as const;

/** For addresses that lead nowhere. */
export function NotFoundPage(): JSX.Element {
  const t = useWords();
  return (
    <Page title={t(words.title)} lead={t(words.lead)} width="narrow">
      <div class="actions">
        <LinkButton href="/conferences" tone="primary">
          {t(words.home)}
        </LinkButton>
      </div>
    </Page>
  );
}
