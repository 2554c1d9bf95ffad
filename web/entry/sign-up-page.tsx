import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { SignUp } from '../../server/panel/api/session-api.ts';
import { api } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { viewerZone } from '../time.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Form } from '../ui/form.tsx';
import { Page } from '../ui/page.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Card } from '../ui/surface.tsx';
import { CheckYourMail } from './check-your-mail.tsx';
import { entryWords } from './entry-words.ts';
import { NEW_IDENTITY_PROBLEMS, NewIdentityFields } from './identity-fields.tsx';
import type { NewIdentity } from './identity-fields.tsx';

const words = {
  title: { pl: 'Załóż konto', en: 'Create an account' },
  lead: {
    pl: 'Bezpłatne. Płaci się tylko za SMS-y, jeśli je wybierzesz.',
    en: 'Free of charge. Only SMS cost money, if you choose them.',
  },
  logIn: { pl: 'Zaloguj się', en: 'Log in' },
  mail: {
    pl: 'Wysłaliśmy wiadomość z linkiem. Kliknij go, aby potwierdzić adres i zacząć.',
    en: 'We sent a message with a link. Click it to confirm the address and to begin.',
  },
  invited: {
    pl: 'Konta zakłada się tu na zaproszenie. Poproś o nie administratora.',
    en: 'Accounts are by invitation here. Ask the administrator for one.',
  },
  closed: {
    pl: 'Nie można tu teraz zakładać kont.',
    en: 'No accounts can be created here at present.',
  },
} as const;

/** Opens an account, or says why that cannot be done here. */
export function SignUpPage(): JSX.Element {
  const t = useWords();
  const { settings } = useSession();
  if (settings.signUp === 'open') return <SignUpForm />;
  return (
    <Page title={t(words.title)} width="narrow">
      <Card>
        <p>{t(settings.signUp === 'invited' ? words.invited : words.closed)}</p>
        <div class="actions">
          <LinkButton href="/login">{t(entryWords.toLogin)}</LinkButton>
        </div>
      </Card>
    </Page>
  );
}

function SignUpForm(): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const submit = useSubmit();
  const [form, setForm] = useState<NewIdentity>({ name: '', email: '', password: '' });
  const [stage, setStage] = useState<'form' | 'sent'>('form');
  const signUp = async (): Promise<void> => {
    const zone = viewerZone();
    const email = form.email.trim();
    await api.send('POST', '/accounts', { ...form, email, language, zone } satisfies SignUp);
    setStage('sent');
  };
  if (stage === 'sent') {
    return (
      <CheckYourMail email={form.email} text={t(words.mail)} onCorrect={() => setStage('form')} />
    );
  }
  return (
    <Page title={t(words.title)} lead={t(words.lead)} width="narrow">
      <Card>
        <Form label={t(words.title)} onSubmit={() => submit.run(signUp)}>
          <ErrorSummary error={submit.error} shown={NEW_IDENTITY_PROBLEMS} />
          <NewIdentityFields identity={form} onInput={setForm} error={submit.error} />
          <div class="actions">
            <Button type="submit" tone="primary" busy={submit.busy}>
              {t(words.title)}
            </Button>
          </div>
        </Form>
      </Card>
      <p>
        {t(entryWords.asSomebodyElse)} <a href="/login">{t(words.logIn)}</a>
      </p>
    </Page>
  );
}
