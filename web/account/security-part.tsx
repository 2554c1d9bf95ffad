import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { api, problemsFor } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Form } from '../ui/form.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Card, Note } from '../ui/surface.tsx';
import { PasswordField, TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toast.tsx';
import { SessionsCard } from './sessions-card.tsx';

const words = {
  password: { pl: 'Zmiana hasła', en: 'Change the password' },
  present: { pl: 'Obecne hasło', en: 'Present password' },
  next: { pl: 'Nowe hasło', en: 'New password' },
  nextHint: {
    pl: (n: number) => `Co najmniej ${n} znaków. Inne urządzenia zostaną wylogowane.`,
    en: (n: number) => `At least ${n} characters. Other devices will be logged out.`,
  },
  change: { pl: 'Zmień hasło', en: 'Change the password' },
  changed: { pl: 'Hasło zostało zmienione', en: 'The password was changed' },
  email: { pl: 'Zmiana adresu e-mail', en: 'Change the e-mail address' },
  now: { pl: 'Teraz:', en: 'Now:' },
  newEmail: { pl: 'Nowy adres e-mail', en: 'New e-mail address' },
  sendLink: { pl: 'Wyślij link na nowy adres', en: 'Send a link to the new address' },
  sent: {
    pl: (email: string) =>
      `Wysłaliśmy link na ${email}. Adres zmieni się, gdy go klikniesz; do tego czasu obowiązuje obecny.`,
    en: (email: string) =>
      `We sent a link to ${email}. The address changes when you click it; until then the present one holds.`,
  },
} as const;

/** Password, e-mail address, and where the account is logged in. */
export function SecurityPart(): JSX.Element {
  return (
    <div class="stack">
      <div class="columns">
        <PasswordCard />
        <EmailCard />
      </div>
      <SessionsCard />
    </div>
  );
}

function PasswordCard(): JSX.Element {
  const t = useWords();
  const { settings, refresh } = useSession();
  const say = useToast();
  const submit = useSubmit();
  const [password, setPassword] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const change = async (): Promise<void> => {
    await api.send('POST', '/account/password', { password, newPassword });
    setPassword('');
    setNewPassword('');
    await refresh();
    say(t(words.changed));
  };
  return (
    <Card title={t(words.password)}>
      <Form label={t(words.password)} onSubmit={() => submit.run(change)}>
        <ErrorSummary error={submit.error} shown={['/password', '/newPassword']} />
        <PasswordField
          label={t(words.present)}
          name="password"
          value={password}
          onInput={setPassword}
          problems={problemsFor(submit.error, '/password')}
        />
        <PasswordField
          label={t(words.next)}
          hint={t(words.nextHint)(settings.passwordCharacters)}
          name="new-password"
          autocomplete="new-password"
          value={newPassword}
          onInput={setNewPassword}
          problems={problemsFor(submit.error, '/newPassword')}
        />
        <div class="actions">
          <Button type="submit" tone="primary" busy={submit.busy}>
            {t(words.change)}
          </Button>
        </div>
      </Form>
    </Card>
  );
}

function EmailCard(): JSX.Element {
  const t = useWords();
  const { account } = useSession();
  const submit = useSubmit();
  const [password, setPassword] = useState('');
  const [newEmail, setNewEmail] = useState('');
  const [sentTo, setSentTo] = useState<string | null>(null);
  const ask = async (): Promise<void> => {
    await api.send('POST', '/account/email', { password, newEmail: newEmail.trim() });
    setPassword('');
    setNewEmail('');
    setSentTo(newEmail.trim());
  };
  return (
    <Card title={t(words.email)}>
      <p class="break">
        {t(words.now)} <strong>{account?.email}</strong>
      </p>
      <SentNote email={sentTo} />
      <Form label={t(words.email)} onSubmit={() => submit.run(ask)}>
        <ErrorSummary error={submit.error} shown={['/password', '/newEmail']} />
        <TextField
          label={t(words.newEmail)}
          type="email"
          name="email"
          autocomplete="email"
          value={newEmail}
          onInput={setNewEmail}
          problems={problemsFor(submit.error, '/newEmail')}
        />
        <PasswordField
          label={t(words.present)}
          name="password"
          value={password}
          onInput={setPassword}
          problems={problemsFor(submit.error, '/password')}
        />
        <div class="actions">
          <Button type="submit" tone="primary" busy={submit.busy}>
            {t(words.sendLink)}
          </Button>
        </div>
      </Form>
    </Card>
  );
}

function SentNote({ email }: { readonly email: string | null }): JSX.Element {
  const t = useWords();
  return (
    <div role="status">
      {email === null ? null : <Note tone="good">{t(words.sent)(email)}</Note>}
    </div>
  );
}
