import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Contact, ContactList } from '../../server/panel/api/contact-api.ts';
import { plural, useWords } from '../language.tsx';
import { shownPhone } from '../reservation/recipients.ts';
import { Button } from '../ui/button.tsx';
import { Badge, Card } from '../ui/surface.tsx';
import { TextField } from '../ui/text-field.tsx';
import { searchContacts } from './contact-search.ts';
import type { ContactAction } from './contacts-page.tsx';

const words = {
  search: { pl: 'Szukaj', en: 'Search' },
  caption: { pl: 'Kontakty', en: 'Contacts' },
  found: {
    pl: (n: number) =>
      `${n} ${plural('pl', n, { one: 'kontakt', few: 'kontakty', many: 'kontaktów', other: 'kontaktu' })}`,
    en: (n: number) => `${n} ${plural('en', n, { one: 'contact', other: 'contacts' })}`,
  },
  nothing: { pl: 'Żaden kontakt nie pasuje.', en: 'No contact matches.' },
  edit: { pl: 'Zmień', en: 'Edit' },
  remove: { pl: 'Usuń', en: 'Delete' },
  more: { pl: 'Pokaż więcej', en: 'Show more' },
} as const;

/** So many rows are drawn at once: two thousand would be slow. */
const SHOWN_AT_ONCE = 100;

/** Contacts, all or of one group, with a search. */
export function ContactRows({
  list,
  groupId,
  onOpen,
}: {
  readonly list: ContactList;
  readonly groupId: string | null;
  readonly onOpen: (open: ContactAction) => void;
}): JSX.Element {
  const t = useWords();
  const [text, setText] = useState('');
  const [limit, setLimit] = useState(SHOWN_AT_ONCE);
  const found = searchContacts(list.contacts, text, groupId);
  return (
    <Card>
      <div class="contact-search">
        <TextField type="search" label={t(words.search)} value={text} onInput={setText} />
        <p class="muted small" role="status">
          {found.length === 0 ? t(words.nothing) : t(words.found)(found.length)}
        </p>
      </div>
      {found.length === 0 ? null : (
        <Rows contacts={found.slice(0, limit)} list={list} onOpen={onOpen} />
      )}
      {found.length <= limit ? null : (
        <div class="actions">
          <Button onClick={() => setLimit(limit + SHOWN_AT_ONCE)}>{t(words.more)}</Button>
        </div>
      )}
    </Card>
  );
}

function Rows({
  contacts,
  list,
  onOpen,
}: {
  readonly contacts: readonly Contact[];
  readonly list: ContactList;
  readonly onOpen: (open: ContactAction) => void;
}): JSX.Element {
  const t = useWords();
  const groupNames = new Map(list.groups.map(({ groupId, name }) => [groupId, name]));
  return (
    <ul class="contacts" aria-label={t(words.caption)}>
      {contacts.map((contact) => (
        <li key={contact.contactId} class="contact">
          <div class="contact-who">
            <strong class="break">{contact.name || contact.email || contact.phone}</strong>
            {contact.groupIds.map((groupId) => (
              <Badge key={groupId}>{groupNames.get(groupId) ?? '–'}</Badge>
            ))}
          </div>
          <p class="contact-ways muted small">
            {contact.email === null ? null : <span class="break">{contact.email}</span>}
            {contact.phone === null ? null : (
              <span class="nowrap">{shownPhone(contact.phone)}</span>
            )}
          </p>
          <RowActions contact={contact} onOpen={onOpen} />
        </li>
      ))}
    </ul>
  );
}

function RowActions({
  contact,
  onOpen,
}: {
  readonly contact: Contact;
  readonly onOpen: (open: ContactAction) => void;
}): JSX.Element {
  const t = useWords();
  const who = contact.name || contact.email || contact.phone || '';
  return (
    <div class="actions">
      <Button
        size="small"
        icon="pencil"
        label={`${t(words.edit)}: ${who}`}
        onClick={() => onOpen({ action: 'edit', contact })}
      >
        {t(words.edit)}
      </Button>
      <Button
        size="small"
        icon="trash"
        tone="danger"
        label={`${t(words.remove)}: ${who}`}
        onClick={() => onOpen({ action: 'delete', contact })}
      >
        {t(words.remove)}
      </Button>
    </div>
  );
}
