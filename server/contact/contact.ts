import type { ProfileId } from '../reservation/reservation.ts';

/** Somebody whom an organiser invites: an e-mail address, a mobile number, or both. */
export interface Contact {
  readonly contactId: string;
  readonly profileId: ProfileId;
  readonly name: string;
  /** As written. Compared without regard to case. */
  readonly email: string | null;
  /** E.164. */
  readonly phone: string | null;
  /** Groups it belongs to, by id. */
  readonly groupIds: readonly string[];
}

/** Contacts that are invited together. */
export interface ContactGroup {
  readonly groupId: string;
  readonly profileId: ProfileId;
  readonly name: string;
}

/** What an organiser enters. */
export type ContactFields = Pick<Contact, 'name' | 'email' | 'phone' | 'groupIds'>;

/**
 * What is wrong with an entry: a stable code and the field. `line`: of an import, counted from 1; null otherwise.
 */
export interface ContactProblem {
  readonly code: ContactProblemCode;
  readonly field: 'name' | 'email' | 'phone' | 'groupIds' | null;
  readonly line: number | null;
  readonly facts: Readonly<Record<string, string | number>>;
}

/** Codes of `ContactProblem`. */
export type ContactProblemCode =
  | 'contact-empty'
  | 'bad-email'
  | 'bad-phone'
  | 'landline'
  | 'one-only'
  | 'too-long'
  | 'unknown-group'
  | 'contact-exists'
  | 'group-exists'
  | 'too-many-contacts'
  | 'too-many-groups'
  | 'required';
