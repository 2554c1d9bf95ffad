import type { JSX } from 'preact';
import { useRoute } from 'preact-iso';

import { useWords } from '../language.tsx';
import { NotFoundPage } from '../layout/not-found-page.tsx';
import { useSession } from '../session.tsx';
import { Page } from '../ui/page.tsx';
import { TabLinks } from '../ui/tab-links.tsx';
import { BalancePart } from './balance-part.tsx';
import { DataPart } from './data-part.tsx';
import { ProfilePart } from './profile-part.tsx';
import { ProgramsPart } from './programs-part.tsx';
import { SecurityPart } from './security-part.tsx';

const words = {
  title: { pl: 'Konto', en: 'Account' },
  profile: { pl: 'Profil', en: 'Profile' },
  security: { pl: 'Logowanie', en: 'Login' },
  balance: { pl: 'Środki na SMS', en: 'Funds for SMS' },
  programs: { pl: 'Programy', en: 'Programs' },
  data: { pl: 'Moje dane', en: 'My data' },
} as const;

const PARTS = [
  { href: '/account', name: 'profile', Part: ProfilePart },
  { href: '/account/security', name: 'security', Part: SecurityPart },
  { href: '/account/balance', name: 'balance', Part: BalancePart },
  { href: '/account/programs', name: 'programs', Part: ProgramsPart },
  { href: '/account/data', name: 'data', Part: DataPart },
] as const;

/** One's own account, in parts. */
export function AccountPage(): JSX.Element {
  const t = useWords();
  const { settings } = useSession();
  const { params } = useRoute();
  const part = params['part'];
  const current = part === undefined ? '/account' : `/account/${part}`;
  const shown = PARTS.find((one) => one.href === current);
  if (shown === undefined) return <NotFoundPage />;
  const parts = PARTS.filter((one) => one.name !== 'balance' || settings.sms.offered);
  const name = t(words[shown.name]);
  return (
    <Page title={shown.name === 'profile' ? t(words.title) : `${t(words.title)}: ${name}`}>
      <TabLinks
        label={t(words.title)}
        current={current}
        tabs={parts.map((one) => ({ href: one.href, label: t(words[one.name]) }))}
      />
      <shown.Part />
    </Page>
  );
}
