import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Notice } from '../notice/notice.ts';
import type { ReservationRecorder } from '../reservation/reservation-recorder.ts';
import type { ProfileId } from '../reservation/reservation.ts';
import { createEventQueue } from './event-queue.ts';
import { createWebhookSender } from './webhook-sender.ts';
import type { WebhookSenderOptions } from './webhook-sender.ts';
import { judgeUrl } from './webhook-url.ts';
import type { DeliveryPage, Webhook, WebhookDelivery } from './webhook.ts';

/** What a webhook is made from. */
export type WebhookDraft = Pick<Webhook, 'url' | 'events' | 'state'>;

/** Why a webhook is refused. */
export type WebhookRefusal =
  | 'webhooks-off'
  | 'bad-url'
  | 'insecure-url'
  | 'private-address'
  | 'too-many-webhooks'
  | 'not-found';

/** What came of making or changing a webhook. */
export type WebhookOutcome =
  | { readonly outcome: 'done'; readonly webhook: Webhook }
  | { readonly outcome: 'refused'; readonly code: WebhookRefusal };

/** Events delivered to organisers' programs by HTTP. Another profile's webhook is `not-found`. */
export interface Webhooks {
  /** Queues events of reservations, in the transaction that makes the change. Never has a problem. */
  readonly recorder: ReservationRecorder;
  /** Queues `notice.sent`, `notice.delivered`, `notice.failed`; other states are passed over. Within the transaction. */
  noticeState(notice: Notice, nowMs: WallclockMs): void;
  create(profileId: ProfileId, draft: WebhookDraft, nowMs: WallclockMs): WebhookOutcome;
  change(profileId: ProfileId, webhookId: string, draft: WebhookDraft): WebhookOutcome;
  /** A new secret, valid from the next attempt on. */
  rotateSecret(profileId: ProfileId, webhookId: string): WebhookOutcome;
  remove(profileId: ProfileId, webhookId: string): 'removed' | 'not-found';
  list(profileId: ProfileId): readonly Webhook[];
  /** Null: not a webhook of this profile. */
  deliveries(
    profileId: ProfileId,
    webhookId: string,
    page: { readonly cursor: string | null; readonly limit: number },
  ): DeliveryPage | null;
  /** Sends a delivery once more, as a new row with the same body. Null: not one of this profile's webhook. */
  redeliver(
    profileId: ProfileId,
    which: { readonly webhookId: string; readonly deliveryId: string },
    nowMs: WallclockMs,
  ): WebhookDelivery | null;
  /** Begins to deliver, with what an earlier run left. */
  start(): void;
  /** Something may have been queued. */
  wake(): void;
  /** Ends after what is being posted now, in at most 3 s. */
  stop(): Promise<void>;
}

/** Octets of a secret. */
const SECRET_BYTES = 32;

/** Webhooks over a store. Nothing is posted before `start`. */
export function createWebhooks(options: WebhookSenderOptions): Webhooks {
  const { store, settings, random } = options;
  const sender = createWebhookSender(options);
  const queue = createEventQueue({ ...options, wake: sender.wake });

  function find(profileId: ProfileId, webhookId: string): Webhook | null {
    const webhook = store.byId(webhookId);
    return webhook?.profileId === profileId ? webhook : null;
  }

  function create(profileId: ProfileId, draft: WebhookDraft, nowMs: WallclockMs): WebhookOutcome {
    if (!settings.enabled) return { outcome: 'refused', code: 'webhooks-off' };
    const judged = judgeUrl(draft.url, settings);
    if (judged.verdict === 'refused') return { outcome: 'refused', code: judged.code };
    return store.transaction<WebhookOutcome>(() => {
      if (store.ofProfile(profileId).length >= settings.perProfile) {
        return { outcome: 'refused', code: 'too-many-webhooks' };
      }
      const webhook: Webhook = {
        webhookId: random.hex(16),
        profileId,
        url: judged.url,
        events: [...new Set(draft.events)],
        state: draft.state,
        secret: random.hex(SECRET_BYTES),
        createdAtMs: nowMs,
      };
      store.insert(webhook);
      return { outcome: 'done', webhook };
    });
  }

  /** Changes one that is there. */
  function replace(
    profileId: ProfileId,
    webhookId: string,
    changes: Partial<Webhook>,
  ): WebhookOutcome {
    return store.transaction<WebhookOutcome>(() => {
      const before = find(profileId, webhookId);
      if (before === null) return { outcome: 'refused', code: 'not-found' };
      const webhook = { ...before, ...changes };
      store.update(webhook);
      return { outcome: 'done', webhook };
    });
  }

  function change(profileId: ProfileId, webhookId: string, draft: WebhookDraft): WebhookOutcome {
    if (find(profileId, webhookId) === null) return { outcome: 'refused', code: 'not-found' };
    const judged = judgeUrl(draft.url, settings);
    if (judged.verdict === 'refused') return { outcome: 'refused', code: judged.code };
    const events = [...new Set(draft.events)];
    return replace(profileId, webhookId, { url: judged.url, events, state: draft.state });
  }

  function redeliver(
    profileId: ProfileId,
    { webhookId, deliveryId }: { readonly webhookId: string; readonly deliveryId: string },
    nowMs: WallclockMs,
  ): WebhookDelivery | null {
    const earlier = store.deliveryById(deliveryId);
    if (find(profileId, webhookId) === null || earlier?.webhookId !== webhookId) return null;
    return queue.add(earlier, nowMs);
  }

  return {
    recorder: queue.recorder,
    noticeState: queue.noticeState,
    create,
    change,
    rotateSecret: (profileId, webhookId) =>
      replace(profileId, webhookId, { secret: random.hex(SECRET_BYTES) }),
    remove(profileId, webhookId) {
      if (find(profileId, webhookId) === null) return 'not-found';
      store.remove(webhookId);
      return 'removed';
    },
    list: (profileId) => store.ofProfile(profileId),
    deliveries: (profileId, webhookId, { cursor, limit }) =>
      find(profileId, webhookId) === null ? null : store.deliveries(webhookId, cursor, limit),
    redeliver,
    start: sender.start,
    wake: sender.wake,
    stop: sender.stop,
  };
}
