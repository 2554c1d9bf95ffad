import type { WorkerFigures } from './server-figures.ts';

/** What a media worker reports: how much of each since its last report, and its legs now. */
export type WorkerReportFigures = Omit<WorkerFigures, 'worker'>;

/** Adds up what media workers report, since counters only ever grow. */
export class WorkerTally {
  readonly #workers = new Map<string, WorkerFigures>();

  /** Totals so far. A worker that was started anew goes on where its forerunner stopped. */
  get figures(): readonly WorkerFigures[] {
    return [...this.#workers.values()];
  }

  /** Takes a report. `worker`: its number. */
  add(worker: number, report: WorkerReportFigures): void {
    const name = String(worker);
    const before = this.#workers.get(name);
    this.#workers.set(name, {
      worker: name,
      ticks: (before?.ticks ?? 0) + report.ticks,
      lateTicks: (before?.lateTicks ?? 0) + report.lateTicks,
      skippedTicks: (before?.skippedTicks ?? 0) + report.skippedTicks,
      overdueDeadlines: (before?.overdueDeadlines ?? 0) + report.overdueDeadlines,
      legs: report.legs,
    });
  }
}
