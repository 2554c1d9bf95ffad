import type { ProfileId } from '../reservation/reservation.ts';
import type { Random } from '../runtime/random.ts';
import { contactBook } from './contact-book.ts';
import { readImport } from './contact-import.ts';
import type { ImportedLine } from './contact-import.ts';
import { problem, readContactFields, readName } from './contact-reading.ts';
import type { ContactStore } from './contact-store.ts';
import type { Contact, ContactFields, ContactGroup, ContactProblem } from './contact.ts';

/** What came of writing a contact or group; problems undo all of it. */
export type ContactOutcome<Value> =
  | { readonly outcome: 'kept'; readonly value: Value }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'refused'; readonly problems: readonly ContactProblem[] };

/** Lines to be taken over. */
export interface ImportRequest {
  readonly text: string;
  /** Group that all of them join; null: none. */
  readonly groupId: string | null;
  readonly mode: 'keep' | 'try';
}

/** What came, or with `try` would come, of an import. Lines with problems are left out, all others are kept. */
export interface ImportReport {
  readonly added: readonly Contact[];
  /** Lines that say nothing new are in neither list. */
  readonly updated: readonly Contact[];
  readonly problems: readonly ContactProblem[];
}

/** The address books of all profiles. Ids of other profiles are not found. Methods may throw the store's `CodedError`. */
export interface Contacts {
  list(profileId: ProfileId): {
    readonly contacts: readonly Contact[];
    readonly groups: readonly ContactGroup[];
  };
  add(profileId: ProfileId, fields: ContactFields): ContactOutcome<Contact>;
  replace(profileId: ProfileId, contactId: string, fields: ContactFields): ContactOutcome<Contact>;
  remove(profileId: ProfileId, contactId: string): 'removed' | 'not-found';
  addGroup(profileId: ProfileId, name: string): ContactOutcome<ContactGroup>;
  renameGroup(profileId: ProfileId, groupId: string, name: string): ContactOutcome<ContactGroup>;
  removeGroup(profileId: ProfileId, groupId: string): 'removed' | 'not-found';
  import(profileId: ProfileId, request: ImportRequest): ContactOutcome<ImportReport>;
}

/** What the service works with. `defaultCountry`: see `ReservationRules`. */
export interface ContactsOptions {
  readonly store: ContactStore;
  readonly random: Random;
  readonly defaultCountry: string;
}

/** Most contacts and groups of a profile. */
const MOST_CONTACTS = 2000;
const MOST_GROUPS = 100;

const NOT_FOUND = { outcome: 'not-found' } as const;

/** Makes the service. What is read and what is written in one call is one transaction. */
export function createContacts(options: ContactsOptions): Contacts {
  const { store, random, defaultCountry } = options;

  function ownContact(profileId: ProfileId, contactId: string): Contact | null {
    const found = store.contact(contactId);
    return found?.profileId === profileId ? found : null;
  }

  function ownGroup(profileId: ProfileId, groupId: string): ContactGroup | null {
    const found = store.group(groupId);
    return found?.profileId === profileId ? found : null;
  }

  function put(
    profileId: ProfileId,
    contactId: string,
    fields: ContactFields,
  ): ContactOutcome<Contact> {
    const read = readContactFields(fields, defaultCountry);
    if (read.outcome === 'bad') return refused(...read.problems);
    const known = new Set(store.groups(profileId).map(({ groupId }) => groupId));
    if (read.contact.groupIds.some((groupId) => !known.has(groupId))) {
      return refused(problem('unknown-group', 'groupIds'));
    }
    const same = contactBook(store.contacts(profileId)).match(read.contact, contactId);
    if (same !== null) {
      const isByEmail = same.email?.toLowerCase() === read.contact.email?.toLowerCase();
      const field = isByEmail && read.contact.email !== null ? 'email' : 'phone';
      return refused(problem('contact-exists', field, { name: same.name }));
    }
    const value = { ...read.contact, contactId, profileId };
    store.putContact(value);
    return { outcome: 'kept', value };
  }

  function putGroup(group: ContactGroup): ContactOutcome<ContactGroup> {
    const value = { ...group, name: readName(group.name) };
    if (value.name === '') return refused(problem('required', 'name'));
    const folded = value.name.toLowerCase();
    const isTaken = store
      .groups(value.profileId)
      .some(({ groupId, name }) => groupId !== value.groupId && name.toLowerCase() === folded);
    if (isTaken) return refused(problem('group-exists', 'name'));
    store.putGroup(value);
    return { outcome: 'kept', value };
  }

  function takeOver(
    profileId: ProfileId,
    lines: readonly ImportedLine[],
    groupId: string | null,
  ): ImportReport {
    const book = contactBook(store.contacts(profileId));
    const added = new Map<string, Contact>();
    const updated = new Map<string, Contact>();
    const problems: ContactProblem[] = [];
    for (const line of lines) {
      const before = book.match(line);
      if (before === null && book.size >= MOST_CONTACTS) {
        problems.push({ ...full(), line: line.line });
        continue;
      }
      const contact = merged(before, line, groupId) ?? {
        contactId: random.hex(16),
        profileId,
        name: line.name,
        email: line.email,
        phone: line.phone,
        groupIds: groupId === null ? [] : [groupId],
      };
      if (before === null || added.has(contact.contactId)) added.set(contact.contactId, contact);
      else if (isChanged(before, contact)) updated.set(contact.contactId, contact);
      book.put(contact);
    }
    return { added: [...added.values()], updated: [...updated.values()], problems };
  }

  return {
    list: (profileId) => ({
      contacts: store.contacts(profileId),
      groups: store.groups(profileId),
    }),
    add: (profileId, fields) =>
      store.transaction(() => {
        if (store.contacts(profileId).length >= MOST_CONTACTS) return refused(full());
        return put(profileId, random.hex(16), fields);
      }),
    replace: (profileId, contactId, fields) =>
      store.transaction(() =>
        ownContact(profileId, contactId) === null ? NOT_FOUND : put(profileId, contactId, fields),
      ),
    remove: (profileId, contactId) =>
      store.transaction(() => {
        if (ownContact(profileId, contactId) === null) return 'not-found';
        store.removeContact(contactId);
        return 'removed';
      }),
    addGroup: (profileId, name) =>
      store.transaction(() => {
        if (store.groups(profileId).length >= MOST_GROUPS) {
          return refused(problem('too-many-groups', null, { allowed: MOST_GROUPS }));
        }
        return putGroup({ groupId: random.hex(16), profileId, name });
      }),
    renameGroup: (profileId, groupId, name) =>
      store.transaction(() =>
        ownGroup(profileId, groupId) === null ? NOT_FOUND : putGroup({ groupId, profileId, name }),
      ),
    removeGroup: (profileId, groupId) =>
      store.transaction(() => {
        if (ownGroup(profileId, groupId) === null) return 'not-found';
        store.removeGroup(groupId);
        return 'removed';
      }),
    import(profileId, { text, groupId, mode }) {
      const read = readImport(text, defaultCountry);
      return store.transaction(() => {
        if (groupId !== null && ownGroup(profileId, groupId) === null) {
          return refused(problem('unknown-group', 'groupIds'));
        }
        const report = takeOver(profileId, read.lines, groupId);
        if (mode === 'keep') {
          for (const contact of [...report.added, ...report.updated]) store.putContact(contact);
        }
        const problems = [...read.problems, ...report.problems];
        return { outcome: 'kept', value: { ...report, problems } };
      });
    },
  };
}

/** The contact as it stands with what a line says; null: there is none. What the line leaves out stays. */
function merged(
  before: Contact | null,
  line: ImportedLine,
  groupId: string | null,
): Contact | null {
  if (before === null) return null;
  return {
    ...before,
    name: line.name === '' ? before.name : line.name,
    email: before.email ?? line.email,
    phone: line.phone ?? before.phone,
    groupIds: groupId === null ? before.groupIds : [...new Set([...before.groupIds, groupId])],
  };
}

function isChanged(before: Contact, after: Contact): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}

function full(): ContactProblem {
  return problem('too-many-contacts', null, { allowed: MOST_CONTACTS });
}

function refused(...problems: readonly ContactProblem[]): {
  readonly outcome: 'refused';
  readonly problems: readonly ContactProblem[];
} {
  return { outcome: 'refused', problems };
}
