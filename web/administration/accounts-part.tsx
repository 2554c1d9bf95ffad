import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { AccountList, AdminAccount } from '../../server/panel/api/admin-api.ts';
import { serverNowMs } from '../api-client.ts';
import { useCursorList, type CursorPage } from '../cursor-list.ts';
import { useLanguage, useWords } from '../language.tsx';
import { money } from '../money.ts';
import { useSession } from '../session.tsx';
import { relative } from '../time.ts';
import { Button } from '../ui/button.tsx';
import { CursorListView } from '../ui/cursor-list-view.tsx';
import { Badge, Card, EmptyState } from '../ui/surface.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { TextField } from '../ui/text-field.tsx';
import { AccountDialog } from './account-dialog.tsx';
import { InvitationDialog } from './invitation-dialog.tsx';

const words = {
  title: { pl: 'Użytkownicy', en: 'Users' },
  search: { pl: 'Szukaj w nazwach i adresach', en: 'Search names and addresses' },
  invite: { pl: 'Zaproś', en: 'Invite' },
  none: { pl: 'Nikogo nie znaleziono', en: 'Nobody was found' },
  who: { pl: 'Kto', en: 'Who' },
  state: { pl: 'Stan', en: 'State' },
  lastLogin: { pl: 'Ostatnie logowanie', en: 'Last login' },
  never: { pl: 'nigdy', en: 'never' },
  active: { pl: 'Rezerwacje', en: 'Reservations' },
  balance: { pl: 'Saldo', en: 'Balance' },
  spent: { pl: 'W tym miesiącu', en: 'This month' },
  actions: { pl: 'Czynności', en: 'Actions' },
  manage: { pl: 'Zarządzaj', en: 'Manage' },
  manageWho: { pl: (who: string) => `Zarządzaj: ${who}`, en: (who: string) => `Manage: ${who}` },
  administrator: { pl: 'administrator', en: 'administrator' },
} as const;

const stateWords = {
  invited: { pl: 'zaproszony', en: 'invited' },
  unconfirmed: { pl: 'niepotwierdzony', en: 'unconfirmed' },
  active: { pl: 'aktywny', en: 'active' },
  suspended: { pl: 'zawieszony', en: 'suspended' },
} as const;

const STATE_TONES = {
  invited: 'info',
  unconfirmed: 'warning',
  active: 'good',
  suspended: 'bad',
} as const;

/** Pause after the last key before the search is sent. */
const SEARCH_PAUSE_MS = 300;

/** The accounts of this server. */
export function AccountsPart(): JSX.Element {
  const t = useWords();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const [dialog, setDialog] = useState<AdminAccount | 'invite' | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), SEARCH_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const query = asked === '' ? '' : `&text=${encodeURIComponent(asked)}`;
  const list = useCursorList<AccountList, AdminAccount>(`/admin/accounts?limit=50${query}`, pageOf);
  const columns = useColumns(setDialog);
  const close = (): void => {
    setDialog(null);
    list.reload();
  };
  return (
    <Card>
      <div class="search">
        <TextField label={t(words.search)} type="search" value={text} onInput={setText} />
        <Button tone="primary" icon="plus" onClick={() => setDialog('invite')}>
          {t(words.invite)}
        </Button>
      </div>
      <CursorListView list={list} empty={<EmptyState icon="contacts" title={t(words.none)} />}>
        {(rows) => (
          <Table
            caption={t(words.title)}
            columns={columns}
            rows={rows}
            keyOf={(account) => account.accountId}
          />
        )}
      </CursorListView>
      {dialog === 'invite' ? <InvitationDialog onClose={close} /> : null}
      {dialog === null || dialog === 'invite' ? null : (
        <AccountDialog account={dialog} onClose={close} />
      )}
    </Card>
  );
}

function pageOf(answer: AccountList): CursorPage<AdminAccount> {
  return { rows: answer.accounts, nextCursor: answer.nextCursor };
}

function useColumns(manage: (account: AdminAccount) => void): Column<AdminAccount>[] {
  const t = useWords();
  const { language } = useLanguage();
  const { currency, billing } = useSession().settings.sms;
  // Without money paid in, a balance is only what was spent, with a minus.
  const balance: Column<AdminAccount> = {
    heading: t(words.balance),
    kind: 'number',
    cell: (account) => money(account.balanceMilli, currency, language),
  };
  return [
    {
      heading: t(words.who),
      cell: (account) => (
        <span class="person">
          <strong>{account.name === '' ? account.email : account.name}</strong>
          {account.name === '' ? null : <span class="muted small break">{account.email}</span>}
        </span>
      ),
    },
    {
      heading: t(words.state),
      cell: ({ state, role }) => (
        <span class="badges">
          <Badge tone={STATE_TONES[state]}>{t(stateWords[state])}</Badge>
          {role === 'administrator' ? <Badge>{t(words.administrator)}</Badge> : null}
        </span>
      ),
    },
    {
      heading: t(words.lastLogin),
      cell: ({ lastLoginAt }) =>
        lastLoginAt === null ? t(words.never) : relative(lastLoginAt, serverNowMs(), language),
    },
    {
      heading: t(words.active),
      kind: 'number',
      cell: (account) => account.activeReservations,
    },
    ...(billing === 'balance' ? [balance] : []),
    {
      heading: t(words.spent),
      kind: 'number',
      cell: (account) => money(account.spentThisMonthMilli, currency, language),
    },
    {
      heading: t(words.actions),
      kind: 'actions',
      cell: (account) => (
        <Button
          size="small"
          label={t(words.manageWho)(account.email)}
          onClick={() => manage(account)}
        >
          {t(words.manage)}
        </Button>
      ),
    },
  ];
}
