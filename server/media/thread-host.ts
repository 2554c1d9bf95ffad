import { Worker } from 'node:worker_threads';
import type { MixerEvent } from '../../mixer/protocol/mixer-event.ts';
import type { WorkerChannel, WorkerHost } from './media-pool.ts';

/** Media workers as threads of this process. */
export const threadHost: WorkerHost = {
  spawn(index, receive, exited): WorkerChannel {
    const worker = startThread(`media-${index}`);
    let reason: string | null = null;
    worker.on('message', (event: MixerEvent) => receive(event));
    worker.on('error', (error) => {
      reason = describe(error);
    });
    worker.on('exit', (code) => exited(reason ?? `the thread ended with code ${code}`));
    return {
      post: (command) => worker.postMessage(command),
      terminate: () => void worker.terminate(),
    };
  },
};

/** In `dist/` the entry is JavaScript. Run from its sources, a thread must be given the TypeScript loader anew. */
function startThread(name: string): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('../../mixer/worker.js', import.meta.url), { name });
  }
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const entry = JSON.stringify(new URL('../../mixer/worker.ts', import.meta.url).href);
  const source = `import(${loader}).then((tsx) => { tsx.register(); return import(${entry}); });`;
  return new Worker(source, { eval: true, name });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
