import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { ProfileId } from '../reservation/reservation.ts';
import type { DeliveryPage, Webhook, WebhookDelivery } from './webhook.ts';

/** Where webhooks and their deliveries are kept. Methods throw a `CodedError` when the store fails. */
export interface WebhookStore {
  transaction<T>(work: () => T): T;
  insert(webhook: Webhook): void;
  /** Replaces the webhook of the same id. */
  update(webhook: Webhook): void;
  /** Removes it with its deliveries. */
  remove(webhookId: string): void;
  byId(webhookId: string): Webhook | null;
  /** The oldest first. */
  ofProfile(profileId: ProfileId): readonly Webhook[];
  insertDelivery(delivery: WebhookDelivery): void;
  /** Replaces the delivery of the same id; nothing when it is gone. */
  updateDelivery(delivery: WebhookDelivery): void;
  deliveryById(deliveryId: string): WebhookDelivery | null;
  /** The latest first. A cursor that is none of ours gives the first page. */
  deliveries(webhookId: string, cursor: string | null, limit: number): DeliveryPage;
  /** Of every webhook that is not `busy` the pending delivery that has been due longest; the earliest due first. */
  due(nowMs: WallclockMs, busy: readonly string[], limit: number): readonly WebhookDelivery[];
  /** When the next delivery of a webhook that is not `busy` is due; null: none is pending. */
  nextAttemptAtMs(busy: readonly string[]): WallclockMs | null;
  /** Removes deliveries that reached their last state before `atMs`; how many. */
  purge(atMs: WallclockMs, limit: number): number;
}
