import { Worker } from 'node:worker_threads';
import type { MixerEvent } from '../../mixer/protocol/mixer-event.ts';
import type { WorkerChannel, WorkerHost } from './media-pool.ts';

/**
 * Media workers as threads of this process. The entry has the extension of this file, so that it is found beside the
 * sources and in `dist/` alike; threads inherit what Node was told to load first, and so the TypeScript loader.
 */
export const threadHost: WorkerHost = {
  spawn(index, receive, exited): WorkerChannel {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const entry = new URL(`../../mixer/worker.${extension}`, import.meta.url);
    const worker = new Worker(entry, { name: `media-${index}` });
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

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
