import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { ProfileId } from '../reservation/reservation.ts';

/** What a webhook may ask for. */
export const webhookEventTypes = [
  'reservation.booked',
  'reservation.changed',
  'reservation.deleted',
  'notice.sent',
  'notice.delivered',
  'notice.failed',
] as const;

/** One of them. */
export type WebhookEventType = (typeof webhookEventTypes)[number];

/** An address that events of a profile are posted to. */
export interface Webhook {
  readonly webhookId: string;
  readonly profileId: ProfileId;
  readonly url: string;
  readonly events: readonly WebhookEventType[];
  /** `off` by its owner, or because the receiver answered 410 Gone. */
  readonly state: 'on' | 'off';
  /** Key of the signature: 64 hexadecimal digits, of which the text itself is the key. Shown once, and kept to sign. */
  readonly secret: string;
  readonly createdAtMs: WallclockMs;
}

/**
 * One event on its way to one webhook.
 * ```
 *   pending ──▶ delivered       (a 2xx answer)
 *     │  ▲ └──▶ failed          (given up, refused address, webhook switched off)
 *     └──┘ back-off
 * ```
 */
export interface WebhookDelivery {
  /** 32 hexadecimal digits; also the event's id to the receiver, the same at every attempt. */
  readonly deliveryId: string;
  readonly webhookId: string;
  readonly event: WebhookEventType;
  readonly state: 'pending' | 'delivered' | 'failed';
  /** JSON text as it is posted and signed. */
  readonly body: string;
  readonly attempts: number;
  /** HTTP status of the last answer; null: none came. */
  readonly status: number | null;
  /** Short code of the last failure, such as `http-500`, `timeout`; null when all is well. */
  readonly reason: string | null;
  readonly createdAtMs: WallclockMs;
  readonly nextAttemptAtMs: WallclockMs;
  /** From then on it is not tried again. */
  readonly giveUpAtMs: WallclockMs;
  /** When it reached its present state. */
  readonly stateAtMs: WallclockMs;
}

/** One page of a list, the latest first. */
export interface DeliveryPage {
  readonly deliveries: readonly WebhookDelivery[];
  /** For the next page; null: this was the last. */
  readonly nextCursor: string | null;
}
