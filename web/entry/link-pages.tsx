import type { JSX } from 'preact';

import { api } from '../api-client.ts';
import { useWords, type Words } from '../language.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Form } from '../ui/form.tsx';
import { Page } from '../ui/page.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Card } from '../ui/surface.tsx';
import { useToast } from '../ui/toast.tsx';
import { entryWords } from './entry-words.ts';
import { useEntry } from './use-entry.ts';

const confirmWords = {
  title: { pl: 'Potwierdź adres e-mail', en: 'Confirm your e-mail address' },
  text: {
    pl: 'Jedno kliknięcie i konto jest gotowe.',
    en: 'One click, and your account is ready.',
  },
  action: { pl: 'Potwierdzam adres', en: 'Confirm the address' },
  done: { pl: 'Adres potwierdzony. Witamy!', en: 'The address is confirmed. Welcome!' },
} as const;

const newEmailWords = {
  title: { pl: 'Potwierdź nowy adres e-mail', en: 'Confirm your new e-mail address' },
  text: {
    pl: 'Od tej chwili będziesz logować się tym adresem.',
    en: 'From now on you will log in with this address.',
  },
  action: { pl: 'Potwierdzam nowy adres', en: 'Confirm the new address' },
  done: { pl: 'Adres został zmieniony.', en: 'The address was changed.' },
} as const;

/** The link of a sign-up. */
export function ConfirmPage(): JSX.Element {
  return <ClickToConfirm say={confirmWords} />;
}

/** The link that a change of the address sends to the new one. */
export function ConfirmEmailPage(): JSX.Element {
  return <ClickToConfirm say={newEmailWords} />;
}

/** Asks for a click: programs that look at e-mails open every link in them, and must not use it up. */
function ClickToConfirm({
  say,
}: {
  readonly say: Readonly<Record<'title' | 'text' | 'action' | 'done', Words<string>>>;
}): JSX.Element {
  const t = useWords();
  const toast = useToast();
  const { token, enter } = useEntry();
  const submit = useSubmit();
  const confirm = async (): Promise<void> => {
    await api.send('POST', '/accounts/confirm', { token });
    await enter();
    toast(t(say.done));
  };
  return (
    <Page title={t(say.title)} lead={t(say.text)} width="narrow">
      <Card>
        <Form label={t(say.title)} onSubmit={() => submit.run(confirm)}>
          <ErrorSummary error={submit.error} />
          <div class="actions">
            <Button type="submit" tone="primary" busy={submit.busy}>
              {t(say.action)}
            </Button>
            {submit.error === null ? null : (
              <LinkButton tone="quiet" href="/login">
                {t(entryWords.toLogin)}
              </LinkButton>
            )}
          </div>
        </Form>
      </Card>
    </Page>
  );
}
