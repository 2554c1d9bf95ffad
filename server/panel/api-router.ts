import express from 'express';
import type { Request, Response, Router } from 'express';

import type { Logger } from '../runtime/logger.ts';
import type { AnyRoute, RawRequest } from './define-route.ts';
import { runOnce } from './kept-answer.ts';
import type { PanelAppOptions, Refuse } from './panel-options.ts';
import { ProblemError } from './problem-error.ts';
import { bodyReader } from './request-body.ts';
import type { BodyReader } from './request-body.ts';
import { credentialsOf, ifMatchOf, ownOrigins, paramsOf, queryOf } from './request-facts.ts';
import { letThrough } from './request-guard.ts';
import { preferredLanguage } from './request-language.ts';
import type { Identity, Reply } from './route.ts';
import { sendReply } from './send-reply.ts';

/** One request with what is needed to serve it. */
interface Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly readBody: BodyReader;
}

const METHODS = {
  GET: 'get',
  POST: 'post',
  PUT: 'put',
  PATCH: 'patch',
  DELETE: 'delete',
} as const;

/**
 * The REST interface: every route at its path, 405 with Allow for other methods, OPTIONS answered.
 * @throws TypeError when two routes have the same method and path.
 */
export function apiRouter(options: PanelAppOptions, refuse: Refuse): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  for (const [path, routes] of byPath(options.routes)) {
    const place = router.route(path.replace(/\{(\w+)\}/gu, ':$1'));
    for (const route of routes) {
      const readBody = bodyReader(route.spec.bodyBytes);
      place[METHODS[route.spec.method]]((request, response) =>
        serve(route, { request, response, readBody }, { options, refuse }),
      );
    }
    const allow = allowed(routes);
    place.all((request, response) => {
      response.setHeader('Allow', allow);
      if (request.method !== 'OPTIONS') throw new ProblemError('method-not-allowed', 405);
      response.status(204).end();
    });
  }
  return router;
}

/** Paths with their routes, fixed words before parameters: `/reservations/check` is not taken for an id. */
function byPath(routes: readonly AnyRoute[]): readonly (readonly [string, readonly AnyRoute[]])[] {
  const paths = new Map<string, readonly AnyRoute[]>();
  for (const route of routes) {
    const { path, method } = route.spec;
    const there = paths.get(path) ?? [];
    if (there.some((other) => other.spec.method === method)) {
      throw new TypeError(`${method} ${path} is defined twice`);
    }
    paths.set(path, [...there, route]);
  }
  const rank = (path: string): string => path.replaceAll('{', '\uffff');
  return [...paths].toSorted(([one], [other]) => (rank(one) < rank(other) ? -1 : 1));
}

function allowed(routes: readonly AnyRoute[]): string {
  const methods = routes.map((route) => route.spec.method);
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

async function serve(
  route: AnyRoute,
  exchange: Exchange,
  service: { readonly options: PanelAppOptions; readonly refuse: Refuse },
): Promise<void> {
  const { request, response } = exchange;
  const { config, gatekeeper, clock, log } = service.options;
  const wished = preferredLanguage(request.headers['accept-language']);
  let language = wished ?? config.accounts.language;
  try {
    const nowMs = clock.wallclockMs();
    const credentials = credentialsOf(request);
    const admission = gatekeeper.admit(credentials, nowMs);
    if (admission.result === 'known') language = wished ?? admission.identity.account.language;
    const identity = letThrough(route.spec.access, admission, {
      method: request.method,
      origin: request.get('origin') ?? null,
      secFetchSite: request.get('sec-fetch-site') ?? null,
      csrfToken: request.get('x-csrf-token') ?? null,
      ownOrigins: ownOrigins(request, config.http.publicUrl),
    });
    const input = await readInput(route, exchange);
    const { ownTurn, onDisk } = service.options;
    if (ownTurn !== undefined) await ownTurn();
    const raw = { ...input, ...credentials, identity, nowMs, language };
    const reply = answer(route, raw, { identity, request, options: service.options });
    const { afterwards, ...sent } = reply instanceof Promise ? await reply : reply;
    runAfterwards(afterwards, log);
    if (route.spec.method !== 'GET' && onDisk !== undefined) await onDisk();
    response.setHeader('Content-Language', language);
    const isSecure = request.secure || config.http.publicUrl?.startsWith('https:') === true;
    sendReply(response, sent, isSecure ? 'secure' : 'any-transport');
  } catch (error) {
    const { method, path } = route.spec;
    service.refuse(error, exchange, { language, route: `${method} ${path}` });
  }
}

/** The body is read last: whoever may not come in cannot make us hold one. */
async function readInput(
  route: AnyRoute,
  { request, response, readBody }: Exchange,
): Promise<Pick<RawRequest, 'params' | 'query' | 'body' | 'ifMatch'>> {
  const ifMatch = ifMatchOf(request);
  if (route.spec.ifMatch === 'required' && ifMatch === null) {
    throw new ProblemError('version-missing', 428);
  }
  const body = route.spec.body === undefined ? undefined : await readBody(request, response);
  return { params: paramsOf(request), query: queryOf(request), body, ifMatch };
}

function answer(
  route: AnyRoute,
  raw: RawRequest,
  about: {
    readonly identity: Identity | null;
    readonly request: Request;
    readonly options: PanelAppOptions;
  },
): Reply | Promise<Reply> {
  const key = about.request.get('idempotency-key');
  const { identity } = about;
  if (route.spec.idempotent === undefined || key === undefined || identity === null) {
    return route.run(raw);
  }
  const profileId = identity.account.accountId;
  return runOnce(route, raw, { key, profileId, store: about.options.keptAnswers });
}

/** What was promised is kept by now: a fault in what follows from it is ours, and does not undo the answer. */
function runAfterwards(afterwards: (() => void) | undefined, log: Logger): void {
  try {
    afterwards?.();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.error('panel: what follows from a request failed', { reason });
  }
}
