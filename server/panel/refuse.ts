import type { PanelAppOptions, Refuse } from './panel-options.ts';
import { problemBody, refusalOf } from './problem-answer.ts';
import { shownPath } from './request-facts.ts';
import { preferredLanguage } from './request-language.ts';
import { sendProblem } from './send-reply.ts';

/** Makes the one place where errors become answers: clients get a number, the log gets the rest. */
export function createRefuse(
  options: Pick<PanelAppOptions, 'config' | 'random' | 'log' | 'words'>,
): Refuse {
  const { config, random, log, words } = options;
  return (error, { request, response }, about = {}) => {
    const { refusal, kind } = refusalOf(error);
    const id = kind === 'unexpected' ? random.hex(6) : null;
    if (id !== null) {
      log.error('panel: a request failed', {
        id,
        method: request.method,
        route: about.route ?? shownPath(request),
        reason: error instanceof Error ? error.message : String(error),
        stack: error instanceof Error ? error.stack : null,
      });
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const language =
      about.language ??
      preferredLanguage(request.headers['accept-language']) ??
      config.accounts.language;
    const publicUrl = (config.http.publicUrl ?? '').replace(/\/$/u, '');
    response.setHeader('Content-Language', language);
    sendProblem(response, refusal, problemBody(refusal, { language, words, publicUrl }, id));
  };
}
