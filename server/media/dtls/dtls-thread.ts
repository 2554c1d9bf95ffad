import { parentPort } from 'node:worker_threads';
import type { DtlsCommand } from '../dtls-host.ts';
import { DtlsDesk } from './dtls-desk.ts';

// Entry of the DTLS thread: gives the desk timers and the main thread's ear, and keeps faults of one leg to that leg.

if (parentPort === null) throw new Error('dtls-thread.ts runs as a worker thread only');
const port = parentPort;

/** Faults that no leg could be blamed for. More are no accident: the thread ends and is started anew. */
const MAX_STRAY_FAULTS = 100;
let strayFaults = 0;

const desk = new DtlsDesk({
  emit: (event) => port.postMessage(event),
  after: (durationMs, then) => {
    const timer = setTimeout(then, durationMs);
    return () => clearTimeout(timer);
  },
});

port.on('message', (command: DtlsCommand) => {
  try {
    desk.handle(command);
  } catch {
    // Without an identity there is nothing to do here.
    if (!('legId' in command)) process.exit(1);
    desk.abandon(command.legId);
  }
  // What was posted before is on its way already.
  if (command.type === 'shut-down') process.exit(0);
});

// werift works in promises that nobody awaits. What fails in them belongs to a leg whose handshake then runs out of
// time. The error itself is not passed on: it may hold keys.
function contain(): void {
  strayFaults += 1;
  if (strayFaults > MAX_STRAY_FAULTS) process.exit(1);
}
process.on('uncaughtException', contain);
process.on('unhandledRejection', contain);
