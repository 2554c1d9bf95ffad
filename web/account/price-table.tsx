import type { JSX } from 'preact';

import { useLanguage, useWords } from '../language.tsx';
import { money } from '../money.ts';
import { useSession } from '../session.tsx';
import { Table } from '../ui/table.tsx';

const words = {
  caption: { pl: 'Ceny SMS według numeru', en: 'Prices of SMS by number' },
  prefix: { pl: 'Numery zaczynające się od', en: 'Numbers that begin with' },
  price: { pl: 'Cena jednej części SMS-a', en: 'Price of one segment' },
  none: {
    pl: 'SMS-y nie są tu wysyłane: żaden kraj nie ma ceny.',
    en: 'No SMS are sent here: no country has a price.',
  },
  others: {
    pl: 'Na inne numery SMS-y nie są wysyłane. Wiadomość mieści się zwykle w jednej części (160 znaków).',
    en: 'No SMS go to other numbers. A message usually fits one segment (160 characters).',
  },
} as const;

/** What an SMS costs, by country. */
export function PriceTable(): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const { sms } = useSession().settings;
  if (sms.prices.length === 0) return <p>{t(words.none)}</p>;
  return (
    <>
      <Table
        caption={t(words.caption)}
        rows={sms.prices}
        keyOf={(price) => price.prefix}
        columns={[
          { heading: t(words.prefix), cell: (price) => <code>{withPlus(price.prefix)}</code> },
          {
            heading: t(words.price),
            kind: 'number',
            cell: (price) => money(price.perSegmentMilli, sms.currency, language),
          },
        ]}
      />
      <p class="muted small">{t(words.others)}</p>
    </>
  );
}

function withPlus(prefix: string): string {
  return prefix.startsWith('+') ? prefix : `+${prefix}`;
}
