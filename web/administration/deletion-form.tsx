import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { AdminAccount } from '../../server/panel/api/admin-api.ts';
import { api } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Form } from '../ui/form.tsx';
import { useSubmit } from '../ui/submit.ts';
import { TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toast.tsx';

const words = {
  title: { pl: 'Usunięcie konta', en: 'Deletion of the account' },
  text: {
    pl: 'Usuwa konto ze wszystkimi danymi; zaplanowane telekonferencje zostaną odwołane. Tego nie da się cofnąć.',
    en: 'Deletes the account with all its data; planned conferences are cancelled. This cannot be undone.',
  },
  type: {
    pl: (email: string) => `Aby potwierdzić, wpisz: ${email}`,
    en: (email: string) => `To confirm, type: ${email}`,
  },
  action: { pl: 'Usuń konto na zawsze', en: 'Delete the account for ever' },
  done: { pl: 'Konto zostało usunięte', en: 'The account was deleted' },
} as const;

/** Deletes somebody's account, after its address was typed. */
export function DeletionForm({
  account,
  onDone,
}: {
  readonly account: AdminAccount;
  readonly onDone: () => void;
}): JSX.Element {
  const t = useWords();
  const say = useToast();
  const submit = useSubmit();
  const [typed, setTyped] = useState('');
  const isTyped = typed.trim().toLowerCase() === account.email.toLowerCase();
  const erase = async (): Promise<void> => {
    await api.send('DELETE', `/admin/accounts/${encodeURIComponent(account.accountId)}`);
    say(t(words.done));
    onDone();
  };
  return (
    <Disclosure summary={t(words.title)}>
      <Form label={t(words.title)} onSubmit={() => (isTyped ? submit.run(erase) : undefined)}>
        <p>{t(words.text)}</p>
        <ErrorSummary error={submit.error} />
        <TextField label={t(words.type)(account.email)} value={typed} onInput={setTyped} />
        <div class="actions">
          <Button type="submit" tone="danger" busy={submit.busy} disabled={!isTyped}>
            {t(words.action)}
          </Button>
        </div>
      </Form>
    </Disclosure>
  );
}
