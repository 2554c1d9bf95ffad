import type { Contact, ContactList } from '../../server/panel/api/contact-api.ts';

/** Something that a field for recipients proposes. */
export type Suggestion =
  | { readonly type: 'contact'; readonly name: string; readonly address: string }
  | {
      readonly type: 'group';
      readonly name: string;
      readonly members: readonly { readonly name: string; readonly address: string }[];
    };

const MOST_SUGGESTIONS = 8;

/** Contacts in which every word that is looked for occurs, in name, e-mail or phone; accents and case do not matter. */
export function searchContacts(
  contacts: readonly Contact[],
  text: string,
  groupId: string | null,
): readonly Contact[] {
  const words = folded(text).split(/\s+/u).filter(Boolean);
  return contacts.filter(
    (contact) =>
      (groupId === null || contact.groupIds.includes(groupId)) &&
      words.every((word) => haystack(contact).includes(word)),
  );
}

/** What a field for e-mails or phones proposes for what is being typed: groups first. Those on the list are left out. */
export function suggest(
  list: ContactList,
  field: 'email' | 'phone',
  sought: { readonly text: string; readonly taken: ReadonlySet<string> },
): readonly Suggestion[] {
  const text = folded(sought.text).trim();
  if (text === '') return [];
  const open = list.contacts.filter((contact) => {
    const address = contact[field];
    return address !== null && !sought.taken.has(address);
  });
  const groups = list.groups.flatMap((group): readonly Suggestion[] => {
    const members = open
      .filter(({ groupIds }) => groupIds.includes(group.groupId))
      .map(memberOf(field));
    return folded(group.name).includes(text) && members.length > 0
      ? [{ type: 'group', name: group.name, members }]
      : [];
  });
  const contacts = searchContacts(open, text, null).map((contact): Suggestion => ({
    type: 'contact',
    ...memberOf(field)(contact),
  }));
  return [...groups, ...contacts].slice(0, MOST_SUGGESTIONS);
}

/** Lower case without accents, for comparing. */
function folded(text: string): string {
  return text.toLowerCase().replaceAll('ł', 'l').normalize('NFD').replaceAll(/\p{M}/gu, '');
}

function memberOf(field: 'email' | 'phone') {
  return (contact: Contact): { readonly name: string; readonly address: string } => ({
    name: contact.name,
    address: contact[field] ?? '',
  });
}

function haystack(contact: Contact): string {
  const phone = contact.phone ?? '';
  return folded([contact.name, contact.email ?? '', phone, phone.replace(/^\+48/u, '')].join(' '));
}
