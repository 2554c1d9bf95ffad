import { withCompiledServer, mainThreadSeconds } from './compiled-server.ts';
import type { CompiledServer } from './compiled-server.ts';
import { pause } from './load-calls.ts';
import { startProbe } from './panel-child.ts';
import type { LoadProcess } from './panel-child.ts';
import { PanelClient } from './panel-client.ts';
import { placePanelDatabase } from './panel-database.ts';
import type { PanelProfile } from './panel-database.ts';
import { spreadOf, spreadText } from './panel-figures.ts';
import type { Spread } from './panel-figures.ts';
import { book, PANEL_READS, read } from './panel-work.ts';
import type { PanelRead } from './panel-work.ts';

/** What may be at most. */
const ANSWER_LIMIT_MS = 20;
const BOOKINGS_PER_SECOND = 200;
const SIGNALLING_LIMIT_MS = 10;

const WARM_UP_READS = 300;
const READS_EACH = 400;
const BOOKING_SECONDS = 10;
const RUSH_SECONDS = 5;
const RUSH_CONNECTIONS = 8;

/** Settings of a server that is loaded through its panel. */
export const PANEL_SETTINGS = { reservations: { activePerProfile: 50 } };

/**
 * Measures the panel of a server with 10,000 reservations of 3,000 profiles over HTTP: how long it takes to answer one
 * who asks alone, and bookings at a steady rate and as fast as they go; meanwhile, how long signalling waits. Times are
 * the client's, so they are the server's at most.
 */
export async function measurePanel(): Promise<void> {
  let profiles: readonly PanelProfile[] = [];
  const prepare = (file: string): void => {
    const startMs = performance.now();
    profiles = placePanelDatabase(file);
    print(
      `panel      10,000 reservations of ${profiles.length} profiles, filled in ${((performance.now() - startMs) / 1000).toFixed(1)} s`,
    );
  };
  await withCompiledServer(
    { config: { ...PANEL_SETTINGS, ...noTrunks(), log: { level: 'warn' } }, prepare },
    async (server) => {
      const probe = await startProbe(server.sipPort);
      try {
        await measureReads(server, profiles, probe);
        await measureBookings(server, profiles, probe);
        await measureRush(server, profiles, probe);
      } finally {
        probe.stop();
      }
    },
  );
}

/** OPTIONS is answered to trunks only. */
function noTrunks(): Readonly<Record<string, unknown>> {
  return { trunks: [{ name: 'load', allowFrom: ['127.0.0.1'], onNet: true }] };
}

async function measureReads(
  server: CompiledServer,
  profiles: readonly PanelProfile[],
  probe: LoadProcess,
): Promise<void> {
  const client = new PanelClient(server.url, 1);
  const all = new Map<PanelRead, number[]>(PANEL_READS.map((what) => [what, []]));
  for (let turn = 0; turn < WARM_UP_READS + READS_EACH * PANEL_READS.length; turn += 1) {
    if (turn === WARM_UP_READS) await probe.report();
    const what = PANEL_READS[turn % PANEL_READS.length] ?? 'list';
    const { durationMs } = await read(client, what, profileAt(profiles, turn * 7));
    if (turn >= WARM_UP_READS) all.get(what)?.push(durationMs);
  }
  client.close();
  for (const [what, times] of all) {
    print(`${what.padEnd(10)} ${spreadText(spreadOf(times))} (p99 limit ${ANSWER_LIMIT_MS} ms)`);
  }
  printSignalling('reading', spreadOf(await probe.report()));
}

/** Each at its time, whether or not those before it are answered. */
async function measureBookings(
  server: CompiledServer,
  profiles: readonly PanelProfile[],
  probe: LoadProcess,
): Promise<void> {
  const client = new PanelClient(server.url, 64);
  const asked: Promise<{ readonly durationMs: number }>[] = [];
  const total = BOOKINGS_PER_SECOND * BOOKING_SECONDS;
  await probe.report();
  const cpuBefore = mainThreadSeconds(server.pid);
  const startMs = performance.now();
  while (asked.length < total) {
    const due = Math.floor(((performance.now() - startMs) * BOOKINGS_PER_SECOND) / 1000) + 1;
    while (asked.length < Math.min(due, total)) {
      asked.push(book(client, profileAt(profiles, asked.length), asked.length));
    }
    await pause(2);
  }
  const answers = await Promise.all(asked);
  const seconds = (performance.now() - startMs) / 1000;
  const busy = (mainThreadSeconds(server.pid) - cpuBefore) / seconds;
  client.close();
  const spread = spreadOf(answers.map(({ durationMs }) => durationMs));
  print(
    `bookings   ${(total / seconds).toFixed(0)} of ${BOOKINGS_PER_SECOND} asked for each second for ${BOOKING_SECONDS} s; ${spreadText(spread)}; main thread ${(busy * 100).toFixed(0)} % busy`,
  );
  printSignalling('bookings', spreadOf(await probe.report()));
}

/** As many as it takes. */
async function measureRush(
  server: CompiledServer,
  profiles: readonly PanelProfile[],
  probe: LoadProcess,
): Promise<void> {
  const client = new PanelClient(server.url, RUSH_CONNECTIONS);
  const startMs = performance.now();
  let turn = BOOKINGS_PER_SECOND * BOOKING_SECONDS;
  const first = turn;
  const organiser = async (): Promise<void> => {
    while (performance.now() - startMs < RUSH_SECONDS * 1000) {
      turn += 1;
      await book(client, profileAt(profiles, turn), turn);
    }
  };
  await Promise.all(Array.from({ length: RUSH_CONNECTIONS }, organiser));
  const perSecond = ((turn - first) / (performance.now() - startMs)) * 1000;
  client.close();
  print(
    `at most    ${perSecond.toFixed(0)} bookings a second (limit: at least ${BOOKINGS_PER_SECOND})`,
  );
  printSignalling('rush', spreadOf(await probe.report()));
}

function printSignalling(during: string, spread: Spread): void {
  print(
    `  signalling waits during ${during}: ${spreadText(spread)} (limit ${SIGNALLING_LIMIT_MS} ms)`,
  );
}

function profileAt(profiles: readonly PanelProfile[], turn: number): PanelProfile {
  const profile = profiles[turn % profiles.length];
  if (profile === undefined) throw new Error('there are no profiles');
  return profile;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
