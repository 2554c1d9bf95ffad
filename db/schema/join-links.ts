/**
 * Links into rooms, of whose tokens only the SHA-256 is kept, and how participants came. The tokens that reservations
 * had in plain text go on to work; `sha256_hex` is a function of ours (`migrations.ts`). Answers that were kept for
 * Idempotency-Key held them too.
 */
export const JOIN_LINKS_STEP = `
  CREATE TABLE join_link (
    link_id TEXT PRIMARY KEY,
    reservation_id TEXT NOT NULL REFERENCES reservation ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('participant', 'moderator')),
    person TEXT,
    token_hash TEXT NOT NULL UNIQUE,
    created_at_ms INTEGER NOT NULL,
    revoked_at_ms INTEGER
  ) STRICT;
  CREATE INDEX join_link_of_reservation ON join_link (reservation_id, created_at_ms);
  CREATE INDEX join_link_by_person ON join_link (person) WHERE person IS NOT NULL;
  INSERT INTO join_link
    SELECT lower(hex(randomblob(16))), reservation_id, 'participant', NULL, sha256_hex(guest_token), created_at_ms, NULL
    FROM reservation WHERE guest_token <> '';
  DROP INDEX reservation_by_guest_token;
  ALTER TABLE reservation DROP COLUMN guest_token;
  UPDATE kept_answer SET answer = json_set(answer, '$.json.joinUrl', '')
    WHERE json_extract(answer, '$.json.joinUrl') IS NOT NULL;
  ALTER TABLE call_record ADD COLUMN via TEXT NOT NULL DEFAULT 'phone' CHECK (via IN ('phone', 'browser'));
  ALTER TABLE call_record ADD COLUMN guest_name TEXT;
  ALTER TABLE call_record ADD COLUMN seat_id TEXT;
`;
