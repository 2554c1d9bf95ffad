import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';

import { useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';

const words = {
  menu: { pl: 'Menu główne', en: 'Main menu' },
  conferences: { pl: 'Telekonferencje', en: 'Conferences' },
  history: { pl: 'Historia', en: 'History' },
  contacts: { pl: 'Kontakty', en: 'Contacts' },
  account: { pl: 'Konto', en: 'Account' },
  help: { pl: 'Pomoc', en: 'Help' },
  administration: { pl: 'Administracja', en: 'Administration' },
} as const;

const ENTRIES = [
  { href: '/conferences', name: 'conferences', who: 'all' },
  { href: '/history', name: 'history', who: 'all' },
  { href: '/contacts', name: 'contacts', who: 'all' },
  { href: '/account', name: 'account', who: 'all' },
  { href: '/help', name: 'help', who: 'all' },
  { href: '/administration', name: 'administration', who: 'administrator' },
] as const satisfies readonly {
  readonly href: string;
  readonly name: IconName & keyof typeof words;
  readonly who: 'all' | 'administrator';
}[];

/** The side menu. */
export function Menu(): JSX.Element {
  const t = useWords();
  const { path } = useLocation();
  const { account } = useSession();
  return (
    <nav class="menu" aria-label={t(words.menu)}>
      <ul>
        {ENTRIES.filter((entry) => entry.who === 'all' || account?.role === entry.who).map(
          (entry) => (
            <li key={entry.href}>
              <a href={entry.href} aria-current={currentOf(path, entry.href)}>
                <Icon name={entry.name} />
                {t(words[entry.name])}
              </a>
            </li>
          ),
        )}
      </ul>
    </nav>
  );
}

function currentOf(path: string, href: string): 'page' | 'true' | undefined {
  if (path === href) return 'page';
  return path.startsWith(`${href}/`) ? 'true' : undefined;
}
