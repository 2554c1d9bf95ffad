import { createHash } from 'node:crypto';

import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { ProfileId } from '../reservation/reservation.ts';
import type { AnyRoute, RawRequest } from './define-route.ts';
import { ProblemError } from './problem-error.ts';
import type { Reply } from './route.ts';

/** Which request an answer was kept for. */
export interface AnswerKey {
  readonly profileId: ProfileId;
  /** Method and path of the route. */
  readonly route: string;
  /** The client's Idempotency-Key. */
  readonly key: string;
}

/** An answer kept for Idempotency-Key. */
export interface KeptAnswer extends AnswerKey {
  /** SHA-256 of the body in hexadecimal digits. */
  readonly bodyHash: string;
  readonly status: number;
  /** JSON of the body, the ETag and the location. */
  readonly answer: string;
  readonly createdAtMs: WallclockMs;
}

/** Where answers are kept. Methods throw a `CodedError` when the store fails. */
export interface KeptAnswerStore {
  /** Every store of the same database takes part in it. */
  transaction<T>(work: () => T): T;
  find(key: AnswerKey): KeptAnswer | null;
  /** Replaces one of the same key. */
  keep(answer: KeptAnswer): void;
  /** Removes those made before `atMs`; how many. */
  purge(atMs: WallclockMs, limit: number): number;
}

/** How long an answer can be asked for again. */
const ANSWER_KEPT_MS: DurationMs = 86_400_000;

/** Visible ASCII, as a UUID is. */
const KEY = /^[\x21-\x7e]{1,200}$/u;

/**
 * Runs a route whose request may come twice. What the handler writes and the answer are kept in one transaction, so
 * that a crash leaves both or neither; a refusal keeps nothing.
 * @throws ProblemError `key-reused` when the key came with another body.
 */
export function runOnce(
  route: AnyRoute,
  raw: RawRequest,
  once: { readonly key: string; readonly profileId: ProfileId; readonly store: KeptAnswerStore },
): Reply {
  const { key, profileId, store } = once;
  if (!KEY.test(key)) throw new ProblemError('bad-idempotency-key', 400);
  const answerKey = { profileId, route: `${route.spec.method} ${route.spec.path}`, key };
  const bodyHash = hashOf(raw);
  return store.transaction(() => {
    const earlier = store.find(answerKey);
    if (earlier !== null && earlier.createdAtMs > raw.nowMs - ANSWER_KEPT_MS) {
      if (earlier.bodyHash !== bodyHash) throw new ProblemError('key-reused', 422);
      return restored(replyOf(earlier), route, raw);
    }
    const reply = route.run(raw);
    if (reply instanceof Promise) {
      // What becomes of it is of no interest, but unheard it would end the process.
      reply.catch(() => undefined);
      throw new TypeError(`${answerKey.route} is idempotent and must not wait`);
    }
    const { status, json, etag, location } = reply;
    const kept = route.spec.keptAnswer?.strip(json) ?? json;
    const answer = JSON.stringify({ json: kept, etag, location });
    store.keep({ ...answerKey, bodyHash, status, answer, createdAtMs: raw.nowMs });
    return reply;
  });
}

function restored(reply: Reply, { spec }: AnyRoute, { params }: RawRequest): Reply {
  const { keptAnswer } = spec;
  return keptAnswer === undefined || reply.json === undefined
    ? reply
    : { ...reply, json: keptAnswer.restore(reply.json, params) };
}

/** Params belong to it: one key means one request to one address. */
function hashOf(raw: RawRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([raw.params, raw.body ?? null]))
    .digest('hex');
}

function replyOf(kept: KeptAnswer): Reply {
  const answer: unknown = JSON.parse(kept.answer);
  if (typeof answer !== 'object' || answer === null) return { status: kept.status };
  return {
    status: kept.status,
    ...('json' in answer ? { json: answer.json } : {}),
    ...('etag' in answer && typeof answer.etag === 'string' ? { etag: answer.etag } : {}),
    ...('location' in answer && typeof answer.location === 'string'
      ? { location: answer.location }
      : {}),
  };
}
