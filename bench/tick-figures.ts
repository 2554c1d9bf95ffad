/** Lateness of the media workers' ticks. */
export interface Ticks {
  readonly ticks: number;
  readonly overdue: number;
  readonly worstLateMs: number;
}

/** The figures that the workers have told since then. */
export function ticksOf(lines: readonly unknown[], sinceMs: number): Ticks {
  let sum: Ticks = { ticks: 0, overdue: 0, worstLateMs: 0 };
  for (const line of lines) {
    if (typeof line !== 'object' || line === null || !('overdueDeadlines' in line)) continue;
    const { time, ticks, overdueDeadlines, worstLateMs } = line as Readonly<
      Record<string, unknown>
    >;
    if (new Date(String(time)).getTime() < sinceMs) continue;
    sum = {
      ticks: sum.ticks + Number(ticks),
      overdue: sum.overdue + Number(overdueDeadlines),
      worstLateMs: Math.max(sum.worstLateMs, Number(worstLateMs)),
    };
  }
  return sum;
}
