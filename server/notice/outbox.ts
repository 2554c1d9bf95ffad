import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { OwnTurn } from '../runtime/own-turns.ts';
import type { Alarm } from './alarm.ts';
import { maskRecipient } from './mask-recipient.ts';
import type { Channel, Notice, NoticeState, SendOutcome, SmsReceipt } from './notice.ts';
import {
  recoverAll,
  takeTurn,
  type Handover,
  type Settlement,
  type TurnResult,
  type TurnTables,
} from './outbox-turn.ts';
import type { RateWindow } from './rate-window.ts';

/** Hands messages of one channel over. `atOnce`: how many may be under way. */
export interface OutboxLane {
  readonly channel: Channel;
  readonly atOnce: number;
  readonly window: RateWindow;
  /** Writes the message and hands it over. What it throws or rejects with is a defect, and logged as one. */
  readonly send: (handover: Handover, nowMs: WallclockMs) => Promise<SendOutcome>;
}

/** What the outbox works with. */
export interface OutboxOptions extends TurnTables {
  readonly lanes: readonly OutboxLane[];
  /** Comes back when what a turn has committed is on the disk. Absent: it is there when the turn returns. */
  readonly onDisk?: () => Promise<void>;
  /** Each message is written in a turn of its own, so that signalling waits for one at most. Absent: at once. */
  readonly ownTurn?: OwnTurn;
  readonly clock: Clock;
  readonly log: Logger;
  readonly createAlarm: (ring: () => void) => Alarm;
}

/** Sends what is due, as the table says. */
export interface Outbox {
  /** Settles what a crash left half done and begins. */
  start(): void;
  wake(): void;
  receipt(receipt: SmsReceipt): void;
  stop(): Promise<void>;
}

/** How long until a turn that failed on the database is repeated. */
const REPEAT_MS: DurationMs = 1_000;

/** How long the end waits for what is under way. */
const STOP_MS: DurationMs = 3_000;

/** Receipts that came before their message's id was noted: as many as are kept for the next turns. */
const RECEIPTS_KEPT = 1_000;

/**
 * Makes the sender. A turn begins when a message was handed over, when somebody wakes it and when the alarm rings; none
 * runs within another. Only what a turn has committed as `sending` is handed over.
 */
export function createOutbox(options: OutboxOptions): Outbox {
  const { lanes, clock, log } = options;
  const underWay = new Map<Channel, number>();
  let state: 'idle' | 'running' | 'stopping' | 'stopped' = 'idle';
  let isTurnAsked = false;
  let settlements: readonly Settlement[] = [];
  let receipts: readonly SmsReceipt[] = [];
  let alarm: Alarm | null = null;
  let cancelTimer = (): void => undefined;
  let onQuiet = (): void => undefined;

  function start(): void {
    if (state !== 'idle') return;
    for (const notice of recoverAll(options, wallclockMs())) logState(log, notice);
    state = 'running';
    alarm = options.createAlarm(wake);
    wake();
  }

  /** Asks for a turn: not now, as somebody may be in the middle of a transaction. */
  function wake(): void {
    if (isTurnAsked || state === 'idle' || state === 'stopped') return;
    isTurnAsked = true;
    queueMicrotask(() => {
      isTurnAsked = false;
      turn();
    });
  }

  function turn(): void {
    if (state === 'stopped') return;
    cancelTimer();
    const nowMs = wallclockMs();
    try {
      const result = takeTurn(options, { nowMs, settlements, receipts, free: freeOfAll() });
      ended(result, nowMs);
    } catch (error) {
      // What was to be noted is kept for the next turn, and nothing new is handed over.
      const code = error instanceof CodedError ? error.code : String(error);
      log.error('notices cannot be written down, trying again', { code });
      cancelTimer = clock.schedule(clock.monotonicMs() + REPEAT_MS, wake);
    }
    if (isQuiet()) onQuiet();
  }

  function ended(result: TurnResult, nowMs: WallclockMs): void {
    settlements = [];
    receipts = result.openReceipts.slice(-RECEIPTS_KEPT);
    for (const notice of result.changed) logState(log, notice);
    for (const handover of result.handovers) handOver(handover, nowMs);
    if (state !== 'running') return;
    alarm?.set(options.store.nextAttemptAtMs(nowMs));
    const closed = lanes.filter((lane) => slotsOf(lane) > 0 && windowOf(lane) === 0);
    const opensAtMs = Math.min(...closed.map((lane) => lane.window.freeAtMs()));
    if (closed.length > 0) cancelTimer = clock.schedule(opensAtMs, wake);
    if (result.rest === 'more') wake();
  }

  function handOver(handover: Handover, nowMs: WallclockMs): void {
    const { noticeId, channel } = handover.notice;
    const lane = lanes.find((candidate) => candidate.channel === channel);
    if (lane === undefined) return;
    lane.window.take(clock.monotonicMs());
    underWay.set(channel, underWayOf(channel) + 1);
    void attempt(lane, handover, nowMs).then((outcome) => {
      underWay.set(channel, underWayOf(channel) - 1);
      settlements = [...settlements, { noticeId, outcome }];
      wake();
    });
  }

  async function attempt(
    lane: OutboxLane,
    handover: Handover,
    nowMs: WallclockMs,
  ): Promise<SendOutcome> {
    try {
      // An SMS of which nothing is known after a power cut would be sent twice.
      if (options.onDisk !== undefined) await options.onDisk();
      if (options.ownTurn !== undefined) await options.ownTurn();
    } catch {
      return { outcome: 'retry', reason: 'not-written' };
    }
    try {
      return await lane.send(handover, nowMs);
    } catch (error) {
      const { noticeId } = handover.notice;
      log.error('a notice could not be handed over', { noticeId, error: nameOf(error) });
      // Nobody can tell how far it came.
      return { outcome: 'unknown', reason: 'defect' };
    }
  }

  function receipt(given: SmsReceipt): void {
    receipts = [...receipts, given].slice(-RECEIPTS_KEPT);
    wake();
  }

  async function stop(): Promise<void> {
    if (state === 'running') {
      state = 'stopping';
      alarm?.stop();
      await quiet();
    }
    state = 'stopped';
    cancelTimer();
  }

  function quiet(): Promise<void> {
    if (isQuiet()) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = clock.schedule(clock.monotonicMs() + STOP_MS, resolve);
      onQuiet = () => {
        cancel();
        resolve();
      };
    });
  }

  function freeOfAll(): ReadonlyMap<Channel, number> {
    if (state !== 'running') return new Map();
    return new Map(
      lanes.map((lane) => [lane.channel, Math.min(slotsOf(lane), windowOf(lane))] as const),
    );
  }

  const wallclockMs = (): WallclockMs => Math.floor(clock.wallclockMs());
  const underWayOf = (channel: Channel): number => underWay.get(channel) ?? 0;
  const slotsOf = (lane: OutboxLane): number => lane.atOnce - underWayOf(lane.channel);
  const windowOf = (lane: OutboxLane): number => lane.window.left(clock.monotonicMs());
  const isQuiet = (): boolean =>
    settlements.length === 0 && lanes.every(({ channel }) => underWayOf(channel) === 0);

  return { start, wake, receipt, stop };
}

/** One line for each state a person would ask about; `sending` lasts a moment. */
const LINES: Readonly<Record<Exclude<NoticeState, 'sending'>, readonly ['info' | 'warn', string]>> =
  {
    pending: ['warn', 'notice waits for another attempt'],
    sent: ['info', 'notice sent'],
    delivered: ['info', 'notice delivered'],
    failed: ['warn', 'notice failed'],
    unknown: ['warn', 'nobody can tell whether a notice was sent'],
    cancelled: ['info', 'notice cancelled'],
    'too-late': ['warn', 'notice too late to be sent'],
  };

function logState(log: Logger, notice: Notice): void {
  const { noticeId, channel, kind, state, attempts, reason } = notice;
  if (state === 'sending') return;
  const [level, message] = LINES[state];
  log[level](message, { noticeId, channel, kind, to: maskRecipient(notice), attempts, reason });
}

/** Not its message, which may quote what was to be sent. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
