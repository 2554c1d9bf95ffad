import type { ComponentChildren, JSX } from 'preact';

import type { Contact } from '../../server/panel/api/contact-api.ts';
import { api } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { useSubmit } from '../ui/submit.ts';
import { useToast } from '../ui/toast.tsx';
import type { Group } from './groups.tsx';

const words = {
  contact: { pl: 'Usunąć kontakt?', en: 'Delete the contact?' },
  group: { pl: 'Usunąć grupę?', en: 'Delete the group?' },
  booked: {
    pl: 'Zaproszenia do konferencji, które są już zarezerwowane, nie zmienią się.',
    en: 'Invitations to conferences that are booked already do not change.',
  },
  members: {
    pl: 'Kontakty, które do niej należą, zostaną.',
    en: 'The contacts in it stay.',
  },
  action: { pl: 'Usuń', en: 'Delete' },
  done: { pl: 'Usunięto', en: 'Deleted' },
} as const;

type Close = (change: 'changed' | 'unchanged') => void;

/** Asks before a contact is deleted. */
export function DeleteContactDialog({
  contact,
  onClose,
}: {
  readonly contact: Contact;
  readonly onClose: Close;
}): JSX.Element {
  const t = useWords();
  const path = `/contacts/${encodeURIComponent(contact.contactId)}`;
  return (
    <DeleteAt path={path} title={t(words.contact)} onClose={onClose}>
      <p>
        <strong>{contact.name || contact.email || contact.phone}</strong>
      </p>
      <p>{t(words.booked)}</p>
    </DeleteAt>
  );
}

/** Asks before a group is deleted. */
export function DeleteGroupDialog({
  group,
  onClose,
}: {
  readonly group: Group;
  readonly onClose: Close;
}): JSX.Element {
  const t = useWords();
  const path = `/contact-groups/${encodeURIComponent(group.groupId)}`;
  return (
    <DeleteAt path={path} title={t(words.group)} onClose={onClose}>
      <p>
        <strong>{group.name}</strong>
      </p>
      <p>{t(words.members)}</p>
    </DeleteAt>
  );
}

function DeleteAt({
  path,
  title,
  onClose,
  children,
}: {
  readonly path: string;
  readonly title: string;
  readonly onClose: Close;
  readonly children: ComponentChildren;
}): JSX.Element {
  const t = useWords();
  const say = useToast();
  const submit = useSubmit();
  return (
    <ConfirmDialog
      title={title}
      action={t(words.action)}
      busy={submit.busy}
      error={submit.error}
      onClose={() => onClose('unchanged')}
      onConfirm={() =>
        submit.run(async () => {
          await api.send('DELETE', path);
          say(t(words.done));
          onClose('changed');
        })
      }
    >
      {children}
    </ConfirmDialog>
  );
}
