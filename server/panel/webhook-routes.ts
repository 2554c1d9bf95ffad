import { z } from 'zod';

import type { WebhookDelivery, Webhook } from '../webhook/webhook.ts';
import type { WebhookOutcome, WebhookRefusal, Webhooks } from '../webhook/webhooks.ts';
import {
  deliveryListSchema,
  deliveryQuerySchema,
  newWebhookSchema,
  webhookBodySchema,
  webhookListSchema,
  webhookSchema,
} from './api/webhook-api.ts';
import type { DeliveryList, NewWebhook, WebhookView } from './api/webhook-api.ts';
import { defineRoute } from './define-route.ts';
import type { AnyRoute } from './define-route.ts';
import { ProblemError } from './problem-error.ts';
import type { RouteRequest } from './route.ts';

const TAG = 'Webhooks';
const ACCESS = 'webhooks:write';

/** An id as the store gives it; others name nothing. */
const idSchema = z.string().regex(/^[0-9a-f]{32}$/u);
const webhookParams = z.object({ webhookId: idSchema });
const deliveryParams = z.object({ webhookId: idSchema, deliveryId: idSchema });

/** Events for organisers' programs: webhooks, their secrets and their delivery log. */
export function webhookRoutes(webhooks: Webhooks): readonly AnyRoute[] {
  return [...listRoutes(webhooks), ...changeRoutes(webhooks), ...deliveryRoutes(webhooks)];
}

function listRoutes(webhooks: Webhooks): readonly AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/webhooks',
      access: ACCESS,
      tag: TAG,
      summary: 'Own webhooks, the oldest first',
      answers: { 200: webhookListSchema },
      handle: (request) => {
        const list = webhooks.list(profileOf(request)).map(webhookView);
        return { status: 200, json: { webhooks: list } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/webhooks',
      access: ACCESS,
      tag: TAG,
      summary: 'Adds a webhook and tells its secret, this once',
      body: webhookBodySchema,
      answers: { 201: newWebhookSchema },
      handle: (request) => {
        const made = webhooks.create(profileOf(request), request.body, request.nowMs);
        const webhook = doneOrRefuse(made);
        const location = `/api/v1/webhooks/${webhook.webhookId}`;
        return { status: 201, json: newWebhookView(webhook), location };
      },
    }),
  ];
}

function changeRoutes(webhooks: Webhooks): readonly AnyRoute[] {
  return [
    defineRoute({
      method: 'PUT',
      path: '/webhooks/{webhookId}',
      access: ACCESS,
      tag: TAG,
      summary: 'Changes a webhook; its secret stays',
      params: webhookParams,
      body: webhookBodySchema,
      answers: { 200: webhookSchema },
      handle: (request) => {
        const { webhookId } = request.params;
        const changed = webhooks.change(profileOf(request), webhookId, request.body);
        return { status: 200, json: webhookView(doneOrRefuse(changed)) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/webhooks/{webhookId}/secret',
      access: ACCESS,
      tag: TAG,
      summary: 'Makes a new secret, which signs from now on, and tells it, this once',
      params: webhookParams,
      answers: { 200: newWebhookSchema },
      handle: (request) => {
        const changed = webhooks.rotateSecret(profileOf(request), request.params.webhookId);
        return { status: 200, json: newWebhookView(doneOrRefuse(changed)) };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/webhooks/{webhookId}',
      access: ACCESS,
      tag: TAG,
      summary: 'Removes a webhook with its delivery log',
      params: webhookParams,
      answers: { 204: null },
      handle: (request) => {
        const removed = webhooks.remove(profileOf(request), request.params.webhookId);
        if (removed === 'not-found') throw new ProblemError('not-found', 404);
        return { status: 204 };
      },
    }),
  ];
}

function deliveryRoutes(webhooks: Webhooks): readonly AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/webhooks/{webhookId}/deliveries',
      access: ACCESS,
      tag: TAG,
      summary: 'Delivery log of a webhook, the latest first',
      params: webhookParams,
      query: deliveryQuerySchema,
      answers: { 200: deliveryListSchema },
      handle: (request) => {
        const { cursor = null, limit } = request.query;
        const { webhookId } = request.params;
        const page = webhooks.deliveries(profileOf(request), webhookId, { cursor, limit });
        if (page === null) throw new ProblemError('not-found', 404);
        const { nextCursor } = page;
        const list: DeliveryList = { deliveries: page.deliveries.map(deliveryView), nextCursor };
        return { status: 200, json: list };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver',
      access: ACCESS,
      tag: TAG,
      summary: 'Delivers an event once more, as a new delivery of the same body',
      params: deliveryParams,
      answers: { 202: deliveryListSchema.shape.deliveries.element },
      handle: (request) => {
        const again = webhooks.redeliver(profileOf(request), request.params, request.nowMs);
        if (again === null) throw new ProblemError('not-found', 404);
        return { status: 202, json: deliveryView(again) };
      },
    }),
  ];
}

function profileOf({ identity }: RouteRequest<unknown, unknown, unknown>): string {
  if (identity === null) throw new ProblemError('not-logged-in', 401);
  return identity.account.accountId;
}

function doneOrRefuse(outcome: WebhookOutcome): Webhook {
  if (outcome.outcome === 'done') return outcome.webhook;
  throw refusal(outcome.code);
}

function refusal(code: WebhookRefusal): ProblemError {
  switch (code) {
    case 'not-found':
      return new ProblemError(code, 404);
    case 'webhooks-off':
      return new ProblemError(code, 403);
    case 'too-many-webhooks':
      return new ProblemError(code, 409);
    case 'bad-url':
    case 'insecure-url':
    case 'private-address': {
      const problem = { code, pointer: '/url', facts: {}, detail: '' };
      return new ProblemError('bad-input', 400, { problems: [problem] });
    }
  }
}

function webhookView(webhook: Webhook): WebhookView {
  return {
    webhookId: webhook.webhookId,
    url: webhook.url,
    events: [...webhook.events],
    state: webhook.state,
    createdAt: instant(webhook.createdAtMs),
  };
}

function newWebhookView(webhook: Webhook): NewWebhook {
  return { ...webhookView(webhook), secret: webhook.secret };
}

function deliveryView(delivery: WebhookDelivery): DeliveryList['deliveries'][number] {
  return {
    deliveryId: delivery.deliveryId,
    event: delivery.event,
    state: delivery.state,
    attempts: delivery.attempts,
    status: delivery.status,
    reason: delivery.reason,
    createdAt: instant(delivery.createdAtMs),
    nextAttemptAt: delivery.state === 'pending' ? instant(delivery.nextAttemptAtMs) : null,
    body: delivery.body,
  };
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}
