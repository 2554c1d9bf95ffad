import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Login } from '../../server/panel/api/session-api.ts';
import { api, problemsFor } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Form } from '../ui/form.tsx';
import { Page } from '../ui/page.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Card } from '../ui/surface.tsx';
import { PasswordField } from '../ui/text-field.tsx';
import { entryWords } from './entry-words.ts';
import { EmailField } from './identity-fields.tsx';

const words = {
  title: { pl: 'Zaloguj się', en: 'Log in' },
  lead: {
    pl: 'Rezerwuj telekonferencje, do których dzwoni się z każdego telefonu.',
    en: 'Book conferences that people join from any telephone.',
  },
  forgotten: { pl: 'Nie pamiętasz hasła?', en: 'Forgotten your password?' },
  newHere: { pl: 'Pierwszy raz tutaj?', en: 'New here?' },
  signUp: { pl: 'Załóż konto', en: 'Create an account' },
  help: { pl: 'Jak dołączyć do telekonferencji', en: 'How to join a conference' },
} as const;

/** Logs in. Where to go afterwards is decided by the routes. */
export function LoginPage(): JSX.Element {
  const t = useWords();
  const { settings, refresh } = useSession();
  const submit = useSubmit();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const logIn = async (): Promise<void> => {
    await api.send('POST', '/session', { email: email.trim(), password } satisfies Login);
    await refresh();
  };
  return (
    <Page title={t(words.title)} lead={t(words.lead)} width="narrow">
      <Card>
        <Form label={t(words.title)} onSubmit={() => submit.run(logIn)}>
          <ErrorSummary error={submit.error} shown={['/email', '/password']} />
          <EmailField value={email} onInput={setEmail} error={submit.error} />
          <PasswordField
            label={t(entryWords.password)}
            name="password"
            value={password}
            onInput={setPassword}
            problems={problemsFor(submit.error, '/password')}
          />
          <div class="actions">
            <Button type="submit" tone="primary" busy={submit.busy}>
              {t(words.title)}
            </Button>
            <a href="/reset">{t(words.forgotten)}</a>
          </div>
        </Form>
      </Card>
      {settings.signUp === 'open' ? (
        <p>
          {t(words.newHere)} <a href="/sign-up">{t(words.signUp)}</a>
        </p>
      ) : null}
      <p>
        <a href="/help">{t(words.help)}</a>
      </p>
    </Page>
  );
}
