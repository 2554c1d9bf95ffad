import type { JSX } from 'preact';
import { useRoute } from 'preact-iso';

import { PriceTable } from '../account/price-table.tsx';
import { useWords } from '../language.tsx';
import { NotFoundPage } from '../layout/not-found-page.tsx';
import { useSession } from '../session.tsx';
import { Page } from '../ui/page.tsx';
import { Card } from '../ui/surface.tsx';
import { TabLinks } from '../ui/tab-links.tsx';
import { AccountsPart } from './accounts-part.tsx';
import { HealthPart } from './health-part.tsx';

const words = {
  title: { pl: 'Administracja', en: 'Administration' },
  health: { pl: 'Stan', en: 'Health' },
  accounts: { pl: 'Użytkownicy', en: 'Users' },
  prices: { pl: 'Cennik SMS', en: 'SMS prices' },
  pricesText: {
    pl: 'Ceny ustawia się w pliku config.json (notices.sms); serwer czyta je na nowo po jego zmianie.',
    en: 'Prices are set in config.json (notices.sms); the server reads it again when it changes.',
  },
} as const;

const PARTS = [
  { href: '/administration', name: 'health', Part: HealthPart },
  { href: '/administration/accounts', name: 'accounts', Part: AccountsPart },
  { href: '/administration/prices', name: 'prices', Part: PricesPart },
] as const;

/** For administrators: how the server does, who uses it, what SMS cost. */
export function AdministrationPage(): JSX.Element {
  const t = useWords();
  const { account } = useSession();
  const { params } = useRoute();
  const part = params['part'];
  const current = part === undefined ? '/administration' : `/administration/${part}`;
  const shown = PARTS.find((one) => one.href === current);
  if (shown === undefined || account?.role !== 'administrator') return <NotFoundPage />;
  return (
    <Page title={`${t(words.title)}: ${t(words[shown.name])}`} width="wide">
      <TabLinks
        label={t(words.title)}
        current={current}
        tabs={PARTS.map((one) => ({ href: one.href, label: t(words[one.name]) }))}
      />
      <shown.Part />
    </Page>
  );
}

function PricesPart(): JSX.Element {
  const t = useWords();
  return (
    <Card title={t(words.prices)}>
      <p class="muted">{t(words.pricesText)}</p>
      <PriceTable />
    </Card>
  );
}
