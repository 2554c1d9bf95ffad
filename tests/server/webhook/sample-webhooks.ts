import { createWebhookStore } from '../../../db/webhook-store.ts';
import type { Connection } from '../../../db/open-database.ts';
import { parseConfig } from '../../../server/config/config.ts';
import type { Notice } from '../../../server/notice/notice.ts';
import type { PostOutcome, PostRequest } from '../../../server/webhook/post.ts';
import type { WebhookStore } from '../../../server/webhook/webhook-store.ts';
import { createWebhooks } from '../../../server/webhook/webhooks.ts';
import type { WebhookDraft, WebhookOutcome, Webhooks } from '../../../server/webhook/webhooks.ts';
import type { Webhook } from '../../../server/webhook/webhook.ts';
import { withDatabase } from '../../db/temporary-database.ts';
import { SimClock } from '../../support/sim-clock.ts';
import { keptLog } from '../notice/sms/sample-sms.ts';
import { at, seededRandom } from '../reservation/sample-reservations.ts';

/** When the tests begin. */
export const START_MS = at('2026-03-01T10:00Z');

/** Whose webhooks they are. */
export const OWNER = 'account-1';

/** Webhooks over a database on disk, a receiver that the test plays, and a clock that it moves. */
export interface WebhookStage {
  readonly connection: Connection;
  readonly store: WebhookStore;
  readonly webhooks: Webhooks;
  readonly clock: SimClock;
  readonly posts: readonly PostRequest[];
  readonly lines: readonly string[];
  /** What the next posts come to; the last one goes on. */
  readonly answer: (...outcomes: readonly (PostOutcome | Promise<PostOutcome> | number)[]) => void;
  /** Another run over the same database, with the same receiver. */
  readonly restart: () => Webhooks;
}

/** Runs `work` on a stage with these settings under `webhooks`. */
export async function withWebhooks(
  given: object,
  work: (stage: WebhookStage) => void | Promise<void>,
): Promise<void> {
  await withDatabase(async (connection) => {
    const clock = new SimClock(START_MS);
    const { log, lines } = keptLog();
    const posts: PostRequest[] = [];
    let answers: (PostOutcome | Promise<PostOutcome> | number)[] = [200];
    const store = createWebhookStore(connection);
    const create = (): Webhooks =>
      createWebhooks({
        store,
        settings: parseConfig({ webhooks: given }).webhooks,
        clock,
        random: seededRandom(posts.length + 1),
        log,
        post: async (request) => {
          posts.push(request);
          const next = answers.length > 1 ? answers.shift() : answers[0];
          return typeof next === 'object' ? next : { outcome: 'answered', status: next ?? 200 };
        },
      });
    const webhooks = create();
    const answer = (...outcomes: typeof answers): void => {
      answers = [...outcomes];
    };
    await work({ connection, store, webhooks, clock, posts, lines, answer, restart: create });
    await webhooks.stop();
  });
}

/** A webhook for all events, with what differs. */
export function draft(differences: Partial<WebhookDraft> = {}): WebhookDraft {
  return {
    url: 'https://hooks.example.org/konfa',
    events: [
      'reservation.booked',
      'reservation.changed',
      'reservation.deleted',
      'notice.sent',
      'notice.delivered',
      'notice.failed',
    ],
    state: 'on',
    ...differences,
  };
}

/** The webhook that was made or changed. */
export function done(outcome: WebhookOutcome): Webhook {
  if (outcome.outcome === 'done') return outcome.webhook;
  throw new Error(`refused: ${outcome.code}`);
}

/** An SMS that was sent, with what differs. */
export function sampleNotice(differences: Partial<Notice> = {}): Notice {
  return {
    noticeId: 'n1',
    reservationId: 'r1',
    profileId: OWNER,
    channel: 'sms',
    kind: 'invitation',
    recipient: '+48501234567',
    language: 'pl',
    payload: '{"link":"https://konfa.example.org/secret"}',
    createdAtMs: START_MS,
    dueAtMs: START_MS,
    uselessAtMs: START_MS + 1,
    state: 'sent',
    attempts: 1,
    nextAttemptAtMs: START_MS,
    stateAtMs: START_MS,
    reason: null,
    providerId: 'provider-7',
    segments: 1,
    costMilli: 160,
    ...differences,
  };
}
