import type { ProfileId } from '../reservation/reservation.ts';
import type { Contact, ContactGroup } from './contact.ts';

/** Where contacts are kept. Methods throw a `CodedError` when the store fails. */
export interface ContactStore {
  /** Every store of the same database takes part in it. */
  transaction<T>(work: () => T): T;
  /** All of a profile, by name and then by id. */
  contacts(profileId: ProfileId): readonly Contact[];
  contact(contactId: string): Contact | null;
  /** Adds the contact, or replaces the one of the same id, with its membership of groups. */
  putContact(contact: Contact): void;
  removeContact(contactId: string): void;
  /** All of a profile, by name and then by id. */
  groups(profileId: ProfileId): readonly ContactGroup[];
  group(groupId: string): ContactGroup | null;
  putGroup(group: ContactGroup): void;
  /** Its contacts stay. */
  removeGroup(groupId: string): void;
}
