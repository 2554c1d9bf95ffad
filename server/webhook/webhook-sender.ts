import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Random } from '../runtime/random.ts';
import { nextAttemptAtMs } from './next-attempt.ts';
import type { Post, PostOutcome } from './post.ts';
import { signatureOf } from './signature.ts';
import type { WebhookStore } from './webhook-store.ts';
import type { Webhook, WebhookDelivery } from './webhook.ts';

/** What webhooks need from outside. */
export interface WebhookSenderOptions {
  readonly store: WebhookStore;
  readonly settings: Config['webhooks'];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly post: Post;
}

/** Posts what is queued: to each webhook one at a time, to a few webhooks at once. */
export interface WebhookSender {
  readonly start: () => void;
  /** Looks at the table soon, once the transaction that is open now is over. */
  readonly wake: () => void;
  /** Ends after what is being posted now, in at most 3 s. */
  readonly stop: () => Promise<void>;
}

/** Most posts at once. */
const MOST_IN_FLIGHT = 8;

/** The table is looked at this often at least: the wall clock may be set meanwhile. */
const LONGEST_SLEEP_MS: DurationMs = 60_000;

/** How long `stop` waits for posts. */
const STOP_MS: DurationMs = 3_000;

/** The receiver wants no more of it: 410 Gone, RFC 9110 §15.5.11. */
const GONE = 410;

/**
 * The truth is the table: a delivery is pending until its answer is noted, so after a crash it is posted again under the
 * same `Konfa-Delivery`, by which a receiver knows a repetition.
 */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { store, settings, clock, log, post } = options;
  const inFlight = new Map<string, Promise<void>>();
  let state: 'stopped' | 'running' = 'stopped';
  let cancelTimer = (): void => undefined;
  let pausedUntilMs = 0;

  function sleep(delayMs: DurationMs): void {
    cancelTimer();
    const atMs = clock.monotonicMs() + Math.min(Math.max(delayMs, 0), LONGEST_SLEEP_MS);
    cancelTimer = clock.schedule(atMs, pump);
  }

  function wake(): void {
    if (state === 'running') sleep(0);
  }

  function pump(): void {
    if (state === 'stopped') return;
    if (clock.monotonicMs() < pausedUntilMs) {
      sleep(pausedUntilMs - clock.monotonicMs());
      return;
    }
    try {
      const room = MOST_IN_FLIGHT - inFlight.size;
      const nowMs = clock.wallclockMs();
      for (const delivery of room > 0 ? store.due(nowMs, [...inFlight.keys()], room) : []) {
        const { webhookId } = delivery;
        inFlight.set(
          webhookId,
          attempt(delivery).finally(() => {
            inFlight.delete(webhookId);
            wake();
          }),
        );
      }
      const nextMs = inFlight.size < MOST_IN_FLIGHT ? nextDue() : null;
      sleep(nextMs === null ? LONGEST_SLEEP_MS : nextMs - clock.wallclockMs());
    } catch (error) {
      failed(error);
    }
  }

  function nextDue(): WallclockMs | null {
    return store.nextAttemptAtMs([...inFlight.keys()]);
  }

  function failed(error: unknown): void {
    log.error('webhooks cannot be read or noted', { reason: reasonOf(error) });
    // What cannot be noted as delivered would be posted again and again.
    pausedUntilMs = clock.monotonicMs() + LONGEST_SLEEP_MS;
    sleep(LONGEST_SLEEP_MS);
  }

  async function attempt(delivery: WebhookDelivery): Promise<void> {
    try {
      const webhook = store.byId(delivery.webhookId);
      if (webhook === null) return;
      const nowMs = clock.wallclockMs();
      const reason = reasonToEnd(webhook, delivery, nowMs);
      if (reason !== null) {
        store.updateDelivery({ ...delivery, state: 'failed', reason, stateAtMs: nowMs });
        return;
      }
      const outcome = await post(requestFor(webhook, delivery, nowMs));
      store.transaction(() => note(delivery, outcome, clock.wallclockMs()));
    } catch (error) {
      failed(error);
    }
  }

  function note(before: WebhookDelivery, outcome: PostOutcome, nowMs: WallclockMs): void {
    const status = outcome.outcome === 'answered' ? outcome.status : null;
    const delivery = { ...before, attempts: before.attempts + 1, status, stateAtMs: nowMs };
    if (status !== null && status >= 200 && status < 300) {
      store.updateDelivery({ ...delivery, state: 'delivered', reason: null });
      return;
    }
    const reason = outcome.outcome === 'answered' ? `http-${outcome.status}` : outcome.reason;
    const { deliveryId, webhookId, event } = delivery;
    log.info('webhook not delivered', { deliveryId, webhookId, event, reason });
    if (status === GONE) switchOff(webhookId);
    const isFinal = status === GONE || outcome.outcome === 'refused';
    const againAtMs = isFinal
      ? null
      : nextAttemptAtMs(delivery.attempts, nowMs, delivery.giveUpAtMs);
    if (againAtMs === null) store.updateDelivery({ ...delivery, state: 'failed', reason });
    else store.updateDelivery({ ...delivery, reason, nextAttemptAtMs: againAtMs });
  }

  function switchOff(webhookId: string): void {
    const webhook = store.byId(webhookId);
    if (webhook !== null) store.update({ ...webhook, state: 'off' });
    log.warn('webhook switched off, as its receiver is gone', { webhookId });
  }

  async function stop(): Promise<void> {
    state = 'stopped';
    cancelTimer();
    if (inFlight.size === 0) return;
    let cancelLimit = (): void => undefined;
    const limit = new Promise<void>((resolve) => {
      cancelLimit = clock.schedule(clock.monotonicMs() + STOP_MS, resolve);
    });
    await Promise.race([limit, Promise.all(inFlight.values())]);
    cancelLimit();
  }

  return {
    start() {
      if (!settings.enabled || state === 'running') return;
      state = 'running';
      wake();
    },
    wake,
    stop,
  };
}

/** Why it is not even tried; null: it is. */
function reasonToEnd(
  webhook: Webhook,
  delivery: WebhookDelivery,
  nowMs: WallclockMs,
): string | null {
  if (webhook.state === 'off') return 'webhook-off';
  return nowMs < delivery.giveUpAtMs ? null : (delivery.reason ?? 'given-up');
}

function requestFor(
  webhook: Webhook,
  delivery: WebhookDelivery,
  nowMs: WallclockMs,
): Parameters<Post>[0] {
  const timestampSeconds = Math.floor(nowMs / 1000);
  return {
    url: webhook.url,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Konfa',
      'konfa-event': delivery.event,
      'konfa-delivery': delivery.deliveryId,
      'konfa-timestamp': String(timestampSeconds),
      'konfa-signature': signatureOf(webhook.secret, timestampSeconds, delivery.body),
    },
    body: delivery.body,
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
