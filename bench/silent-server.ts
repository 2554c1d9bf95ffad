import { runProgram } from '../server/cli/program.ts';
import { systemTerminal } from '../server/cli/terminal.ts';
import type { startApp } from '../server/app.ts';
import { silentWorkers } from './silent-workers.ts';

// The compiled server with media workers that do nothing: `bench/call-load.ts` runs it, with --expose-gc. To the message
// `figures` it answers with what it holds, after the garbage is gone; see `ProcessFigures`.

interface AppModule {
  readonly startApp: typeof startApp;
}

/** The sources would do, but the loader that runs them makes functions dearer. */
const app: unknown = await import(new URL('../dist/server/app.js', import.meta.url).href);
if (!isApp(app)) throw new Error('dist/ is not there; run npm run build');

/** Buffers that a collection has found are freed a little later, beside the program. */
const SWEEP_MS = 300;

process.on('message', () => {
  globalThis.gc?.();
  setTimeout(tell, SWEEP_MS);
});

function tell(): void {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo();
  process.send?.({
    heapBytes: heapUsed,
    bufferBytes: arrayBuffers,
    timers: resources.filter((name) => name === 'Timeout').length,
    handles: resources.filter((name) => name !== 'Timeout' && name !== 'Immediate').length,
  });
}

process.exit(
  await runProgram(process.argv.slice(2), {
    terminal: systemTerminal(),
    version: 'bench',
    startApp: (options) => app.startApp({ ...options, workers: silentWorkers }),
  }),
);

function isApp(module: unknown): module is AppModule {
  return typeof module === 'object' && module !== null && 'startApp' in module;
}
