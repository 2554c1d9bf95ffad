import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureKonfa } from './call-mix.ts';
import type { Company, Load } from './call-mix.ts';
import { startLoadProcess, startProbe } from './panel-child.ts';
import { placePanelDatabase } from './panel-database.ts';
import { spreadOf, spreadText } from './panel-figures.ts';
import type { Spread } from './panel-figures.ts';
import { PANEL_SETTINGS } from './panel-load.ts';
import { ticksOf } from './tick-figures.ts';
import type { Ticks } from './tick-figures.ts';

/** Media workers tell their figures every 10 s: at least one whole such time lies in this. */
const SECONDS = 21;
const FIGURES_MS = 10_000;
/** Of all ticks, those that may be later than 5 ms: p99. */
const OVERDUE_LIMIT = 0.01;
const SIGNALLING_LIMIT_MS = 10;

/** What was seen beside the calls. */
interface Seen {
  answers: Spread;
  signalling: Spread;
  ticks: Ticks;
}

/**
 * The mix of calls without and with an ordinary day's panel load (20 looks and 2 bookings a second): how late the media
 * ticks are, how long signalling waits, and what the phones lose.
 */
export async function measurePanelWithCalls(load: Load): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'konfa-bench-'));
  const profilesFile = join(folder, 'profiles.json');
  try {
    for (const panel of ['idle', 'busy'] as const) {
      const seen: Partial<Seen> = {};
      const result = await measureKonfa(
        { ...load, seconds: SECONDS },
        companyOf(panel, profilesFile, seen),
      );
      const name = `panel ${panel}`.padEnd(10);
      const cpu = `${result.cpuMicroseconds.toFixed(0)} us per user per s`;
      const delay = `delay p95 ${result.delayP95Ms.toFixed(1)} ms`;
      print(
        `${name} ${cpu}; lost ${result.lost} of ${result.packets}; ${delay}; ${ticksText(seen)}`,
      );
      if (seen.answers !== undefined && panel === 'busy') {
        print(`  its answers: ${seen.answers.count}, ${spreadText(seen.answers)}`);
      }
      if (seen.signalling !== undefined) {
        print(
          `  signalling waits: ${spreadText(seen.signalling)} (limit ${SIGNALLING_LIMIT_MS} ms)`,
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function companyOf(panel: 'idle' | 'busy', profilesFile: string, seen: Partial<Seen>): Company {
  return {
    config: PANEL_SETTINGS,
    prepare: (file) => {
      writeFileSync(profilesFile, JSON.stringify(placePanelDatabase(file)), { mode: 0o600 });
    },
    async begin(server) {
      const startAtMs = Date.now();
      const probe = await startProbe(server.sipPort);
      const mix =
        panel === 'idle'
          ? null
          : await startLoadProcess('panel-mix.ts', [server.url, profilesFile]);
      return async () => {
        seen.signalling = spreadOf(await probe.report());
        if (mix !== null) seen.answers = spreadOf(await mix.report());
        mix?.stop();
        probe.stop();
        seen.ticks = ticksOf(server.log(), startAtMs + FIGURES_MS);
      };
    },
  };
}

function ticksText({ ticks }: Partial<Seen>): string {
  if (ticks === undefined || ticks.ticks === 0) return 'no figures of ticks';
  const share = ((ticks.overdue / ticks.ticks) * 100).toFixed(2);
  const limit = (OVERDUE_LIMIT * 100).toFixed(0);
  return `${share} % of ${ticks.ticks} ticks later than 5 ms (limit ${limit} %), worst ${ticks.worstLateMs.toFixed(1)} ms`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
