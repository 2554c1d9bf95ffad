import { ZodError } from 'zod';

import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { ControlHandlers } from './control-handlers.ts';
import { readRequest } from './control-line.ts';
import type { ControlAnswer } from './control-line.ts';

/** What came of a request, and the defect that kept it from being answered, if there was one. */
export interface Answered {
  readonly answer: ControlAnswer;
  readonly defect?: unknown;
}

/** Answers one line of a client. Never throws: what is wrong with the request is told to who sent it. */
export async function answerRequest(line: string, handlers: ControlHandlers): Promise<Answered> {
  const request = readRequest(line);
  if (request === null) return refused('BAD_REQUEST', 'that is no request of this protocol');
  const { command } = request;
  // Names such as "constructor" are everybody's.
  const handler = Object.hasOwn(handlers, command) ? handlers[command] : undefined;
  if (handler === undefined) {
    return refused('UNKNOWN_COMMAND', 'this server does not know that command');
  }
  try {
    const result: unknown = await handler(request.args ?? {});
    return { answer: { outcome: 'done', result } };
  } catch (error) {
    if (error instanceof ZodError) {
      const path = error.issues[0]?.path.join('.') ?? '';
      return refused('BAD_ARGUMENTS', `the arguments are wrong${path === '' ? '' : `: ${path}`}`);
    }
    if (error instanceof CodedError) {
      const facts = Object.entries(error.context).map(
        ([name, value]) => [name, String(value)] as const,
      );
      const { code, message } = error;
      return { answer: { outcome: 'refused', code, message, facts: Object.fromEntries(facts) } };
    }
    return { ...refused('DEFECT', 'the server failed at it; its log tells more'), defect: error };
  }
}

function refused(code: string, message: string): Answered {
  return { answer: { outcome: 'refused', code, message } };
}
