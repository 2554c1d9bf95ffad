import { createHash } from 'node:crypto';
import { readFileSync, existsSync } from 'node:fs';

import Database from 'better-sqlite3';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { createJoinLinkStore } from '../../db/join-link-store.ts';
import { migrate, SCHEMA_VERSION, schemaVersion } from '../../db/migrations.ts';
import { openDatabase } from '../../db/open-database.ts';
import { createReservationStore } from '../../db/reservation-store.ts';
import type { StoredJoinLink } from '../../server/guest/join-link-store.ts';
import { createJoinLinks } from '../../server/guest/join-links.ts';
import { sampleReservation, seededRandom } from '../server/reservation/sample-reservations.ts';
import { errorOf, withDatabase, withTemporaryFile } from './temporary-database.ts';

/** The schema in which reservations had their links' tokens in plain text. */
const PLAIN_TOKENS = 7;

function link(differences: Partial<StoredJoinLink> = {}): StoredJoinLink {
  return {
    linkId: 'l1',
    reservationId: 'r1',
    role: 'participant',
    person: null,
    tokenHash: 'a'.repeat(64),
    createdAtMs: 1_000,
    revokedAtMs: null,
    ...differences,
  };
}

test('keeps links with their reservation, in the order they were made in', () =>
  withDatabase((connection) => {
    createReservationStore(connection).insert(sampleReservation());
    const store = createJoinLinkStore(connection);
    const links = [
      link(),
      link({ linkId: 'l0', role: 'moderator', tokenHash: 'b'.repeat(64) }),
      link({ linkId: 'l2', person: 'anna@example.com', tokenHash: 'c'.repeat(64) }),
    ];

    for (const one of links) store.insert(one);

    assert.equal(store.ofReservation('r1'), links);
    assert.equal(store.ofReservation('r2'), []);
    assert.equal(store.byId('l2'), links[2]);
    assert.is(store.byId('l9'), null);
    assert.equal(store.byTokenHash('b'.repeat(64)), links[1]);
    assert.is(store.byTokenHash('d'.repeat(64)), null);
  }));

test('a revoked link keeps the time when it was revoked first', () =>
  withDatabase((connection) => {
    createReservationStore(connection).insert(sampleReservation());
    const store = createJoinLinkStore(connection);
    store.insert(link());

    store.revoke('l1', 5_000);
    store.revoke('l1', 9_000);

    assert.is(store.byId('l1')?.revokedAtMs, 5_000);
  }));

test('refuses one token for two links, and a link to nothing', () =>
  withDatabase((connection) => {
    createReservationStore(connection).insert(sampleReservation());
    const store = createJoinLinkStore(connection);
    store.insert(link());

    assert.is(errorOf(() => store.insert(link({ linkId: 'l2' })))?.code, 'DB_FAILED');
    const stray = link({ linkId: 'l3', reservationId: 'r9', tokenHash: 'b'.repeat(64) });
    assert.is(errorOf(() => store.insert(stray))?.code, 'DB_FAILED');
  }));

test('links go with their reservation', () =>
  withDatabase((connection) => {
    createReservationStore(connection).insert(sampleReservation());
    const store = createJoinLinkStore(connection);
    store.insert(link());

    connection.exec(`DELETE FROM reservation`);

    assert.is(store.byId('l1'), null);
  }));

/** How the schema before took a reservation. */
const OLD_INSERT = `INSERT INTO reservation (reservation_id, profile_id, number, pin, admin_pin, title, start_at_ms,
    end_at_ms, zone, announcements, emails, created_at_ms, deleted_at_ms, guest_token)
  VALUES (@reservationId, 'local', @number, '70214', '5520931', 'Sales', 1000, 2000, 'Europe/Warsaw', 'tone',
    '["anna@example.com"]', 500, NULL, @token)`;

const OLD_ANSWER = `INSERT INTO kept_answer VALUES ('anna', 'POST /reservations', 'k1', 'hash', 201,
  json_object('json', json_object('reservationId', 'r1', 'joinUrl', 'https://konfa.example/j/' || @token), 'etag', '1-a'),
  900)`;

/** Everything that lies in the files of a database. */
function bytesOf(file: string): string {
  return ['', '-wal', '-journal']
    .map((side) => file + side)
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'latin1'))
    .join('');
}

test('links of older versions go on to work, and none of their tokens is left in the file', () =>
  withTemporaryFile((file) => {
    const older = new Database(file);
    older.pragma('journal_mode = WAL');
    migrate(older, PLAIN_TOKENS);
    older.pragma('secure_delete = OFF');
    const tokens = Array.from({ length: 60 }, (_, index) => `${index}`.padStart(32, 'f0e1d2c3'));
    for (const [index, token] of tokens.entries()) {
      older.prepare(OLD_INSERT).run({ reservationId: `r${index}`, number: `${index}`, token });
    }
    older.prepare(OLD_ANSWER).run({ token: tokens[1] });
    older.prepare(`DELETE FROM reservation WHERE reservation_id >= 'r5'`).run();
    assert.ok(bytesOf(file).includes(tokens[1] ?? '-'), 'the test would see one');
    assert.ok(bytesOf(file).includes(tokens[59] ?? '-'), 'and one on a freed page');
    older.close();

    const connection = openDatabase({ file });

    assert.is(schemaVersion(connection), SCHEMA_VERSION);
    const bytes = bytesOf(file);
    for (const token of tokens) assert.not.ok(bytes.includes(token), token);
    const joinLinks = createJoinLinks({
      store: createJoinLinkStore(connection),
      key: new Uint8Array(32),
      random: seededRandom(1),
      clock: { wallclockMs: () => 1_500 },
      publicUrl: 'https://konfa.example',
    });
    const found = joinLinks.find(tokens[1] ?? '');
    assert.is(found?.reservationId, 'r1');
    assert.is(found?.role, 'participant');
    assert.is(found?.person, null);
    assert.is(found?.createdAtMs, 500);
    assert.is(joinLinks.find(tokens[59] ?? ''), null);
    // It cannot be written any more: another one can.
    assert.equal(
      joinLinks.list('r1').map(({ url }) => url),
      [null],
    );
    const url = joinLinks.urlFor({ reservationId: 'r1', role: 'participant', person: null });
    assert.match(url, /^https:\/\/konfa\.example\/j\/[\w-]{22}$/);
    assert.is(joinLinks.find(tokens[1] ?? '')?.revokedAtMs, null);
    const answer = connection.prepare('SELECT answer FROM kept_answer').pluck().get();
    assert.equal(JSON.parse(String(answer)), {
      json: { reservationId: 'r1', joinUrl: '' },
      etag: '1-a',
    });
    connection.close();
  }));

test('of a token only its SHA-256 is kept', () =>
  withDatabase((connection) => {
    createReservationStore(connection).insert(sampleReservation());
    const store = createJoinLinkStore(connection);
    const joinLinks = createJoinLinks({
      store,
      key: new Uint8Array(32),
      random: seededRandom(1),
      clock: { wallclockMs: () => 1_500 },
      publicUrl: 'https://konfa.example',
    });

    const url = joinLinks.urlFor({ reservationId: 'r1', role: 'moderator', person: null });

    const token = url.slice(url.lastIndexOf('/') + 1);
    const [kept] = store.ofReservation('r1');
    assert.is(kept?.tokenHash, createHash('sha256').update(token).digest('hex'));
    assert.not.ok(JSON.stringify(kept).includes(token));
  }));

test.run();
