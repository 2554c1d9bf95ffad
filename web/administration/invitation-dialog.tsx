import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { api, problemsFor } from '../api-client.ts';
import { useLanguage, useWords, type Language } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/choice-field.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Form } from '../ui/form.tsx';
import { useSubmit } from '../ui/submit.ts';
import { TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toast.tsx';
import { RoleSelect, type Role } from './role-select.tsx';

const words = {
  title: { pl: 'Zaproś użytkownika', en: 'Invite a user' },
  email: { pl: 'Adres e-mail', en: 'E-mail address' },
  language: { pl: 'Język zaproszenia', en: 'Language of the invitation' },
  send: { pl: 'Wyślij zaproszenie', en: 'Send the invitation' },
  sent: { pl: 'Zaproszenie wysłane', en: 'The invitation is on its way' },
} as const;

/** Invites somebody by e-mail. */
export function InvitationDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const t = useWords();
  const say = useToast();
  const here = useLanguage();
  const submit = useSubmit();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('organiser');
  const [language, setLanguage] = useState<Language>(here.language);
  const invite = async (): Promise<void> => {
    await api.send('POST', '/admin/accounts', { email: email.trim(), role, language });
    say(t(words.sent));
    onClose();
  };
  return (
    <Dialog title={t(words.title)} onClose={onClose}>
      <Form label={t(words.title)} onSubmit={() => submit.run(invite)}>
        <ErrorSummary error={submit.error} shown={['/email', '/role', '/language']} />
        <TextField
          label={t(words.email)}
          type="email"
          value={email}
          onInput={setEmail}
          problems={problemsFor(submit.error, '/email')}
        />
        <RoleSelect role={role} onChange={setRole} error={submit.error} />
        <Select<Language>
          label={t(words.language)}
          value={language}
          onChange={setLanguage}
          choices={[
            { value: 'pl', label: 'Polski' },
            { value: 'en', label: 'English' },
          ]}
        />
        <div class="actions">
          <Button type="submit" tone="primary" busy={submit.busy}>
            {t(words.send)}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
