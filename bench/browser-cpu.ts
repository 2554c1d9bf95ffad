import { readdirSync, readFileSync } from 'node:fs';
import { cpuSeconds } from './compiled-server.ts';

/** CPU time of a server so far, in s: all of it by the process clock, its threads by the scheduler's. */
export interface ServerCpu {
  readonly total: number;
  readonly main: number;
  /** Media workers: the threads that go before the main thread; null where the system does not let them. */
  readonly media: number | null;
  /** The DTLS thread, V8's own and those for files. */
  readonly other: number;
}

/** Reads what a process has used so far. */
export function serverCpu(pid: number): ServerCpu {
  const mainNice = niceOf(`/proc/${pid}/task/${pid}`);
  let main = 0;
  let media: number | null = null;
  let other = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${thread}`;
    const [nanoseconds] = readFileSync(`${folder}/schedstat`, 'utf8').split(' ');
    const seconds = Number(nanoseconds) / 1e9;
    if (thread === String(pid)) main += seconds;
    else if (niceOf(folder) < mainNice) media = (media ?? 0) + seconds;
    else other += seconds;
  }
  return { total: cpuSeconds(pid), main, media, other };
}

/** What was used between two looks. */
export function cpuBetween(before: ServerCpu, after: ServerCpu): ServerCpu {
  return {
    total: after.total - before.total,
    main: after.main - before.main,
    media: after.media === null ? null : after.media - (before.media ?? 0),
    other: after.other - before.other,
  };
}

/** Field 19 of proc_pid_stat(5), counted after the name, which may hold blanks. */
function niceOf(folder: string): number {
  const fields = readFileSync(`${folder}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[16]);
}
