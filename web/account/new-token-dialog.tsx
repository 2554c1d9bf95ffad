import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { ApiTokenView, NewToken } from '../../server/panel/api/account-api.ts';
import { api, problemsFor } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { Button } from '../ui/button.tsx';
import { Checkbox, FieldGroup, Select } from '../ui/choice-field.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Form } from '../ui/form.tsx';
import { useSubmit } from '../ui/submit.ts';
import { TextField } from '../ui/text-field.tsx';
import { SecretOnce } from './secret-once.tsx';

type Scope = ApiTokenView['scopes'][number];

/** What each scope lets a program do. */
export const scopeWords = {
  'reservations:read': { pl: 'czytać rezerwacje', en: 'read reservations' },
  'reservations:write': { pl: 'rezerwować i zmieniać', en: 'book and change' },
  'history:read': { pl: 'czytać historię', en: 'read history' },
  'contacts:read': { pl: 'czytać kontakty', en: 'read contacts' },
  'contacts:write': { pl: 'zmieniać kontakty', en: 'change contacts' },
  'account:read': { pl: 'czytać konto', en: 'read the account' },
  'webhooks:write': { pl: 'ustawiać webhooki', en: 'set webhooks up' },
  admin: { pl: 'administrować serwerem', en: 'administer the server' },
} as const satisfies Record<Scope, { pl: string; en: string }>;

const SCOPES = [
  'reservations:read',
  'reservations:write',
  'history:read',
  'contacts:read',
  'contacts:write',
  'account:read',
  'webhooks:write',
  'admin',
] as const satisfies readonly Scope[];

const words = {
  title: { pl: 'Nowy token dostępu', en: 'A new access token' },
  name: { pl: 'Nazwa', en: 'Name' },
  nameHint: { pl: 'Po czym go poznasz, np. „CRM”.', en: 'How you will know it, such as “CRM”.' },
  scopes: { pl: 'Co mu wolno', en: 'What it may do' },
  life: { pl: 'Jak długo działa', en: 'How long it works' },
  days: { pl: (n: number) => `${n} dni`, en: (n: number) => `${n} days` },
  year: { pl: 'rok', en: 'a year' },
  forever: { pl: 'bez końca', en: 'without an end' },
  create: { pl: 'Utwórz token', en: 'Create the token' },
} as const;

/** Makes a token, then shows its secret this once. */
export function NewTokenDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const t = useWords();
  const [made, setMade] = useState<NewToken | null>(null);
  return (
    <Dialog title={made === null ? t(words.title) : made.name} onClose={onClose}>
      {made === null ? (
        <TokenForm onMade={setMade} />
      ) : (
        <SecretOnce secret={made.secret} onClose={onClose} />
      )}
    </Dialog>
  );
}

const LIVES = ['30', '90', '365', ''] as const;
type Life = (typeof LIVES)[number];

function TokenForm({ onMade }: { readonly onMade: (token: NewToken) => void }): JSX.Element {
  const t = useWords();
  const submit = useSubmit();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['reservations:read']);
  const [life, setLife] = useState<Life>('365');
  const create = async (): Promise<void> => {
    const expiresInDays = life === '' ? null : Number(life);
    const body = { name: name.trim(), scopes, expiresInDays };
    onMade((await api.send<NewToken>('POST', '/account/tokens', body)).data);
  };
  const lifeLabel = { '30': t(words.days)(30), '90': t(words.days)(90), '365': t(words.year) };
  return (
    <Form label={t(words.title)} onSubmit={() => submit.run(create)}>
      <ErrorSummary error={submit.error} shown={['/name', '/scopes', '/expiresInDays']} />
      <TextField
        label={t(words.name)}
        hint={t(words.nameHint)}
        value={name}
        maxLength={100}
        onInput={setName}
        problems={problemsFor(submit.error, '/name')}
      />
      <ScopeTicks chosen={scopes} onChange={setScopes} error={submit.error} />
      <Select<Life>
        label={t(words.life)}
        value={life}
        onChange={setLife}
        choices={LIVES.map((value) => ({
          value,
          label: value === '' ? t(words.forever) : lifeLabel[value],
        }))}
        problems={problemsFor(submit.error, '/expiresInDays')}
      />
      <div class="actions">
        <Button type="submit" tone="primary" busy={submit.busy}>
          {t(words.create)}
        </Button>
      </div>
    </Form>
  );
}

function ScopeTicks({
  chosen,
  onChange,
  error,
}: {
  readonly chosen: readonly Scope[];
  readonly onChange: (scopes: readonly Scope[]) => void;
  readonly error: unknown;
}): JSX.Element {
  const t = useWords();
  const { account } = useSession();
  const offered = SCOPES.filter((scope) => scope !== 'admin' || account?.role === 'administrator');
  return (
    <FieldGroup legend={t(words.scopes)} problems={problemsFor(error, '/scopes')}>
      {offered.map((scope) => (
        <Checkbox
          key={scope}
          label={t(scopeWords[scope])}
          checked={chosen.includes(scope)}
          onToggle={() =>
            onChange(
              chosen.includes(scope) ? chosen.filter((one) => one !== scope) : [...chosen, scope],
            )
          }
        />
      ))}
    </FieldGroup>
  );
}
