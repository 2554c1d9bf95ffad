import type { Logger } from '../../../server/runtime/logger.ts';

/** A log that keeps its messages of errors. */
export function silentLogger(): Logger & { readonly errors: readonly string[] } {
  const errors: string[] = [];
  const quiet = (): void => undefined;
  const log = {
    ...{ warn: quiet, info: quiet, debug: quiet, setLevel: quiet, reopen: quiet, close: quiet },
    errors,
    error: (message: string, facts: Parameters<Logger['error']>[1]) =>
      void errors.push(`${message}: ${String(facts?.['reason'])}`),
    child: (): Logger => log,
  };
  return log;
}
