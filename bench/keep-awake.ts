import { spawn } from 'node:child_process';

/** It ends by itself should we not come to end it. */
const LONGEST_S = 300;

/**
 * Keeps a processor from going to rest for as long as `work` takes: a loop that runs only when nobody else wants to
 * (SCHED_IDLE). A processor that rests between two messages is slow and forgetful after it, and the time is charged to
 * whoever woke it: at a third of its load that says more of the machine than of the program.
 */
export async function whileAwake<Result>(
  processor: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const loop = `const end = Date.now() + ${LONGEST_S * 1000}; while (Date.now() < end);`;
  const idly = ['chrt', '--idle', '0', process.execPath, '-e', loop];
  const child = spawn('taskset', ['-c', String(processor), ...idly], { stdio: 'ignore' });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`nothing kept the processor awake: ${code}`)));
  });
  const endWithUs = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', endWithUs);
  try {
    return await Promise.race([work(), failed]);
  } finally {
    process.off('exit', endWithUs);
    failed.catch(() => undefined);
    endWithUs();
  }
}
