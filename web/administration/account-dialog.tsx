import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { AdminAccount } from '../../server/panel/api/admin-api.ts';
import { api, problemsFor } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { milliOf, milliText, money } from '../money.ts';
import { useSession } from '../session.tsx';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/choice-field.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Form } from '../ui/form.tsx';
import { useSubmit } from '../ui/submit.ts';
import { TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toast.tsx';
import { DeletionForm } from './deletion-form.tsx';
import { RoleSelect, type Role } from './role-select.tsx';

const words = {
  state: { pl: 'Dostęp', en: 'Access' },
  active: { pl: 'może się logować', en: 'may log in' },
  suspended: { pl: 'zawieszony', en: 'suspended' },
  limit: { pl: 'Własny miesięczny limit na SMS', en: 'Own monthly limit for SMS' },
  limitHint: {
    pl: (currency: string) => `W ${currency}. Puste: jak w konfiguracji serwera.`,
    en: (currency: string) => `In ${currency}. Empty: as the server is configured.`,
  },
  save: { pl: 'Zapisz zmiany', en: 'Save the changes' },
  saved: { pl: 'Zapisano', en: 'Saved' },
  funds: { pl: 'Środki', en: 'Funds' },
  balance: { pl: 'Saldo:', en: 'Balance:' },
  amount: { pl: 'Kwota', en: 'Amount' },
  amountHint: {
    pl: (currency: string) => `W ${currency}. Z minusem: odejmuje.`,
    en: (currency: string) => `In ${currency}. With a minus: takes off.`,
  },
  reason: { pl: 'Powód', en: 'Reason' },
  topUp: { pl: 'wpłata', en: 'top-up' },
  adjustment: { pl: 'korekta', en: 'adjustment' },
  note: { pl: 'Opis', en: 'Note' },
  book: { pl: 'Zaksięguj', en: 'Book' },
  booked: { pl: 'Zaksięgowano', en: 'Booked' },
  notAnAmount: { pl: 'Wpisz kwotę, np. 20 albo 12,50.', en: 'Give an amount such as 20 or 12.50.' },
} as const;

interface ForAccount {
  readonly account: AdminAccount;
  readonly onDone: () => void;
}

/** What an administrator may do with an account. */
export function AccountDialog({
  account,
  onClose,
}: {
  readonly account: AdminAccount;
  readonly onClose: () => void;
}): JSX.Element {
  return (
    <Dialog title={account.name === '' ? account.email : account.name} onClose={onClose}>
      <div class="stack">
        <p class="muted break">{account.email}</p>
        <ChangeForm account={account} onDone={onClose} />
        <hr />
        <FundsForm account={account} onDone={onClose} />
        <hr />
        <DeletionForm account={account} onDone={onClose} />
      </div>
    </Dialog>
  );
}

function pathOf(account: AdminAccount): string {
  return `/admin/accounts/${encodeURIComponent(account.accountId)}`;
}

function ChangeForm({ account, onDone }: ForAccount): JSX.Element {
  const t = useWords();
  const say = useToast();
  const { currency } = useSession().settings.sms;
  const submit = useSubmit();
  const mayChangeState = account.state === 'active' || account.state === 'suspended';
  const stateNow = account.state === 'suspended' ? 'suspended' : 'active';
  const [role, setRole] = useState<Role>(account.role);
  const [state, setState] = useState<'active' | 'suspended'>(stateNow);
  const [limit, setLimit] = useState(milliText(account.monthlyLimitMilli));
  const limitMilli = limit.trim() === '' ? null : milliOf(limit);
  const save = async (): Promise<void> => {
    await api.send('PATCH', pathOf(account), {
      ...(role === account.role ? {} : { role }),
      ...(state === stateNow ? {} : { state }),
      ...(limitMilli === account.monthlyLimitMilli ? {} : { monthlyLimitMilli: limitMilli }),
    });
    say(t(words.saved));
    onDone();
  };
  const isWrong = limit.trim() !== '' && (limitMilli === null || limitMilli < 0);
  return (
    <Form label={t(words.save)} onSubmit={() => (isWrong ? undefined : submit.run(save))}>
      <ErrorSummary error={submit.error} shown={['/role', '/state', '/monthlyLimitMilli']} />
      <RoleSelect role={role} onChange={setRole} error={submit.error} />
      {mayChangeState ? (
        <AccessSelect state={state} onChange={setState} error={submit.error} />
      ) : null}
      <AmountField
        label={t(words.limit)}
        hint={t(words.limitHint)(currency)}
        value={limit}
        onInput={setLimit}
        isWrong={isWrong}
        problems={problemsFor(submit.error, '/monthlyLimitMilli')}
      />
      <div class="actions">
        <Button type="submit" tone="primary" busy={submit.busy}>
          {t(words.save)}
        </Button>
      </div>
    </Form>
  );
}

function FundsForm({ account, onDone }: ForAccount): JSX.Element {
  const t = useWords();
  const say = useToast();
  const { currency } = useSession().settings.sms;
  const submit = useSubmit();
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState<'top-up' | 'adjustment'>('top-up');
  const [note, setNote] = useState('');
  const amountMilli = milliOf(amount);
  const book = async (): Promise<void> => {
    await api.send('POST', `${pathOf(account)}/ledger`, { amountMilli, reason, note });
    say(t(words.booked));
    onDone();
  };
  return (
    <Form
      label={t(words.funds)}
      onSubmit={() => (amountMilli === null ? undefined : submit.run(book))}
    >
      <FundsHeading account={account} />
      <ErrorSummary error={submit.error} shown={['/amountMilli', '/note']} />
      <AmountField
        label={t(words.amount)}
        hint={t(words.amountHint)(currency)}
        value={amount}
        onInput={setAmount}
        isWrong={amount.trim() !== '' && amountMilli === null}
        problems={problemsFor(submit.error, '/amountMilli')}
      />
      <ReasonSelect reason={reason} onChange={setReason} />
      <TextField
        label={t(words.note)}
        need="optional"
        value={note}
        maxLength={500}
        onInput={setNote}
        problems={problemsFor(submit.error, '/note')}
      />
      <div class="actions">
        <Button type="submit" busy={submit.busy} disabled={amountMilli === null}>
          {t(words.book)}
        </Button>
      </div>
    </Form>
  );
}

function FundsHeading({ account }: { readonly account: AdminAccount }): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const { currency, billing } = useSession().settings.sms;
  if (billing !== 'balance') return <h3>{t(words.funds)}</h3>;
  return (
    <h3>
      {t(words.funds)} – {t(words.balance)} {money(account.balanceMilli, currency, language)}
    </h3>
  );
}

type Access = 'active' | 'suspended';

function AccessSelect({
  state,
  onChange,
  error,
}: {
  readonly state: Access;
  readonly onChange: (state: Access) => void;
  readonly error: unknown;
}): JSX.Element {
  const t = useWords();
  return (
    <Select<Access>
      label={t(words.state)}
      value={state}
      onChange={onChange}
      choices={[
        { value: 'active', label: t(words.active) },
        { value: 'suspended', label: t(words.suspended) },
      ]}
      problems={problemsFor(error, '/state')}
    />
  );
}

type Reason = 'top-up' | 'adjustment';

function ReasonSelect({
  reason,
  onChange,
}: {
  readonly reason: Reason;
  readonly onChange: (reason: Reason) => void;
}): JSX.Element {
  const t = useWords();
  return (
    <Select<Reason>
      label={t(words.reason)}
      value={reason}
      onChange={onChange}
      choices={[
        { value: 'top-up', label: t(words.topUp) },
        { value: 'adjustment', label: t(words.adjustment) },
      ]}
    />
  );
}

function AmountField({
  isWrong,
  problems,
  ...field
}: {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** Whether what is typed is no amount. */
  readonly isWrong: boolean;
  readonly problems: ReturnType<typeof problemsFor>;
}): JSX.Element {
  const t = useWords();
  const own = [{ code: 'bad-amount', detail: t(words.notAnAmount) }];
  return <TextField {...field} inputMode="decimal" problems={isWrong ? own : problems} />;
}
