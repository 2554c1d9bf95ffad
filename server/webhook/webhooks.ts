import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Config } from '../config/config.ts';
import type { Notice } from '../notice/notice.ts';
import type { ReservationRecorder } from '../reservation/reservation-recorder.ts';
import type { ProfileId } from '../reservation/reservation.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Random } from '../runtime/random.ts';
import type { Post } from './post.ts';
import type { WebhookStore } from './webhook-store.ts';
import type { DeliveryPage, Webhook, WebhookDelivery } from './webhook.ts';

/** What a webhook is made from. */
export type WebhookDraft = Pick<Webhook, 'url' | 'events' | 'state'>;

/** Why a webhook is refused. */
export type WebhookRefusal =
  'bad-url' | 'insecure-url' | 'private-address' | 'too-many-webhooks' | 'not-found';

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
  find(profileId: ProfileId, webhookId: string): Webhook | null;
  /** Null: not a webhook of this profile. */
  deliveries(
    profileId: ProfileId,
    webhookId: string,
    page: { readonly cursor: string | null; readonly limit: number },
  ): DeliveryPage | null;
  /** Sends a delivery of this webhook once more, as a new row with the same body. Null: not found. */
  redeliver(
    profileId: ProfileId,
    webhookId: string,
    deliveryId: string,
    nowMs: WallclockMs,
  ): WebhookDelivery | null;
  /** Begins to deliver, with what an earlier run left. */
  start(): void;
  /** Something may have been queued. */
  wake(): void;
  /** Ends after what is being posted now, in at most 3 s. */
  stop(): Promise<void>;
}

/** What webhooks need from outside. */
export interface WebhooksOptions {
  readonly store: WebhookStore;
  readonly settings: Config['webhooks'];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly post: Post;
}

/** Webhooks over a store. */
export function createWebhooks(options: WebhooksOptions): Webhooks {
  throw new Error(`to be written: ${typeof options}`);
}
