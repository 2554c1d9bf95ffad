import type { Person } from '../server/retention/person.ts';
import type { Holdings } from '../server/retention/retention-store.ts';
import type { Connection } from './open-database.ts';

/** Forms of the person as a table to look things up in: `SELECT form FROM person`. */
const PERSON = `WITH person (form) AS (SELECT value FROM json_each(@forms))`;
const MENTIONS = (column: string): string =>
  `EXISTS (SELECT 1 FROM person WHERE instr(fold(${column}), form) > 0)`;
const LISTS = (column: string): string =>
  `EXISTS (SELECT 1 FROM json_each(${column}) AS entry WHERE fold(entry.value) IN (SELECT form FROM person))`;
/** Of calls that came by way of the person only that is told: who called is somebody else. */
const IS_DIVERTED = `fold(stop.value ->> 'number') IN (SELECT form FROM person)`;
/** The person's own account. */
const ACCOUNT = `(SELECT account_id FROM account WHERE fold(email) IN (SELECT form FROM person))`;

/** What stands where: kind of data → the rows of it that are about a person. Secrets are left out. */
const QUESTIONS: Readonly<Record<string, string>> = {
  account: `SELECT account_id, email, name, role, state, language, zone, monthly_limit_milli, created_at_ms,
      last_login_at_ms FROM account WHERE fold(email) IN (SELECT form FROM person)`,
  sessions: `SELECT session_id, created_at_ms, last_seen_at_ms, expires_at_ms, user_agent, address
    FROM account_session WHERE account_id IN ${ACCOUNT}`,
  apiTokens: `SELECT token_id, name, scopes, created_at_ms, last_used_at_ms, expires_at_ms FROM api_token
    WHERE account_id IN ${ACCOUNT}`,
  links: `SELECT purpose, created_at_ms, expires_at_ms FROM account_link
    WHERE ${MENTIONS('data')} OR account_id IN ${ACCOUNT}`,
  webhooks: `SELECT webhook_id, url, events, state, created_at_ms FROM webhook WHERE profile_id IN ${ACCOUNT}`,
  reservationsOrganised: `SELECT reservation_id, number, title, note, start_at_ms, end_at_ms, zone, emails, phones,
      created_at_ms, deleted_at_ms FROM reservation WHERE profile_id IN ${ACCOUNT}`,
  reservationsInvitedTo: `SELECT reservation_id, number, title, start_at_ms, end_at_ms, zone, created_at_ms,
      deleted_at_ms FROM reservation
    WHERE ${LISTS('emails')} OR ${LISTS('phones')} OR ${MENTIONS('title')} OR ${MENTIONS('note')}`,
  joinLinks: `SELECT link_id, reservation_id, role, person, created_at_ms, revoked_at_ms FROM join_link
    WHERE fold(person) IN (SELECT form FROM person)`,
  notices: `SELECT notice_id, reservation_id, channel, kind, recipient, language, created_at_ms, due_at_ms, state,
      state_at_ms, attempts, reason FROM notice WHERE fold(recipient) IN (SELECT form FROM person)`,
  contactsKept: `SELECT contact_id, name, email, phone FROM contact WHERE profile_id IN ${ACCOUNT}`,
  contactGroups: `SELECT group_id, name FROM contact_group WHERE profile_id IN ${ACCOUNT}`,
  contacts: `SELECT contact_id, name, email, phone FROM contact
    WHERE fold(email) IN (SELECT form FROM person) OR phone IN (SELECT form FROM person)`,
  calls: `SELECT call_id, trunk, caller, called_number, room, start_at_ms, answer_at_ms, end_at_ms, cause,
      via, guest_name
    FROM call_record WHERE fold(caller) IN (SELECT form FROM person) OR ${MENTIONS('guest_name')}`,
  callsDiverted: `SELECT call_id, trunk, called_number, room, start_at_ms, end_at_ms,
      (SELECT json_group_array(json(stop.value)) FROM json_each(diversions) AS stop
        WHERE ${IS_DIVERTED}) AS diversions
    FROM call_record WHERE diversions <> '[]' AND EXISTS
      (SELECT 1 FROM json_each(diversions) AS stop WHERE ${IS_DIVERTED})`,
  ledger: `SELECT at_ms, amount_milli, reason, note FROM ledger_entry WHERE ${MENTIONS('note')} OR profile_id IN ${ACCOUNT}`,
  webhookDeliveries: `SELECT delivery_id, event, state, created_at_ms FROM webhook_delivery
    WHERE ${MENTIONS('body')}`,
  keptAnswers: `SELECT route, created_at_ms FROM kept_answer
    WHERE ${MENTIONS('answer')} OR profile_id IN ${ACCOUNT}`,
};

/** Every row that is about the person, by kind; kinds without any are left out. */
export function findPerson(connection: Connection, person: Person): Holdings {
  const forms = JSON.stringify(person.forms);
  const found = Object.entries(QUESTIONS).map(([kind, question]) => {
    const statement = connection.prepare<[object], Record<string, unknown>>(
      `${PERSON} ${question}`,
    );
    return [kind, statement.all({ forms })] as const;
  });
  return Object.fromEntries(found.filter(([, rows]) => rows.length > 0));
}
