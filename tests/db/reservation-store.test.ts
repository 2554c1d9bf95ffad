import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openDatabase } from '../../db/open-database.ts';
import { createReservationStore } from '../../db/reservation-store.ts';
import { at, memoryStore, sampleReservation } from '../server/reservation/sample-reservations.ts';
import type { HistoryPlace, ReservationStore } from '../../server/reservation/reservation-store.ts';
import { errorOf, withDatabase } from './temporary-database.ts';

test('gives back what was stored, field by field, also after reopening', () =>
  withDatabase((connection) => {
    const store = createReservationStore(connection);
    const plain = sampleReservation();
    const odd = sampleReservation({
      reservationId: 'r2',
      number: '01234',
      adminPin: null,
      title: "Zażółć 'gęślą'; DROP TABLE reservation; --\u0000",
      announcements: 'name',
      emails: [],
      deletedAtMs: at('2026-03-02T11:00Z'),
      phones: ['+48501234567', '+48602345678'],
      smsMoments: ['at-booking', 'before-start'],
      note: 'Zażółć\n"gęślą"',
      language: 'en',
      version: 7,
    });

    store.transaction(() => {
      store.insert(plain);
      store.insert(odd);
    });

    const again = openDatabase({ file: connection.name });
    const other = createReservationStore(again);
    assert.equal(other.byId('r1'), plain);
    assert.equal(other.byId('r2'), odd);
    assert.is(other.byId('r3'), null);
    again.close();
  }));

test('an update replaces the reservation of that id only', () =>
  withDatabase((connection) => {
    const store = createReservationStore(connection);
    store.insert(sampleReservation());
    store.insert(sampleReservation({ reservationId: 'r2' }));
    const after = sampleReservation({ title: 'North', pin: '90218', emails: ['a@b.pl', 'c@d.pl'] });

    store.update(after);

    assert.equal(store.byId('r1'), after);
    assert.equal(store.byId('r2'), sampleReservation({ reservationId: 'r2' }));
  }));

/** Ids of a profile's history, page by page. */
function pages(store: ReservationStore, limit: number, endedByMs: number): readonly string[][] {
  const found: string[][] = [];
  let before: HistoryPlace | null = null;
  for (let page = 0; page < 20; page += 1) {
    const rows = store.history('local', { before, limit, endedByMs });
    if (rows.length === 0) break;
    found.push(rows.map(({ reservationId }) => reservationId));
    const [last] = rows.slice(-1);
    if (last !== undefined) {
      const overAtMs = Math.min(last.endAtMs, last.deletedAtMs ?? last.endAtMs);
      before = { overAtMs, reservationId: last.reservationId };
    }
  }
  return found;
}

test('pages through what is over or deleted, the latest first, each once', () =>
  withDatabase((connection) => {
    const store = createReservationStore(connection);
    const memory = memoryStore();
    const endAtMs = at('2026-03-02T12:00Z');
    for (let index = 0; index < 9; index += 1) {
      const row = sampleReservation({
        reservationId: `r${index}`,
        endAtMs: endAtMs + Math.floor(index / 3) * 1000,
        deletedAtMs: index % 4 === 1 ? endAtMs - 500 + index * 300 : null,
        profileId: index === 8 ? 'other' : 'local',
      });
      store.insert(row);
      memory.insert(row);
    }

    for (const limit of [1, 2, 3, 7, 8, 100]) {
      for (const endedByMs of [endAtMs - 1, endAtMs, endAtMs + 1000, endAtMs + 2000]) {
        assert.equal(pages(store, limit, endedByMs), pages(memory, limit, endedByMs));
      }
    }
    assert.equal(pages(store, 100, endAtMs + 2000), [
      ['r7', 'r6', 'r5', 'r4', 'r3', 'r2', 'r0', 'r1'],
    ]);
  }));

test('lists and history look at the rows of one profile only', () =>
  withDatabase((connection) => {
    const statements: string[] = [];
    const spy = new Proxy(connection, {
      get(target, name) {
        if (name !== 'prepare') return Reflect.get(target, name, target) as unknown;
        return (sql: string) => {
          statements.push(sql);
          return target.prepare(sql);
        };
      },
    });
    createReservationStore(spy);
    const ofProfile = statements.filter((sql) => sql.includes('profile_id = @profileId AND'));

    const plans = ofProfile.map((sql) => {
      const names = [...new Set(sql.match(/@\w+/gu))].map((name) => [name.slice(1), 1] as const);
      const rows = connection
        .prepare<[object], { readonly detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .all(Object.fromEntries(names));
      return rows[0]?.detail ?? '';
    });

    assert.is(plans.length, 2);
    for (const plan of plans) {
      assert.match(plan, /^SEARCH reservation USING INDEX \w+ \(profile_id=\? AND /u);
    }
  }));

test('finds the latest reservation of a number', () =>
  withDatabase((connection) => {
    const store = createReservationStore(connection);
    const old = { createdAtMs: at('2025-01-01T10:00Z') };
    store.insert(sampleReservation({ reservationId: 'new' }));
    store.insert(sampleReservation({ reservationId: 'old', ...old }));

    assert.is(store.latestByNumber('40213')?.reservationId, 'new');
    assert.is(store.latestByNumber('40214'), null);
  }));

test('lists by start what ends after an instant, not deleted, of one profile or all', () =>
  withDatabase((connection) => {
    const store = createReservationStore(connection);
    const times = (start: string, end: string) => ({ startAtMs: at(start), endAtMs: at(end) });
    store.insert(
      sampleReservation({
        reservationId: 'b',
        ...times('2026-03-02T11:00Z', '2026-03-02T12:00Z'),
      }),
    );
    store.insert(
      sampleReservation({
        reservationId: 'a',
        profileId: 'other',
        ...times('2026-03-02T10:00Z', '2026-03-02T12:30Z'),
      }),
    );
    store.insert(sampleReservation({ reservationId: 'c', deletedAtMs: 1 }));
    const ids = (atText: string, profileId: string | null) =>
      store.endingAfter(at(atText), profileId).map(({ reservationId }) => reservationId);

    assert.equal(ids('2026-03-02T11:59Z', null), ['a', 'b']);
    assert.equal(ids('2026-03-02T11:59Z', 'local'), ['b']);
    assert.equal(ids('2026-03-02T12:00Z', null), ['a']);
    assert.equal(ids('2026-03-02T12:30Z', null), []);
  }));

test('a number is in use until the end or the deletion, whichever was first', () =>
  withDatabase((connection) => {
    const store = createReservationStore(connection);
    store.insert(sampleReservation());
    const deletedAtMs = at('2026-03-02T11:00Z');
    store.insert(sampleReservation({ reservationId: 'r2', number: '50607', deletedAtMs }));
    const endAtMs = at('2026-03-02T12:00Z');

    assert.is(store.isNumberInUse('40213', endAtMs - 1), true);
    assert.is(store.isNumberInUse('40213', endAtMs), false);
    assert.is(store.isNumberInUse('50607', deletedAtMs - 1), true);
    assert.is(store.isNumberInUse('50607', deletedAtMs), false);
    assert.is(store.isNumberInUse('99999', 0), false);
  }));

test('a transaction that throws keeps nothing and passes the error on', () =>
  withDatabase((connection) => {
    const store = createReservationStore(connection);
    const defect = new TypeError('a defect');

    const work = () =>
      store.transaction(() => {
        store.insert(sampleReservation());
        throw defect;
      });

    assert.throws(work, (error: unknown) => error === defect);
    assert.is(store.byId('r1'), null);
  }));

test('a full disk is told in a plain sentence without data, and nothing is half written', () =>
  withDatabase((connection) => {
    const store = createReservationStore(connection);
    store.insert(sampleReservation());
    connection.pragma(
      `max_page_count = ${String(connection.pragma('page_count', { simple: true }))}`,
    );
    const big = sampleReservation({ reservationId: 'big', title: 'x'.repeat(100_000) });

    const failure = errorOf(() => store.transaction(() => store.insert(big)));

    assert.is(failure?.code, 'DB_FULL');
    assert.match(
      failure?.message ?? '',
      /^the disk that holds the database is full, nothing was saved: \S+ \(SQLITE_FULL\)$/,
    );
    assert.is(store.byId('big'), null);
    assert.equal(store.byId('r1'), sampleReservation());
    connection.pragma('max_page_count = 1000000');
    store.insert(big);
    assert.equal(store.byId('big'), big);
  }));

test('a database that another process keeps locked is told as busy', () =>
  withDatabase((connection) => {
    const other = openDatabase({ file: connection.name });
    other.exec('BEGIN IMMEDIATE');

    const failure = errorOf(() =>
      createReservationStore(connection).transaction(() => 'not reached'),
    );

    assert.is(failure?.code, 'DB_BUSY');
    other.exec('ROLLBACK');
    other.close();
  }));

test('refuses what breaks the schema without repeating the data', () =>
  withDatabase((connection) => {
    const store = createReservationStore(connection);
    const upsideDown = sampleReservation({ endAtMs: at('2026-03-02T09:00Z') });

    const failure = errorOf(() => store.insert(upsideDown));

    assert.is(failure?.code, 'DB_FAILED');
    assert.not.match(failure?.message ?? '', upsideDown.pin);
  }));

test('a row that cannot be read is a damaged database', () =>
  withDatabase((connection) => {
    const store = createReservationStore(connection);
    store.insert(sampleReservation());
    connection.exec(`UPDATE reservation SET emails = '{"a": 1}'`);

    assert.is(errorOf(() => store.byId('r1'))?.code, 'DB_CORRUPT');
  }));

test.run();
