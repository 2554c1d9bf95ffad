import { createHash } from 'node:crypto';

import type { Database } from 'better-sqlite3';
import { ACCOUNTS_STEP } from './schema/accounts.ts';
import { CALL_DIVERSIONS_STEP } from './schema/call-diversions.ts';
import { CONTACTS_STEP } from './schema/contacts.ts';
import { JOIN_LINKS_STEP } from './schema/join-links.ts';
import { NOTICES_STEP } from './schema/notices.ts';
import { RESERVATION_DETAILS_STEP } from './schema/reservation-details.ts';
import { WEBHOOKS_STEP } from './schema/webhooks.ts';

/** The steps from an empty file to today's schema. A step that was released is never changed. */
const STEPS: readonly string[] = [
  `CREATE TABLE reservation (
     reservation_id TEXT PRIMARY KEY,
     profile_id TEXT NOT NULL,
     number TEXT NOT NULL,
     pin TEXT NOT NULL,
     admin_pin TEXT,
     title TEXT NOT NULL,
     start_at_ms INTEGER NOT NULL,
     end_at_ms INTEGER NOT NULL CHECK (end_at_ms > start_at_ms),
     zone TEXT NOT NULL,
     announcements TEXT NOT NULL CHECK (announcements IN ('off', 'tone', 'name')),
     emails TEXT NOT NULL CHECK (json_valid(emails)),
     created_at_ms INTEGER NOT NULL,
     deleted_at_ms INTEGER
   ) STRICT;
   CREATE INDEX reservation_by_number ON reservation (number, created_at_ms);
   CREATE INDEX reservation_by_end ON reservation (end_at_ms);`,
  `CREATE TABLE call_record (
     call_id TEXT PRIMARY KEY,
     trunk TEXT NOT NULL,
     caller TEXT,
     called_number TEXT NOT NULL,
     room TEXT,
     start_at_ms INTEGER NOT NULL,
     answer_at_ms INTEGER,
     end_at_ms INTEGER NOT NULL,
     cause TEXT NOT NULL,
     codec TEXT,
     packets_in INTEGER NOT NULL,
     packets_out INTEGER NOT NULL,
     packets_lost INTEGER NOT NULL,
     jitter_ms REAL NOT NULL,
     dtmf_method TEXT
   ) STRICT;
   CREATE INDEX call_record_by_start ON call_record (start_at_ms);`,
  RESERVATION_DETAILS_STEP,
  ACCOUNTS_STEP,
  NOTICES_STEP,
  CONTACTS_STEP,
  WEBHOOKS_STEP,
  JOIN_LINKS_STEP,
  CALL_DIVERSIONS_STEP,
];

/** After this step the file is written anew: secrets that it took away must not be left on freed pages. */
const SECRETS_GONE = STEPS.indexOf(JOIN_LINKS_STEP) + 1;

/** Version of the schema this program works with: the number of steps. */
export const SCHEMA_VERSION = STEPS.length;

/** 'Konf' in the file's header: tells our databases from other programs'. */
export const APPLICATION_ID = 0x4b6f6e66;

/** The version a file's schema has; 0 for an empty file. */
export function schemaVersion(connection: Database): number {
  return Number(connection.pragma('user_version', { simple: true }));
}

/**
 * Brings the schema up to `target`. Each step is a transaction of its own together with its number, so a crash
 * leaves a version that the next start goes on from; two processes starting at once take turns. Secrets that a step
 * takes away are gone from the file afterwards.
 */
export function migrate(connection: Database, target: number = SCHEMA_VERSION): void {
  const before = schemaVersion(connection);
  if (before >= target) return;
  connection.function('sha256_hex', { deterministic: true }, (text: unknown) =>
    createHash('sha256').update(String(text)).digest('hex'),
  );
  // What is taken away is written over with zeros at once, should the process end before the file is written anew.
  connection.pragma('secure_delete = ON');
  const takeStep = connection.transaction(() => {
    const version = schemaVersion(connection);
    const sql = STEPS[version];
    if (sql === undefined || version >= target) return;
    connection.exec(sql);
    connection.pragma(`application_id = ${APPLICATION_ID}`);
    connection.pragma(`user_version = ${version + 1}`);
  });
  for (let step = 0; step < STEPS.length; step += 1) {
    if (schemaVersion(connection) >= target) break;
    takeStep.exclusive();
  }
  connection.pragma('secure_delete = OFF');
  if (before > 0 && before < SECRETS_GONE && target >= SECRETS_GONE) writeAnew(connection);
}

function writeAnew(connection: Database): void {
  connection.exec('VACUUM');
  connection.pragma('wal_checkpoint(TRUNCATE)');
}
