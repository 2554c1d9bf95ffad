import { Worker } from 'node:worker_threads';
import type { DtlsEvent, DtlsHost } from './dtls-host.ts';

/** The DTLS handshakes as a thread of this process. The main thread never loads what does them. */
export const dtlsThreadHost: DtlsHost = {
  spawn(receive, exited) {
    const worker = startThread();
    let reason: string | null = null;
    worker.on('message', (event: DtlsEvent) => receive(event));
    worker.on('error', (error) => {
      reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    worker.on('exit', (code) => exited(reason ?? `the DTLS thread ended with code ${code}`));
    return {
      post: (command) => worker.postMessage(command),
      terminate: () => void worker.terminate(),
    };
  },
};

/** werift writes keys to the log when DEBUG names it: the thread is given no variables of the environment. */
const NO_ENVIRONMENT = {};

/** In `dist/` the entry is JavaScript. Run from its sources, a thread must be given the TypeScript loader anew. */
function startThread(): Worker {
  const name = 'dtls';
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./dtls/dtls-thread.js', import.meta.url), {
      name,
      env: NO_ENVIRONMENT,
    });
  }
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const entry = JSON.stringify(new URL('./dtls/dtls-thread.ts', import.meta.url).href);
  const source = `import(${loader}).then((tsx) => { tsx.register(); return import(${entry}); });`;
  return new Worker(source, { eval: true, name, env: NO_ENVIRONMENT });
}
