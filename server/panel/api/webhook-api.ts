import { z } from 'zod';

import { pageQuerySchema } from './problem-api.ts';

/** Events that a webhook may ask for. */
export const webhookEventSchema = z.enum([
  'reservation.booked',
  'reservation.changed',
  'reservation.deleted',
  'notice.sent',
  'notice.delivered',
  'notice.failed',
]);

/** Body of `POST /webhooks` and `PUT /webhooks/{webhookId}`. */
export const webhookBodySchema = z.strictObject({
  url: z.string().max(2000),
  events: z.array(webhookEventSchema).min(1),
  state: z.enum(['on', 'off']).default('on'),
});

/** A webhook. */
export const webhookSchema = z.object({
  webhookId: z.string(),
  url: z.string(),
  events: z.array(webhookEventSchema),
  state: z.enum(['on', 'off']),
  createdAt: z.string(),
});

/** What `POST /webhooks` answers: the secret is shown this once. */
export const newWebhookSchema = webhookSchema.extend({ secret: z.string() });

/** `GET /webhooks`. */
export const webhookListSchema = z.object({ webhooks: z.array(webhookSchema) });

/** Query of `GET /webhooks/{webhookId}/deliveries`. */
export const deliveryQuerySchema = pageQuerySchema;

/** `GET /webhooks/{webhookId}/deliveries`: the latest first. */
export const deliveryListSchema = z.object({
  deliveries: z.array(
    z.object({
      deliveryId: z.string(),
      event: webhookEventSchema,
      state: z.enum(['pending', 'delivered', 'failed']),
      attempts: z.number().int(),
      status: z.number().int().nullable().describe('HTTP status of the last answer.'),
      reason: z.string().nullable(),
      createdAt: z.string(),
      nextAttemptAt: z.string().nullable(),
      body: z.string(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

/** An event's name. */
export type WebhookEvent = z.infer<typeof webhookEventSchema>;
/** A webhook. */
export type WebhookView = z.infer<typeof webhookSchema>;
/** What `POST /webhooks` answers. */
export type NewWebhook = z.infer<typeof newWebhookSchema>;
/** What `GET /webhooks/{webhookId}/deliveries` answers. */
export type DeliveryList = z.infer<typeof deliveryListSchema>;
