import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { api } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Form } from '../ui/form.tsx';
import { Page } from '../ui/page.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Card } from '../ui/surface.tsx';
import { useToast } from '../ui/toast.tsx';
import { CheckYourMail } from './check-your-mail.tsx';
import { entryWords } from './entry-words.ts';
import { EmailField, NewPasswordField } from './identity-fields.tsx';
import { useEntry } from './use-entry.ts';

const words = {
  askTitle: { pl: 'Nowe hasło', en: 'A new password' },
  askLead: {
    pl: 'Podaj adres swojego konta. Wyślemy link, pod którym ustawisz nowe hasło.',
    en: 'Give the address of your account. We send a link where you set a new password.',
  },
  ask: { pl: 'Wyślij link', en: 'Send the link' },
  mail: {
    pl: 'Jeśli jest konto z tym adresem, link jest już w drodze. Działa tylko przez krótki czas.',
    en: 'If there is an account with this address, the link is on its way. It holds for a short time only.',
  },
  setTitle: { pl: 'Ustaw nowe hasło', en: 'Set a new password' },
  setLead: {
    pl: 'Wylogujemy przy tym wszystkie inne urządzenia.',
    en: 'All other devices are logged out by this.',
  },
  set: { pl: 'Ustaw hasło i zaloguj', en: 'Set the password and log in' },
  done: { pl: 'Hasło zostało zmienione.', en: 'The password was changed.' },
  newLink: { pl: 'Poproś o nowy link', en: 'Ask for a new link' },
} as const;

/** Asks for a link to set a new password. */
export function ResetRequestPage(): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const submit = useSubmit();
  const [email, setEmail] = useState('');
  const [stage, setStage] = useState<'form' | 'sent'>('form');
  const ask = async (): Promise<void> => {
    await api.send('POST', '/password-resets', { email: email.trim(), language });
    setStage('sent');
  };
  if (stage === 'sent') {
    return <CheckYourMail email={email} text={t(words.mail)} onCorrect={() => setStage('form')} />;
  }
  return (
    <Page title={t(words.askTitle)} lead={t(words.askLead)} width="narrow">
      <Card>
        <Form label={t(words.askTitle)} onSubmit={() => submit.run(ask)}>
          <ErrorSummary error={submit.error} shown={['/email']} />
          <EmailField value={email} onInput={setEmail} error={submit.error} />
          <div class="actions">
            <Button type="submit" tone="primary" busy={submit.busy}>
              {t(words.ask)}
            </Button>
            <LinkButton tone="quiet" href="/login">
              {t(entryWords.toLogin)}
            </LinkButton>
          </div>
        </Form>
      </Card>
    </Page>
  );
}

/** The link of a reset: sets a new password and logs in. */
export function ResetPage(): JSX.Element {
  const t = useWords();
  const toast = useToast();
  const { token, enter } = useEntry();
  const submit = useSubmit();
  const [password, setPassword] = useState('');
  const set = async (): Promise<void> => {
    await api.send('POST', '/password-resets/complete', { token, password });
    await enter();
    toast(t(words.done));
  };
  return (
    <Page title={t(words.setTitle)} lead={t(words.setLead)} width="narrow">
      <Card>
        <Form label={t(words.setTitle)} onSubmit={() => submit.run(set)}>
          <ErrorSummary error={submit.error} shown={['/password']} />
          <NewPasswordField
            label={t(entryWords.newPassword)}
            value={password}
            onInput={setPassword}
            error={submit.error}
          />
          <div class="actions">
            <Button type="submit" tone="primary" busy={submit.busy}>
              {t(words.set)}
            </Button>
            {submit.error === null ? null : <a href="/reset">{t(words.newLink)}</a>}
          </div>
        </Form>
      </Card>
    </Page>
  );
}
