import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { api } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Form } from '../ui/form.tsx';
import { Page } from '../ui/page.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Card } from '../ui/surface.tsx';
import { NEW_IDENTITY_PROBLEMS, NewIdentityFields } from './identity-fields.tsx';
import type { NewIdentity } from './identity-fields.tsx';
import { useEntry } from './use-entry.ts';

const words = {
  title: { pl: 'Pierwszy administrator', en: 'The first administrator' },
  lead: {
    pl: 'Ten serwer nie ma jeszcze kont. Utwórz pierwsze — będzie nim można zarządzać wszystkim.',
    en: 'This server has no accounts yet. Create the first — it may manage everything.',
  },
  action: { pl: 'Utwórz konto', en: 'Create the account' },
} as const;

/** The one-time link that the server prints when it has no accounts. */
export function SetupPage(): JSX.Element {
  const t = useWords();
  const { token, enter } = useEntry();
  const submit = useSubmit();
  const [form, setForm] = useState<NewIdentity>({ name: '', email: '', password: '' });
  const setUp = async (): Promise<void> => {
    await api.send('POST', '/setup', { token, ...form, email: form.email.trim() });
    await enter();
  };
  return (
    <Page title={t(words.title)} lead={t(words.lead)} width="narrow">
      <Card>
        <Form label={t(words.title)} onSubmit={() => submit.run(setUp)}>
          <ErrorSummary error={submit.error} shown={NEW_IDENTITY_PROBLEMS} />
          <NewIdentityFields identity={form} onInput={setForm} error={submit.error} />
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
