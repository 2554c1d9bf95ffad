import type { Logger } from '../../server/runtime/logger.ts';

/** A line of the log, its facts as they were handed over. */
export interface HeardLine {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A log that keeps every line of every level in `lines`, before anything is taken out of it. */
export function heardLog(lines: HeardLine[]): Logger {
  const at =
    (level: HeardLine['level']) =>
    (message: string, facts: HeardLine['facts'] = {}): void => {
      lines.push({ level, message, facts });
    };
  const log: Logger = {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    child: () => log,
    setLevel: () => undefined,
    reopen: () => undefined,
    close: () => undefined,
  };
  return log;
}
