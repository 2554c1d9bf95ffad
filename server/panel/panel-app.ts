import express from 'express';
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';

import { API_ROOT } from './api-root.ts';
import { apiRouter } from './api-router.ts';
import type { PanelAppOptions, Refuse } from './panel-options.ts';
import { ProblemError } from './problem-error.ts';
import { createRefuse } from './refuse.ts';
import { shownPath } from './request-facts.ts';
import { securityHeaders } from './security-headers.ts';

/**
 * The panel: security headers, the REST interface, the pages. It does not listen.
 * @throws TypeError when two routes have the same method and path.
 */
export function createPanelApp(options: PanelAppOptions): Express {
  const { config } = options;
  const refuse = createRefuse(options);
  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  app.set('query parser', false);
  app.set('trust proxy', [...config.http.trustProxy]);
  app.use(...securityHeaders(config.http.publicUrl), requestLog(options));
  app.use('/api', (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  if (options.metrics !== undefined) app.get('/metrics', options.metrics);
  app.use(API_ROOT, apiRouter(options, refuse));
  app.use('/api', nothingHere);
  if (options.pages !== null) app.use(options.pages);
  app.use(nothingHere);
  app.use(errorHandler(refuse));
  return app;
}

function nothingHere(): void {
  throw new ProblemError('not-found', 404);
}

function errorHandler(refuse: Refuse): ErrorRequestHandler {
  // eslint-disable-next-line @typescript-eslint/max-params, @typescript-eslint/no-unused-vars -- Four tell the framework that it handles errors.
  return (error: unknown, request, response, _next) => refuse(error, { request, response });
}

/** At `debug` only. */
function requestLog(options: Pick<PanelAppOptions, 'clock' | 'log'>): RequestHandler {
  const { clock, log } = options;
  return (request, response, next) => {
    const startAtMs = clock.monotonicMs();
    response.once('close', () => {
      log.debug('panel: a request was answered', {
        method: request.method,
        page: shownPath(request),
        status: response.writableFinished ? response.statusCode : null,
        durationMs: Math.round((clock.monotonicMs() - startAtMs) * 10) / 10,
      });
    });
    next();
  };
}
