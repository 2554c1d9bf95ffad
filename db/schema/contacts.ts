/** Contacts, groups, and answers kept for Idempotency-Key. */
export const CONTACTS_STEP = `
CREATE TABLE contact (
  contact_id TEXT PRIMARY KEY,
  profile_id TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT,
  -- In lower case, as it is looked for.
  email_folded TEXT,
  phone TEXT,
  CHECK (email IS NOT NULL OR phone IS NOT NULL)
) STRICT;
CREATE INDEX contact_by_profile ON contact (profile_id, name);
CREATE INDEX contact_by_email ON contact (email_folded);
CREATE INDEX contact_by_phone ON contact (phone);
CREATE TABLE contact_group (
  group_id TEXT PRIMARY KEY,
  profile_id TEXT NOT NULL,
  name TEXT NOT NULL
) STRICT;
CREATE INDEX contact_group_by_profile ON contact_group (profile_id, name);
CREATE TABLE contact_group_member (
  contact_id TEXT NOT NULL REFERENCES contact (contact_id) ON DELETE CASCADE,
  group_id TEXT NOT NULL REFERENCES contact_group (group_id) ON DELETE CASCADE,
  PRIMARY KEY (contact_id, group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_group_member_by_group ON contact_group_member (group_id);
CREATE TABLE kept_answer (
  profile_id TEXT NOT NULL,
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  status INTEGER NOT NULL,
  answer TEXT NOT NULL CHECK (json_valid(answer)),
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (profile_id, route, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_answer_by_age ON kept_answer (created_at_ms);
`;
