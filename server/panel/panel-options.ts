import type { Request, RequestHandler, Response } from 'express';

import type { Config } from '../config/config.ts';
import type { Language } from '../reservation/reservation.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { OwnTurn } from '../runtime/own-turns.ts';
import type { Random } from '../runtime/random.ts';
import type { AnyRoute } from './define-route.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import type { KeptAnswerStore } from './kept-answer.ts';
import type { ProblemWords } from './problem-words.ts';

/** What the panel is made of. */
export interface PanelAppOptions {
  readonly routes: readonly AnyRoute[];
  readonly gatekeeper: Gatekeeper;
  readonly keptAnswers: KeptAnswerStore;
  readonly words: ProblemWords;
  readonly config: Pick<Config, 'http' | 'accounts'>;
  /** Answers `GET /metrics`. Left out: nobody does. */
  readonly metrics?: RequestHandler;
  /** Serves the built pages; null: the REST interface alone. */
  readonly pages: RequestHandler | null;
  /**
   * Comes back when everything written so far is on the disk: before it, nothing is confirmed. Absent: it is there when
   * the store returns.
   */
  readonly onDisk?: () => Promise<void>;
  /** Each request is handled in a turn of its own, so that signalling waits for one at most. Absent: at once. */
  readonly ownTurn?: OwnTurn;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** Sends the answer to an error, and logs it when somebody must look at it. */
export type Refuse = (
  error: unknown,
  exchange: { readonly request: Request; readonly response: Response },
  about?: { readonly language?: Language; readonly route?: string },
) => void;
