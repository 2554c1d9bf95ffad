import type { z } from 'zod';

import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { askServer } from '../control/control-client.ts';
import type { Terminal } from './terminal.ts';

/** The running server cannot be asked. */
class AskServerError extends CodedError {}

/** What every command has that asks the running server. */
export interface AskOptions {
  readonly config?: string;
  readonly json?: true;
}

/** A question to the server. */
export interface Question<Answer> {
  readonly command: string;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly answer: z.ZodType<Answer>;
}

/**
 * Asks the server of a config. Returns its answer, and the config.
 * @throws ConfigError, ControlClientError with a sentence.
 */
export async function ask<Answer>(
  options: AskOptions,
  terminal: Terminal,
  question: Question<Answer>,
): Promise<{ readonly answer: Answer; readonly config: Config }> {
  const { config } = loadConfig(options.config, terminal.currentFolder);
  const { socket } = config.control;
  if (socket === null) {
    throw new AskServerError('NO_CONTROL', 'control.socket is null: the server opens none to ask');
  }
  const result = await askServer(socket, question.command, question.args ?? {});
  const answer = question.answer.safeParse(result);
  if (answer.success) return { answer: answer.data, config };
  const sentence = 'the running server is of another version; restart it';
  throw new AskServerError('OTHER_VERSION', sentence, {}, answer.error);
}
