import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { ContactList } from '../../server/panel/api/contact-api.ts';
import { api } from '../api-client.ts';
import { problemsFor } from '../api-problem.ts';
import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useSubmit } from '../ui/submit.ts';
import { useToast } from '../ui/toast.tsx';
import type { ContactAction } from './contacts-page.tsx';

const words = {
  groups: { pl: 'Grupy', en: 'Groups' },
  all: { pl: 'Wszyscy', en: 'Everybody' },
  add: { pl: 'Dodaj grupę', en: 'Add group' },
  rename: { pl: 'Zmień nazwę', en: 'Rename' },
  remove: { pl: 'Usuń grupę', en: 'Delete group' },
  newGroup: { pl: 'Nowa grupa', en: 'New group' },
  name: { pl: 'Nazwa grupy', en: 'Name of the group' },
  save: { pl: 'Zapisz', en: 'Save' },
  cancel: { pl: 'Anuluj', en: 'Cancel' },
  saved: { pl: 'Grupa zapisana', en: 'Group saved' },
} as const;

/** A group of contacts. */
export type Group = ContactList['groups'][number];

/** Chooses the group whose contacts are shown; a chosen one can be renamed and deleted. */
export function GroupBar({
  list,
  groupId,
  onChoose,
  onOpen,
}: {
  readonly list: ContactList;
  readonly groupId: string | null;
  readonly onChoose: (groupId: string | null) => void;
  readonly onOpen: (open: ContactAction) => void;
}): JSX.Element {
  const t = useWords();
  const chosen = list.groups.find((group) => group.groupId === groupId) ?? null;
  const choices = [{ groupId: null, name: t(words.all) }, ...list.groups];
  const count = (id: string | null): number =>
    id === null
      ? list.contacts.length
      : list.contacts.filter(({ groupIds }) => groupIds.includes(id)).length;
  return (
    <div class="group-bar">
      <div class="group-choices" role="group" aria-label={t(words.groups)}>
        {choices.map((choice) => (
          <button
            key={choice.groupId ?? ''}
            type="button"
            class="group-choice"
            aria-pressed={choice.groupId === groupId}
            onClick={() => onChoose(choice.groupId)}
          >
            {choice.name} <span class="group-count">{count(choice.groupId)}</span>
          </button>
        ))}
        <Button
          size="small"
          tone="quiet"
          icon="plus"
          onClick={() => onOpen({ action: 'edit-group', group: null })}
        >
          {t(words.add)}
        </Button>
      </div>
      {chosen === null ? null : (
        <div class="actions">
          <Button size="small" onClick={() => onOpen({ action: 'edit-group', group: chosen })}>
            {t(words.rename)}
          </Button>
          <Button
            size="small"
            tone="danger"
            onClick={() => onOpen({ action: 'delete-group', group: chosen })}
          >
            {t(words.remove)}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Adds a group, or renames one. */
export function GroupDialog({
  group,
  onClose,
}: {
  readonly group: Group | null;
  readonly onClose: (change: 'changed' | 'unchanged') => void;
}): JSX.Element {
  const t = useWords();
  const say = useToast();
  const submit = useSubmit();
  const [name, setName] = useState(group?.name ?? '');
  const save = (): void =>
    submit.run(async () => {
      const body = { name: name.trim() };
      if (group === null) await api.send('POST', '/contact-groups', body);
      else await api.send('PUT', `/contact-groups/${encodeURIComponent(group.groupId)}`, body);
      say(t(words.saved));
      onClose('changed');
    });
  return (
    <Dialog
      title={t(group === null ? words.newGroup : words.rename)}
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
        <TextField
          label={t(words.name)}
          value={name}
          problems={problemsFor(submit.error, '/name')}
          onInput={setName}
        />
        <ErrorSummary error={submit.error} shown={['/name']} />
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
