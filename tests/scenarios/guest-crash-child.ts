import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';
import type { MixerCommand } from '../../mixer/protocol/mixer-command.ts';

// Konfa as users run it, but that its media workers crash when it gets SIGUSR2.

/** A command that a defect of ours might make: the worker throws on it. */
const NONSENSE = { type: 'open-leg', legId: 'nonsense' } as unknown as MixerCommand;
const workers = new Set<threads.Worker>();

threads.Worker = class extends threads.Worker {
  constructor(...args: ConstructorParameters<typeof threads.Worker>) {
    super(...args);
    if (args[1]?.name?.startsWith('media-') !== true) return;
    workers.add(this);
    this.once('exit', () => workers.delete(this));
  }
};
syncBuiltinESMExports();
process.on('SIGUSR2', () => {
  for (const worker of workers) worker.postMessage(NONSENSE);
});

await import('../../server/main.ts');
