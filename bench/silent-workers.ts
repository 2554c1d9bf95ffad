import type { LegStatistics, MixerEvent } from '../mixer/protocol/mixer-event.ts';
import type { MixerCommand } from '../mixer/protocol/mixer-command.ts';
import type { WorkerHost } from '../server/media/media-pool.ts';

const NOTHING: LegStatistics = {
  packetsIn: 0,
  packetsOut: 0,
  packetsLost: 0,
  jitterMs: 0,
  dtmfMethod: null,
};

/**
 * Media workers that open and close whatever they are asked to, without sockets, packets or ticks: what is left is the
 * cost of signalling. Playbacks never end, so calls stay where they are.
 */
export const silentWorkers: WorkerHost = {
  spawn(_, receive, exited) {
    return {
      post(command) {
        const event = answerTo(command);
        // Threads answer in a turn of their own.
        if (event !== null) setImmediate(receive, event);
        if (command.type === 'shut-down') setImmediate(exited, 'asked to end');
      },
      terminate: () => undefined,
    };
  },
};

function answerTo(command: MixerCommand): MixerEvent | null {
  switch (command.type) {
    case 'open-shared-ports':
      return { type: 'shared-ports-opened', candidates: [], failures: [] };
    case 'open-leg':
      return { type: 'leg-opened', legId: command.legId };
    case 'close-leg':
      return { type: 'leg-closed', legId: command.legId, statistics: NOTHING };
    default:
      return null;
  }
}
