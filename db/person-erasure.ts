import type { Person } from '../server/retention/person.ts';
import type { Counts } from '../server/retention/retention-store.ts';
import type { Connection } from './open-database.ts';

const PERSON = `WITH person (form) AS (SELECT value FROM json_each(@forms))`;
const IS_PERSON = (column: string): string => `fold(${column}) IN (SELECT form FROM person)`;
const MENTIONS = (column: string): string =>
  `EXISTS (SELECT 1 FROM person WHERE instr(fold(${column}), form) > 0)`;
const OTHERS = (column: string): string =>
  `(SELECT json_group_array(entry.value) FROM json_each(${column}) AS entry WHERE NOT ${IS_PERSON('entry.value')})`;

/** A list of diversions with the person's numbers taken out of it; that there was a stop stays. */
const WITHOUT = (column: string): string =>
  `(SELECT json_group_array(json(CASE WHEN ${IS_PERSON("stop.value ->> 'number'")}
      THEN json_set(stop.value, '$.number', '') ELSE stop.value END))
    FROM json_each(${column}) AS stop)`;

/** What is left where a person was named in somebody's words. */
const ERASED = '[…]';

/** One statement for each kind of data, in this order. */
const STEPS: Readonly<Record<string, string>> = {
  // What was held for an SMS that is never sent now is given back.
  refunds: `${PERSON} INSERT INTO ledger_entry (entry_id, profile_id, at_ms, amount_milli, reason, notice_id, note)
    SELECT lower(hex(randomblob(16))), profile_id, max(created_at_ms, state_at_ms), cost_milli, 'refund', notice_id, ''
    FROM notice WHERE state = 'pending' AND cost_milli > 0 AND ${IS_PERSON('recipient')}`,
  notices: `${PERSON} DELETE FROM notice WHERE ${IS_PERSON('recipient')}`,
  invitations: `${PERSON} UPDATE reservation SET emails = ${OTHERS('emails')}, phones = ${OTHERS('phones')},
      version = version + 1
    WHERE EXISTS (SELECT 1 FROM json_each(emails) AS entry WHERE ${IS_PERSON('entry.value')})
      OR EXISTS (SELECT 1 FROM json_each(phones) AS entry WHERE ${IS_PERSON('entry.value')})`,
  contacts: `${PERSON} DELETE FROM contact WHERE ${IS_PERSON('email')} OR ${IS_PERSON('phone')}`,
  joinLinks: `${PERSON} DELETE FROM join_link WHERE ${IS_PERSON('person')}`,
  calls: `${PERSON} UPDATE call_record SET caller = NULL WHERE ${IS_PERSON('caller')}`,
  diversions: `${PERSON} UPDATE call_record SET diversions = ${WITHOUT('diversions')}
    WHERE diversions <> '[]' AND EXISTS
      (SELECT 1 FROM json_each(diversions) AS stop WHERE ${IS_PERSON("stop.value ->> 'number'")})`,
  links: `${PERSON} DELETE FROM account_link WHERE ${MENTIONS('data')}`,
  webhookDeliveries: `${PERSON} DELETE FROM webhook_delivery WHERE ${MENTIONS('body')}`,
  keptAnswers: `${PERSON} DELETE FROM kept_answer WHERE ${MENTIONS('answer')}`,
};

/** Words of people in which the person may be named. */
const WORDS = [
  { table: 'reservation', key: 'reservation_id', column: 'title' },
  { table: 'reservation', key: 'reservation_id', column: 'note' },
  { table: 'ledger_entry', key: 'entry_id', column: 'note' },
  { table: 'call_record', key: 'call_id', column: 'guest_name' },
] as const;

/** Removes the person from everything but their own account; how many rows were touched, by kind. */
export function erasePerson(connection: Connection, person: Person): Counts {
  const forms = JSON.stringify(person.forms);
  const counts = Object.entries(STEPS).map(([kind, sql]) => {
    const { changes } = connection.prepare<[object]>(sql).run({ forms });
    return [kind, changes] as const;
  });
  const words = WORDS.map((place) => eraseWords(connection, place, person));
  const mentions = words.reduce((sum, count) => sum + count, 0);
  return { ...Object.fromEntries(counts), mentions };
}

function eraseWords(connection: Connection, place: (typeof WORDS)[number], person: Person): number {
  const { table, key, column } = place;
  const found = connection
    .prepare<[object], { readonly id: string; readonly words: string }>(
      `${PERSON} SELECT ${key} AS id, ${column} AS words FROM ${table} WHERE ${MENTIONS(column)}`,
    )
    .all({ forms: JSON.stringify(person.forms) });
  const write = connection.prepare<[string, string]>(
    `UPDATE ${table} SET ${column} = ? WHERE ${key} = ?`,
  );
  for (const { id, words } of found) write.run(withoutPerson(words, person), id);
  return found.length;
}

function withoutPerson(words: string, person: Person): string {
  return person.forms.reduce(
    (text, form) => text.replace(new RegExp(form.replace(/[^\p{L}\p{N}]/gu, '\\$&'), 'gi'), ERASED),
    words,
  );
}
