import type { ContactStore } from '../server/contact/contact-store.ts';
import type { Contact, ContactGroup } from '../server/contact/contact.ts';
import { withPlainErrors } from './database-error.ts';
import type { Connection } from './open-database.ts';

interface ContactRow {
  readonly contactId: string;
  readonly profileId: string;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  /** Ids with blanks between them; null: in no group. */
  readonly groupIds: string | null;
}

const COLUMNS = `contact_id AS contactId, profile_id AS profileId, name, email, phone,
  (SELECT group_concat(group_id, ' ') FROM contact_group_member AS member
    WHERE member.contact_id = contact.contact_id) AS groupIds`;

const PUT = `INSERT INTO contact (contact_id, profile_id, name, email, email_folded, phone)
  VALUES (@contactId, @profileId, @name, @email, @emailFolded, @phone)
  ON CONFLICT (contact_id) DO UPDATE SET profile_id = excluded.profile_id, name = excluded.name,
    email = excluded.email, email_folded = excluded.email_folded, phone = excluded.phone`;

const PUT_GROUP = `INSERT INTO contact_group (group_id, profile_id, name) VALUES (@groupId, @profileId, @name)
  ON CONFLICT (group_id) DO UPDATE SET profile_id = excluded.profile_id, name = excluded.name`;

const GROUP_COLUMNS = 'group_id AS groupId, profile_id AS profileId, name';

/** Contacts in SQLite. Every method throws a `DatabaseError` when the database fails. */
export function createContactStore(connection: Connection): ContactStore {
  const file = connection.name;
  const plain = <T>(work: () => T): T => withPlainErrors(file, work);
  const ofProfile = connection.prepare<[string], ContactRow>(
    `SELECT ${COLUMNS} FROM contact WHERE profile_id = ? ORDER BY name COLLATE NOCASE, contact_id`,
  );
  const byId = connection.prepare<[string], ContactRow>(
    `SELECT ${COLUMNS} FROM contact WHERE contact_id = ?`,
  );
  const put = connection.prepare<[object]>(PUT);
  const leaveGroups = connection.prepare<[string]>(
    'DELETE FROM contact_group_member WHERE contact_id = ?',
  );
  const joinGroup = connection.prepare<[string, string]>(
    'INSERT INTO contact_group_member (contact_id, group_id) VALUES (?, ?)',
  );
  const remove = connection.prepare<[string]>('DELETE FROM contact WHERE contact_id = ?');

  return {
    transaction: (work) => plain(() => connection.transaction(work).immediate()),
    contacts: (profileId) => plain(() => ofProfile.all(profileId).map(fromRow)),
    contact: (contactId) =>
      plain(() => {
        const row = byId.get(contactId);
        return row === undefined ? null : fromRow(row);
      }),
    putContact: (contact) =>
      plain(() =>
        connection.transaction(() => {
          const { contactId, profileId, name, email, phone } = contact;
          const emailFolded = email?.toLowerCase() ?? null;
          put.run({ contactId, profileId, name, email, emailFolded, phone });
          leaveGroups.run(contactId);
          for (const groupId of contact.groupIds) joinGroup.run(contactId, groupId);
        })(),
      ),
    removeContact: (contactId) => plain(() => void remove.run(contactId)),
    ...groupMethods(connection),
  };
}

function groupMethods(
  connection: Connection,
): Pick<ContactStore, 'groups' | 'group' | 'putGroup' | 'removeGroup'> {
  const plain = <T>(work: () => T): T => withPlainErrors(connection.name, work);
  const ofProfile = connection.prepare<[string], ContactGroup>(
    `SELECT ${GROUP_COLUMNS} FROM contact_group WHERE profile_id = ? ORDER BY name COLLATE NOCASE, group_id`,
  );
  const byId = connection.prepare<[string], ContactGroup>(
    `SELECT ${GROUP_COLUMNS} FROM contact_group WHERE group_id = ?`,
  );
  const put = connection.prepare<[ContactGroup]>(PUT_GROUP);
  const remove = connection.prepare<[string]>('DELETE FROM contact_group WHERE group_id = ?');
  return {
    groups: (profileId) => plain(() => ofProfile.all(profileId)),
    group: (groupId) => plain(() => byId.get(groupId) ?? null),
    putGroup: (group) => plain(() => void put.run(group)),
    removeGroup: (groupId) => plain(() => void remove.run(groupId)),
  };
}

function fromRow(row: ContactRow): Contact {
  return { ...row, groupIds: row.groupIds?.split(' ') ?? [] };
}
