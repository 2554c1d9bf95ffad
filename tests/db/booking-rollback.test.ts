import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection } from '../../db/open-database.ts';
import { createReservationStore } from '../../db/reservation-store.ts';
import type { BookingProblem } from '../../server/reservation/booking-problem.ts';
import { createReservations } from '../../server/reservation/reservations.ts';
import { at, RULES, seededRandom } from '../server/reservation/sample-reservations.ts';
import { withDatabase } from './temporary-database.ts';

const NOW = at('2026-03-01T10:00Z');
const REQUEST = { profileId: 'p', start: '2026-03-02T11:00', end: '2026-03-02T13:00' };
const NO_SMS: BookingProblem = { code: 'sms-not-offered', field: 'sms', facts: {} };

/** A service whose recorder writes to the same database before it gives its verdict. */
function rig(connection: Connection, verdict: () => readonly BookingProblem[]) {
  connection.exec('CREATE TABLE recorded (type TEXT NOT NULL)');
  const store = createReservationStore(connection);
  const reservations = createReservations({
    store,
    rules: RULES,
    random: seededRandom(3),
    reservedNumbers: () => [],
    recorder: {
      record: ({ type }) => {
        connection.prepare('INSERT INTO recorded VALUES (?)').run(type);
        return verdict();
      },
    },
  });
  const recorded = (): unknown[] => connection.prepare('SELECT type FROM recorded').pluck().all();
  return { store, reservations, recorded };
}

test('what the recorder wrote is kept together with the booking', () =>
  withDatabase((connection) => {
    const { reservations, recorded } = rig(connection, () => []);

    assert.is(reservations.book(REQUEST, NOW).outcome, 'booked');

    assert.equal(recorded(), ['booked']);
    assert.is(reservations.list('all', NOW).length, 1);
  }));

test('a refusal of the recorder leaves neither its rows nor the booking', () =>
  withDatabase((connection) => {
    const { reservations, recorded } = rig(connection, () => [NO_SMS]);

    const outcome = reservations.book(REQUEST, NOW);

    assert.equal(outcome, { outcome: 'refused', problems: [NO_SMS] });
    assert.equal(recorded(), []);
    assert.equal(reservations.list('all', NOW), []);
  }));

test('a refusal inside a greater transaction undoes the booking and nothing else', () =>
  withDatabase((connection) => {
    const { store, reservations, recorded } = rig(connection, () => [NO_SMS]);

    const outcome = store.transaction(() => {
      connection.exec("INSERT INTO recorded VALUES ('before')");
      return reservations.book(REQUEST, NOW);
    });

    assert.is(outcome.outcome, 'refused');
    assert.equal(recorded(), ['before']);
    assert.equal(reservations.list('all', NOW), []);
  }));

test('a defect in a greater transaction undoes the booking that it contains', () =>
  withDatabase((connection) => {
    const { store, reservations, recorded } = rig(connection, () => []);

    assert.throws(
      () =>
        store.transaction(() => {
          reservations.book(REQUEST, NOW);
          throw new TypeError('a defect');
        }),
      /^a defect$/u,
    );

    assert.equal(recorded(), []);
    assert.equal(reservations.list('all', NOW), []);
  }));

test.run();
