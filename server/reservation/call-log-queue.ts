import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { CallLog, CallLogStore, CallRecord } from './call-record.ts';

/** A call log whose records are written in lots. */
export interface CallLogQueue extends CallLog {
  /** Writes what waits, at once. Never throws. */
  flush(): void;
}

/** What the queue works with. */
export interface CallLogQueueOptions {
  readonly store: CallLogStore;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How long a record may wait: the most that is lost when the process is killed. */
const LONGEST_WAIT_MS = 100;

/** Records that are written together at most, so that signalling waits for one lot no longer than for a few calls. */
const LOT = 100;

/**
 * Keeps records of calls for a moment and writes those of many calls in one transaction: at hundreds of calls per second
 * one for each is a tenth of what signalling costs. Whoever reads sees what waits, too. A record that cannot be kept is
 * a line of the log.
 */
export function queuedCallLog({ store, clock, log }: CallLogQueueOptions): CallLogQueue {
  let waiting: CallRecord[] = [];
  let cancel: (() => void) | null = null;

  function flush(): void {
    cancel?.();
    cancel = null;
    const lot = waiting;
    waiting = [];
    if (lot.length > 0) keep(lot);
  }

  /** What fails together is tried one by one: a record that is at fault must not take others with it. */
  function keep(lot: readonly CallRecord[]): void {
    try {
      store.addAll(lot);
    } catch (error) {
      if (lot.length > 1) {
        for (const record of lot) keep([record]);
        return;
      }
      for (const { callId } of lot) {
        log.error('call record not kept', { dialogId: callId, error: String(error) });
      }
    }
  }

  return {
    flush,
    add(record) {
      waiting.push(record);
      if (waiting.length >= LOT) flush();
      else cancel ??= clock.schedule(clock.monotonicMs() + LONGEST_WAIT_MS, flush);
    },
    list(limit) {
      flush();
      return store.list(limit);
    },
    ofRoom(roomId) {
      flush();
      return store.ofRoom(roomId);
    },
  };
}
