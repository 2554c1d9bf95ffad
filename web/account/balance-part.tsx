import type { JSX } from 'preact';

import type { Balance } from '../../server/panel/api/account-api.ts';
import { useResource } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { money } from '../money.ts';
import { useSession } from '../session.tsx';
import { dateTime } from '../time.ts';
import { ResourceView } from '../ui/resource-view.tsx';
import { Card, EmptyState, Facts } from '../ui/surface.tsx';
import { Table } from '../ui/table.tsx';
import { PriceTable } from './price-table.tsx';

const words = {
  funds: { pl: 'Środki na SMS', en: 'Funds for SMS' },
  available: { pl: 'Do wydania teraz', en: 'May be spent now' },
  balance: { pl: 'Saldo', en: 'Balance' },
  limit: { pl: 'Limit na miesiąc', en: 'Monthly limit' },
  spent: { pl: 'Wydane w tym miesiącu', en: 'Spent this month' },
  topUp: {
    pl: 'Konto zasila administrator.',
    en: 'The administrator tops the account up.',
  },
  entries: { pl: 'Historia środków', en: 'Entries' },
  none: { pl: 'Jeszcze nic tu nie ma', en: 'Nothing here yet' },
  at: { pl: 'Kiedy', en: 'When' },
  what: { pl: 'Co', en: 'What' },
  note: { pl: 'Opis', en: 'Note' },
  amount: { pl: 'Kwota', en: 'Amount' },
  prices: { pl: 'Ceny SMS', en: 'Prices of SMS' },
} as const;

const reasons = {
  'top-up': { pl: 'Wpłata', en: 'Top-up' },
  sms: { pl: 'SMS', en: 'SMS' },
  refund: { pl: 'Zwrot', en: 'Refund' },
  adjustment: { pl: 'Korekta', en: 'Adjustment' },
} as const;

/** What SMS have cost and may still cost. */
export function BalancePart(): JSX.Element {
  const t = useWords();
  const balance = useResource<Balance>('/account/balance');
  return (
    <div class="stack">
      <ResourceView resource={balance}>
        {(data) => (
          <>
            <FundsCard balance={data} />
            <EntriesCard balance={data} />
          </>
        )}
      </ResourceView>
      <Card title={t(words.prices)}>
        <PriceTable />
      </Card>
    </div>
  );
}

function FundsCard({ balance }: { readonly balance: Balance }): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const say = (milli: number): string => money(milli, balance.currency, language);
  const limit = balance.monthlyLimitMilli;
  return (
    <Card title={t(words.funds)}>
      <Facts
        facts={[
          {
            name: t(words.available),
            value: <strong class="amount">{say(balance.availableMilli)}</strong>,
          },
          ...(balance.billing === 'balance'
            ? [{ name: t(words.balance), value: say(balance.balanceMilli) }]
            : []),
          ...(limit === null ? [] : [{ name: t(words.limit), value: say(limit) }]),
          { name: t(words.spent), value: say(balance.spentThisMonthMilli) },
        ]}
      />
      <p class="muted small">{balance.billing === 'balance' ? t(words.topUp) : null}</p>
    </Card>
  );
}

function EntriesCard({ balance }: { readonly balance: Balance }): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const { account } = useSession();
  const zone = account?.zone ?? 'UTC';
  return (
    <Card title={t(words.entries)}>
      {balance.entries.length === 0 ? (
        <EmptyState icon="history" title={t(words.none)} />
      ) : (
        <Table
          caption={t(words.entries)}
          rows={balance.entries.map((entry, place) => ({ ...entry, place }))}
          keyOf={(entry) => `${entry.at} ${entry.place}`}
          columns={[
            { heading: t(words.at), cell: (entry) => dateTime(entry.at, { language, zone }) },
            { heading: t(words.what), cell: (entry) => t(reasons[entry.reason]) },
            { heading: t(words.note), cell: (entry) => entry.note },
            {
              heading: t(words.amount),
              kind: 'number',
              cell: (entry) => money(entry.amountMilli, balance.currency, language),
            },
          ]}
        />
      )}
    </Card>
  );
}
