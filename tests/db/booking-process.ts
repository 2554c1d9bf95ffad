import { readSync, writeSync } from 'node:fs';
import { openDatabase } from '../../db/open-database.ts';
import { createReservationStore } from '../../db/reservation-store.ts';
import { createReservations } from '../../server/reservation/reservations.ts';
import { systemRandom } from '../../server/runtime/random.ts';
import { SILENT_RECORDER } from '../support/silent-recorder.ts';
import { RULES } from '../server/reservation/sample-reservations.ts';

// A process that books: `FILE COUNT PROFILES`. With `own`, every booking has a profile of its own; with `shared`, four
// in a row have the same one, the same in every process. Writes `ready`, waits for a byte, then writes one line for
// each answer, once it was given: the number and its PINs, or `refused`.

const [file = '', count = '0', profiles = 'own'] = process.argv.slice(2);
const HOUR_MS = 3_600_000;

const connection = openDatabase({ file });
const reservations = createReservations({
  store: createReservationStore(connection),
  rules: RULES,
  random: systemRandom,
  reservedNumbers: () => [],
  recorder: SILENT_RECORDER,
});

// Straight to the pipe: what was written is with the reader whatever happens to this process.
writeSync(1, 'ready\n');
readSync(0, Buffer.alloc(1));
for (let index = 0; index < Number(count); index += 1) {
  const nowMs = Date.now();
  const outcome = reservations.book(
    {
      profileId: profiles === 'own' ? `${process.pid}-${index}` : `${Math.floor(index / 4)}`,
      start: nowMs + HOUR_MS,
      end: nowMs + 2 * HOUR_MS,
      title: 'x'.repeat(90),
    },
    nowMs,
  );
  const line =
    outcome.outcome === 'booked'
      ? `${outcome.reservation.number} ${outcome.reservation.pin} ${outcome.reservation.adminPin}`
      : 'refused';
  writeSync(1, `${line}\n`);
}
connection.close();
