import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { api } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { viewerZone } from '../time.ts';
import { Button } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Form } from '../ui/form.tsx';
import { Page } from '../ui/page.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Card } from '../ui/surface.tsx';
import { entryWords } from './entry-words.ts';
import { NameField, NewPasswordField } from './identity-fields.tsx';
import { useEntry } from './use-entry.ts';

const words = {
  title: { pl: 'Przyjmij zaproszenie', en: 'Accept the invitation' },
  lead: {
    pl: 'Podaj, jak się nazywasz, i ustaw hasło — konto jest gotowe.',
    en: 'Say who you are and set a password — the account is ready.',
  },
  action: { pl: 'Zacznij', en: 'Begin' },
} as const;

/** The link of an administrator's invitation. */
export function AcceptPage(): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const { token, enter } = useEntry();
  const submit = useSubmit();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const accept = async (): Promise<void> => {
    const zone = viewerZone();
    await api.send('POST', '/accounts/accept', { token, name, password, language, zone });
    await enter();
  };
  return (
    <Page title={t(words.title)} lead={t(words.lead)} width="narrow">
      <Card>
        <Form label={t(words.title)} onSubmit={() => submit.run(accept)}>
          <ErrorSummary error={submit.error} shown={['/name', '/password']} />
          <NameField value={name} onInput={setName} error={submit.error} />
          <NewPasswordField
            label={t(entryWords.password)}
            value={password}
            onInput={setPassword}
            error={submit.error}
          />
          <div class="actions">
            <Button type="submit" tone="primary" busy={submit.busy}>
              {t(words.action)}
            </Button>
          </div>
        </Form>
      </Card>
    </Page>
  );
}
