import { readFileSync } from 'node:fs';
import { PanelClient } from './panel-client.ts';
import type { PanelProfile } from './panel-database.ts';
import { book, PANEL_READS, read } from './panel-work.ts';

// An ordinary day's panel load, for as long as it runs: 20 looks and 2 bookings a second. A process of its own, since
// the phones of the same run leave no time for anything else. Arguments: the panel's address, and a file with its
// profiles in JSON. To the message `report` it answers with how long each request took, in ms.

const READS_PER_SECOND = 20;
const BOOKINGS_PER_SECOND = 2;

const [, , url = '', profilesFile = ''] = process.argv;
const profiles = readProfiles(profilesFile);
const client = new PanelClient(url, 6);
let timesMs: number[] = [];
let turn = 0;

setInterval(look, 1000 / READS_PER_SECOND);
setInterval(reserve, 1000 / BOOKINGS_PER_SECOND);
process.on('message', () => {
  process.send?.(timesMs);
  timesMs = [];
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

function look(): void {
  turn += 1;
  const what = PANEL_READS[turn % PANEL_READS.length];
  const profile = profiles[(turn * 7) % profiles.length];
  if (what !== undefined && profile !== undefined) note(read(client, what, profile));
}

function reserve(): void {
  turn += 1;
  const profile = profiles[(turn * 7) % profiles.length];
  if (profile !== undefined) note(book(client, profile, turn));
}

/** A request that fails ends this process, and with it the run. */
function note(answer: Promise<{ readonly durationMs: number }>): void {
  void answer.then(({ durationMs }) => timesMs.push(durationMs));
}

function readProfiles(file: string): readonly PanelProfile[] {
  const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(read)) throw new TypeError('the profiles are no list');
  return read.map(({ token, reservationId }: Record<string, unknown>) => ({
    token: String(token),
    reservationId: String(reservationId),
  }));
}
