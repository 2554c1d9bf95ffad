import './contact.css';

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Contact, ContactList } from '../../server/panel/api/contact-api.ts';
import { useResource } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Page } from '../ui/page.tsx';
import { EmptyState, Skeleton } from '../ui/surface.tsx';
import { ContactDialog } from './contact-dialog.tsx';
import { ContactRows } from './contact-rows.tsx';
import { DeleteContactDialog, DeleteGroupDialog } from './delete-dialogs.tsx';
import { GroupBar, GroupDialog, type Group } from './groups.tsx';
import { ImportDialog } from './import-dialog.tsx';

const words = {
  title: { pl: 'Kontakty', en: 'Contacts' },
  lead: {
    pl: 'Osoby i grupy, które formularz konferencji podpowie, gdy zaczniesz pisać.',
    en: 'People and groups that the conference form suggests as you type.',
  },
  add: { pl: 'Dodaj kontakt', en: 'Add contact' },
  paste: { pl: 'Wklej listę', en: 'Paste a list' },
  empty: { pl: 'Nie masz jeszcze kontaktów', en: 'You have no contacts yet' },
  emptyText: {
    pl: 'Wklej listę w postaci „imię; e-mail; telefon”, na przykład z arkusza, albo dodaj osoby po kolei.',
    en: 'Paste a list of “name; e-mail; phone”, from a spreadsheet for example, or add people one by one.',
  },
} as const;

/** The dialog that is open. */
export type ContactAction =
  | { readonly action: 'none' }
  | { readonly action: 'edit'; readonly contact: Contact | null }
  | { readonly action: 'delete'; readonly contact: Contact }
  | { readonly action: 'import' }
  | { readonly action: 'edit-group'; readonly group: Group | null }
  | { readonly action: 'delete-group'; readonly group: Group };

/** Contacts and groups. */
export function ContactsPage(): JSX.Element {
  const t = useWords();
  const resource = useResource<ContactList>('/contacts');
  const [open, setOpen] = useState<ContactAction>({ action: 'none' });
  const list = resource.data;
  return (
    <Page
      title={t(words.title)}
      lead={t(words.lead)}
      actions={
        <>
          <Button onClick={() => setOpen({ action: 'import' })}>{t(words.paste)}</Button>
          <Button
            tone="primary"
            icon="plus"
            onClick={() => setOpen({ action: 'edit', contact: null })}
          >
            {t(words.add)}
          </Button>
        </>
      }
    >
      {list === null ? (
        resource.error === null ? (
          <Skeleton lines={5} />
        ) : (
          <ErrorSummary error={resource.error} />
        )
      ) : (
        <>
          <Contacts list={list} onOpen={setOpen} />
          <Dialogs
            {...{ open, list }}
            onClose={(change) => {
              setOpen({ action: 'none' });
              if (change === 'changed') resource.reload();
            }}
          />
        </>
      )}
    </Page>
  );
}

function Contacts({
  list,
  onOpen,
}: {
  readonly list: ContactList;
  readonly onOpen: (open: ContactAction) => void;
}): JSX.Element {
  const t = useWords();
  const [groupId, setGroupId] = useState<string | null>(null);
  const chosen = list.groups.some((group) => group.groupId === groupId) ? groupId : null;
  return (
    <>
      <GroupBar list={list} groupId={chosen} onChoose={setGroupId} onOpen={onOpen} />
      {list.contacts.length === 0 ? (
        <EmptyState icon="contacts" title={t(words.empty)}>
          <p>{t(words.emptyText)}</p>
          <Button tone="primary" onClick={() => onOpen({ action: 'import' })}>
            {t(words.paste)}
          </Button>
        </EmptyState>
      ) : (
        <ContactRows list={list} groupId={chosen} onOpen={onOpen} />
      )}
    </>
  );
}

function Dialogs({
  open,
  list,
  onClose,
}: {
  readonly open: ContactAction;
  readonly list: ContactList;
  readonly onClose: (change: 'changed' | 'unchanged') => void;
}): JSX.Element | null {
  switch (open.action) {
    case 'none':
      return null;
    case 'edit':
      return <ContactDialog contact={open.contact} groups={list.groups} onClose={onClose} />;
    case 'delete':
      return <DeleteContactDialog contact={open.contact} onClose={onClose} />;
    case 'import':
      return <ImportDialog groups={list.groups} onClose={onClose} />;
    case 'edit-group':
      return <GroupDialog group={open.group} onClose={onClose} />;
    case 'delete-group':
      return <DeleteGroupDialog group={open.group} onClose={onClose} />;
  }
}
