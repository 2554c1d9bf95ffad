import type { WebhookStore } from '../server/webhook/webhook-store.ts';
import { webhookEventTypes } from '../server/webhook/webhook.ts';
import type { Webhook, WebhookDelivery, WebhookEventType } from '../server/webhook/webhook.ts';
import { DatabaseError, withPlainErrors } from './database-error.ts';
import type { Connection } from './open-database.ts';

interface WebhookRow {
  readonly webhook_id: string;
  readonly profile_id: string;
  readonly url: string;
  readonly events: string;
  readonly state: string;
  readonly secret: string;
  readonly created_at_ms: number;
}

interface DeliveryRow {
  readonly delivery_id: string;
  readonly webhook_id: string;
  readonly event: string;
  readonly state: string;
  readonly body: string;
  readonly attempts: number;
  readonly status: number | null;
  readonly reason: string | null;
  readonly created_at_ms: number;
  readonly next_attempt_at_ms: number;
  readonly give_up_at_ms: number;
  readonly state_at_ms: number;
}

type NumberedRow = DeliveryRow & { readonly sequence: number };

const INSERT = `INSERT INTO webhook (webhook_id, profile_id, url, events, state, secret, created_at_ms)
  VALUES (@webhook_id, @profile_id, @url, @events, @state, @secret, @created_at_ms)`;

const UPDATE = `UPDATE webhook SET profile_id = @profile_id, url = @url, events = @events, state = @state,
    secret = @secret, created_at_ms = @created_at_ms
  WHERE webhook_id = @webhook_id`;

const INSERT_DELIVERY = `INSERT INTO webhook_delivery (delivery_id, webhook_id, event, state, body, attempts, status,
    reason, created_at_ms, next_attempt_at_ms, give_up_at_ms, state_at_ms)
  VALUES (@delivery_id, @webhook_id, @event, @state, @body, @attempts, @status,
    @reason, @created_at_ms, @next_attempt_at_ms, @give_up_at_ms, @state_at_ms)`;

const UPDATE_DELIVERY = `UPDATE webhook_delivery SET state = @state, attempts = @attempts, status = @status,
    reason = @reason, next_attempt_at_ms = @next_attempt_at_ms, give_up_at_ms = @give_up_at_ms,
    state_at_ms = @state_at_ms
  WHERE delivery_id = @delivery_id`;

// By the index of pending rows alone, however many wait for a receiver that is away.
const FIRST = `SELECT * FROM webhook_delivery
  WHERE state = 'pending' AND webhook_id NOT IN (SELECT value FROM json_each(?))
  ORDER BY next_attempt_at_ms, webhook_id LIMIT 1`;

const PAGE = `SELECT * FROM webhook_delivery WHERE webhook_id = @webhookId AND sequence < @before
  ORDER BY sequence DESC LIMIT @limit`;

const PURGE = `DELETE FROM webhook_delivery WHERE sequence IN (SELECT sequence FROM webhook_delivery
  WHERE state <> 'pending' AND state_at_ms < ? LIMIT ?)`;

/** Webhooks in SQLite. Every method throws a `DatabaseError` when the database fails. */
export function createWebhookStore(connection: Connection): WebhookStore {
  const file = connection.name;
  const plain = <T>(work: () => T): T => withPlainErrors(file, work);
  return {
    // Immediate: the lock is taken before the first read, so what was counted still holds at the commit.
    transaction: (work) => plain(() => connection.transaction(work).immediate()),
    ...webhookMethods(connection, plain),
    ...deliveryMethods(connection, plain),
  };
}

type Plain = <T>(work: () => T) => T;

function webhookMethods(
  connection: Connection,
  plain: Plain,
): Pick<WebhookStore, 'insert' | 'update' | 'remove' | 'byId' | 'ofProfile'> {
  const file = connection.name;
  const insert = connection.prepare<[WebhookRow]>(INSERT);
  const update = connection.prepare<[WebhookRow]>(UPDATE);
  const remove = connection.prepare<[string]>('DELETE FROM webhook WHERE webhook_id = ?');
  const byId = connection.prepare<[string], WebhookRow>(
    'SELECT * FROM webhook WHERE webhook_id = ?',
  );
  const ofProfile = connection.prepare<[string], WebhookRow>(
    'SELECT * FROM webhook WHERE profile_id = ? ORDER BY created_at_ms, rowid',
  );
  return {
    insert: (webhook) => plain(() => void insert.run(webhookRow(webhook))),
    update: (webhook) => plain(() => void update.run(webhookRow(webhook))),
    remove: (webhookId) => plain(() => void remove.run(webhookId)),
    byId: (webhookId) =>
      plain(() => {
        const row = byId.get(webhookId);
        return row === undefined ? null : readWebhook(row, file);
      }),
    ofProfile: (profileId) =>
      plain(() => ofProfile.all(profileId).map((row) => readWebhook(row, file))),
  };
}

function deliveryMethods(
  connection: Connection,
  plain: Plain,
): Pick<
  WebhookStore,
  | 'insertDelivery'
  | 'updateDelivery'
  | 'deliveryById'
  | 'deliveries'
  | 'due'
  | 'nextAttemptAtMs'
  | 'purge'
> {
  const file = connection.name;
  const insert = connection.prepare<[DeliveryRow]>(INSERT_DELIVERY);
  const update = connection.prepare<[DeliveryRow]>(UPDATE_DELIVERY);
  const byId = connection.prepare<[string], DeliveryRow>(
    'SELECT * FROM webhook_delivery WHERE delivery_id = ?',
  );
  const page = connection.prepare<[object], NumberedRow>(PAGE);
  const first = connection.prepare<[string], DeliveryRow>(FIRST);
  const purge = connection.prepare<[number, number]>(PURGE);
  return {
    insertDelivery: (delivery) => plain(() => void insert.run(deliveryRow(delivery))),
    updateDelivery: (delivery) => plain(() => void update.run(deliveryRow(delivery))),
    deliveryById: (deliveryId) =>
      plain(() => {
        const row = byId.get(deliveryId);
        return row === undefined ? null : readDelivery(row, file);
      }),
    deliveries: (webhookId, cursor, limit) =>
      plain(() => {
        const before = /^[0-9]{1,15}$/u.test(cursor ?? '') ? Number(cursor) : 2 ** 52;
        const rows = page.all({ webhookId, before, limit: limit + 1 });
        const last = rows.length > limit ? rows[limit - 1] : undefined;
        const nextCursor = last === undefined ? null : String(last.sequence);
        const shown = rows.slice(0, limit);
        return { deliveries: shown.map((row) => readDelivery(row, file)), nextCursor };
      }),
    due: (nowMs, busy, limit) =>
      plain(() => {
        const found: WebhookDelivery[] = [];
        while (found.length < limit) {
          const taken = [...busy, ...found.map(({ webhookId }) => webhookId)];
          const row = first.get(JSON.stringify(taken));
          if (row === undefined || row.next_attempt_at_ms > nowMs) break;
          found.push(readDelivery(row, file));
        }
        return found;
      }),
    purge: (atMs, limit) => plain(() => purge.run(atMs, limit).changes),
    nextAttemptAtMs: (busy) =>
      plain(() => first.get(JSON.stringify(busy))?.next_attempt_at_ms ?? null),
  };
}

function webhookRow(webhook: Webhook): WebhookRow {
  return {
    webhook_id: webhook.webhookId,
    profile_id: webhook.profileId,
    url: webhook.url,
    events: JSON.stringify(webhook.events),
    state: webhook.state,
    secret: webhook.secret,
    created_at_ms: webhook.createdAtMs,
  };
}

function deliveryRow(delivery: WebhookDelivery): DeliveryRow {
  return {
    delivery_id: delivery.deliveryId,
    webhook_id: delivery.webhookId,
    event: delivery.event,
    state: delivery.state,
    body: delivery.body,
    attempts: delivery.attempts,
    status: delivery.status,
    reason: delivery.reason,
    created_at_ms: delivery.createdAtMs,
    next_attempt_at_ms: delivery.nextAttemptAtMs,
    give_up_at_ms: delivery.giveUpAtMs,
    state_at_ms: delivery.stateAtMs,
  };
}

function readWebhook(row: WebhookRow, file: string): Webhook {
  const events: unknown = JSON.parse(row.events);
  const { state } = row;
  if ((state !== 'on' && state !== 'off') || !Array.isArray(events) || !events.every(isEvent)) {
    throw corrupt(file);
  }
  return {
    webhookId: row.webhook_id,
    profileId: row.profile_id,
    url: row.url,
    events,
    state,
    secret: row.secret,
    createdAtMs: row.created_at_ms,
  };
}

function readDelivery(row: DeliveryRow, file: string): WebhookDelivery {
  const { event, state } = row;
  if (!isEvent(event)) throw corrupt(file);
  if (state !== 'pending' && state !== 'delivered' && state !== 'failed') throw corrupt(file);
  return {
    deliveryId: row.delivery_id,
    webhookId: row.webhook_id,
    event,
    state,
    body: row.body,
    attempts: row.attempts,
    status: row.status,
    reason: row.reason,
    createdAtMs: row.created_at_ms,
    nextAttemptAtMs: row.next_attempt_at_ms,
    giveUpAtMs: row.give_up_at_ms,
    stateAtMs: row.state_at_ms,
  };
}

function isEvent(value: unknown): value is WebhookEventType {
  return webhookEventTypes.some((type) => type === value);
}

function corrupt(file: string): DatabaseError {
  const sentence = `the database holds a webhook that cannot be read: ${file}`;
  return new DatabaseError('DB_CORRUPT', sentence, { file });
}
