import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';

// Loaded into a server before its own code: SIGUSR2 ends all media workers, as a crash does.

const running = new Set<threads.Worker>();

class WatchedWorker extends threads.Worker {
  constructor(source: string | URL, options: threads.WorkerOptions = {}) {
    super(source, options);
    if (options.name?.startsWith('media-') !== true) return;
    running.add(this);
    this.once('exit', () => running.delete(this));
  }
}

if (threads.isMainThread) {
  threads.Worker = WatchedWorker;
  syncBuiltinESMExports();
  process.on('SIGUSR2', () => {
    for (const worker of running) void worker.terminate();
  });
}
