import type { Contact, ContactFields } from './contact.ts';

/** The contacts of one profile, to be searched by what identifies a person. Changes as contacts are put into it. */
export interface ContactBook {
  readonly size: number;
  /**
   * The contact that is the same person: of the same e-mail address, or of the same number unless both have an address
   * and they differ, as a secretary's phone may be everybody's.
   */
  match(fields: Pick<ContactFields, 'email' | 'phone'>, except?: string): Contact | null;
  put(contact: Contact): void;
}

/** Makes a book of these contacts. */
export function contactBook(contacts: readonly Contact[]): ContactBook {
  const byId = new Map<string, Contact>();
  const byEmail = new Map<string, Set<string>>();
  const byPhone = new Map<string, Set<string>>();

  function note(index: Map<string, Set<string>>, key: string | null, contactId: string): void {
    if (key === null) return;
    const ids = index.get(key) ?? new Set();
    index.set(key, ids.add(contactId));
  }

  function found(index: Map<string, Set<string>>, key: string | null): readonly Contact[] {
    if (key === null) return [];
    return [...(index.get(key) ?? [])].flatMap((contactId) => byId.get(contactId) ?? []);
  }

  const book: ContactBook = {
    get size() {
      return byId.size;
    },
    match(fields, except) {
      const email = folded(fields.email);
      const isOther = (one: Contact): boolean => one.contactId !== except;
      // What the index names may have changed since: it is looked at again.
      const sameEmail = found(byEmail, email).filter((one) => folded(one.email) === email);
      const samePhone = found(byPhone, fields.phone).filter(
        (one) => one.phone === fields.phone && (email === null || one.email === null),
      );
      return [...sameEmail, ...samePhone].find(isOther) ?? null;
    },
    put(contact) {
      byId.set(contact.contactId, contact);
      note(byEmail, folded(contact.email), contact.contactId);
      note(byPhone, contact.phone, contact.contactId);
    },
  };
  for (const contact of contacts) book.put(contact);
  return book;
}

function folded(email: string | null): string | null {
  return email === null ? null : email.toLowerCase();
}
