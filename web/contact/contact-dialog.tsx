import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Contact, ContactBody } from '../../server/panel/api/contact-api.ts';
import { api } from '../api-client.ts';
import { problemsFor } from '../api-problem.ts';
import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { Checkbox, FieldGroup } from '../ui/choice-field.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useSubmit } from '../ui/submit.ts';
import { useToast } from '../ui/toast.tsx';
import type { Group } from './groups.tsx';

const words = {
  add: { pl: 'Nowy kontakt', en: 'New contact' },
  edit: { pl: 'Zmiana kontaktu', en: 'Edit contact' },
  name: { pl: 'Imię i nazwisko', en: 'Name' },
  email: { pl: 'E-mail', en: 'E-mail' },
  phone: { pl: 'Telefon komórkowy', en: 'Mobile phone' },
  either: {
    pl: 'Podaj e-mail lub telefon, albo jedno i drugie.',
    en: 'Give an e-mail address, a phone number, or both.',
  },
  groups: { pl: 'Grupy', en: 'Groups' },
  save: { pl: 'Zapisz', en: 'Save' },
  cancel: { pl: 'Anuluj', en: 'Cancel' },
  saved: { pl: 'Kontakt zapisany', en: 'Contact saved' },
} as const;

interface Typed {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly groupIds: readonly string[];
}

/** Adds a contact, or changes one. */
export function ContactDialog({
  contact,
  groups,
  onClose,
}: {
  readonly contact: Contact | null;
  readonly groups: readonly Group[];
  readonly onClose: (change: 'changed' | 'unchanged') => void;
}): JSX.Element {
  const t = useWords();
  const say = useToast();
  const submit = useSubmit();
  const [typed, setTyped] = useState<Typed>(() => typedOf(contact));
  const save = (): void =>
    submit.run(async () => {
      const body = bodyOf(typed);
      if (contact === null) await api.send('POST', '/contacts', body);
      else await api.send('PUT', `/contacts/${encodeURIComponent(contact.contactId)}`, body);
      say(t(words.saved));
      onClose('changed');
    });
  return (
    <Dialog
      title={t(contact === null ? words.add : words.edit)}
      onClose={() => onClose('unchanged')}
    >
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        {(['name', 'email', 'phone'] as const).map((field) => (
          <TextField
            key={field}
            label={t(words[field])}
            hint={field === 'email' ? t(words.either) : undefined}
            type={field === 'email' ? 'email' : field === 'phone' ? 'tel' : 'text'}
            value={typed[field]}
            problems={problemsFor(submit.error, `/${field}`)}
            onInput={(value) => setTyped((before) => ({ ...before, [field]: value }))}
          />
        ))}
        <GroupTicks {...{ groups, typed, setTyped }} />
        <ErrorSummary error={submit.error} shown={['/name', '/email', '/phone']} />
        <div class="actions">
          <Button onClick={() => onClose('unchanged')}>{t(words.cancel)}</Button>
          <Button type="submit" tone="primary" busy={submit.busy}>
            {t(words.save)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function GroupTicks({
  groups,
  typed,
  setTyped,
}: {
  readonly groups: readonly Group[];
  readonly typed: Typed;
  readonly setTyped: (change: (before: Typed) => Typed) => void;
}): JSX.Element | null {
  const t = useWords();
  if (groups.length === 0) return null;
  return (
    <FieldGroup legend={t(words.groups)}>
      {groups.map(({ groupId, name }) => (
        <Checkbox
          key={groupId}
          label={name}
          checked={typed.groupIds.includes(groupId)}
          onToggle={() => setTyped((before) => ({ ...before, groupIds: toggled(before, groupId) }))}
        />
      ))}
    </FieldGroup>
  );
}

function toggled({ groupIds }: Typed, groupId: string): readonly string[] {
  return groupIds.includes(groupId)
    ? groupIds.filter((one) => one !== groupId)
    : [...groupIds, groupId];
}

function typedOf(contact: Contact | null): Typed {
  return {
    name: contact?.name ?? '',
    email: contact?.email ?? '',
    phone: contact?.phone ?? '',
    groupIds: contact?.groupIds ?? [],
  };
}

function bodyOf(typed: Typed): ContactBody {
  const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  return {
    name: typed.name.trim(),
    email: orNull(typed.email),
    phone: orNull(typed.phone),
    groupIds: [...typed.groupIds],
  };
}
