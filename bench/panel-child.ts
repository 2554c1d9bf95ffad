import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A part of the load in a process of its own. */
export interface LoadProcess {
  /** What it has measured since it began or was asked last: times in ms. */
  report(): Promise<readonly number[]>;
  stop(): void;
}

/** Measures how long signalling waits; see `panel-probe.ts`. */
export async function startProbe(sipPort: number): Promise<LoadProcess> {
  return startLoadProcess('panel-probe.ts', [String(sipPort)]);
}

/** Starts a script beside this one and waits until it is ready. */
export async function startLoadProcess(
  script: string,
  scriptArguments: readonly string[],
): Promise<LoadProcess> {
  const child = fork(join(import.meta.dirname, script), scriptArguments, {
    execArgv: ['--import', 'tsx'],
  });
  await once(child, 'message');
  return {
    async report() {
      child.send('report');
      const answer: readonly unknown[] = await once(child, 'message');
      const [times] = answer;
      return Array.isArray(times) ? times.map(Number) : [];
    },
    stop: () => child.disconnect(),
  };
}
