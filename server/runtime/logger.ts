import { pino } from 'pino';

import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { Facts } from '../../mixer/protocol/coded-error.ts';
import { fileSink, stderrSink } from './log-sink.ts';
import type { LogSink } from './log-sink.ts';

/** How important a line is: `error` someone must act, `warn` a peer or limit misbehaved, `info`, `debug`. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Writes JSON lines: a constant message and the facts of the case. */
export interface Logger {
  error(message: string, facts?: Facts): void;
  warn(message: string, facts?: Facts): void;
  info(message: string, facts?: Facts): void;
  debug(message: string, facts?: Facts): void;
  /** The same log with `facts` on every line. Shares the level. */
  child(facts: Facts): Logger;
  /** The least important level that is written from here on, children included. */
  setLevel(level: LogLevel): void;
  /** Opens the file again, for log rotation. On failure the old one stays. @throws LogFileError */
  reopen(): void;
  /** Closes the file. Later lines are dropped. */
  close(): void;
}

/** The log file cannot be opened. */
export class LogFileError extends CodedError {
  constructor(file: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super('LOG_FILE', `log.file: cannot write to ${JSON.stringify(file)}: ${reason}`, {}, cause);
  }
}

/** Rank of the levels; a line is written when its rank is not above that of the level set. */
const RANK: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 };

/** Names of facts that never reach the log. A safety net: nobody should hand them over. */
const SECRET =
  /^pins?$|[a-z0-9]Pins?$|_pins?$|[Pp]assword|[Pp]assphrase|[Ss]ecret|[Tt]oken|[Aa]uthorization/u;

/** Names of facts that were looked at, and whether they are secret. */
const verdicts = new Map<string, boolean>();
const MOST_VERDICTS = 1000;

/** Longest text that is kept of a fact. */
const LONGEST_FACT = 4000;

/**
 * A log to `file`, or to standard error when `file` is null.
 * @throws LogFileError when the file cannot be opened.
 */
export function createLogger(options: {
  readonly level: LogLevel;
  readonly file: string | null;
}): Logger {
  const { file } = options;
  let level = options.level;
  let sink: LogSink | null = openSink(file);
  const writer = pino(
    {
      level: 'debug',
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => sink?.write(line) },
  );

  function reopen(): void {
    if (file === null || sink === null) return;
    const next = openSink(file);
    sink.close();
    sink = next;
  }

  function close(): void {
    sink?.close();
    sink = null;
  }

  function loggerWith(base: Facts): Logger {
    const at = (lineLevel: LogLevel) => (message: string, facts?: Facts) => {
      if (RANK[lineLevel] > RANK[level]) return;
      writer[lineLevel](safe({ ...base, ...facts }), message);
    };
    return {
      error: at('error'),
      warn: at('warn'),
      info: at('info'),
      debug: at('debug'),
      child: (facts) => loggerWith({ ...base, ...facts }),
      setLevel(next) {
        level = next;
      },
      reopen,
      close,
    };
  }

  return loggerWith({});
}

function openSink(file: string | null): LogSink {
  if (file === null) return stderrSink();
  try {
    return fileSink(file);
  } catch (error) {
    throw new LogFileError(file, error);
  }
}

/** The same few names come with every line. */
function isSecret(key: string): boolean {
  const known = verdicts.get(key);
  if (known !== undefined) return known;
  const verdict = SECRET.test(key);
  if (verdicts.size < MOST_VERDICTS) verdicts.set(key, verdict);
  return verdict;
}

function safe(facts: Facts): Facts {
  const kept: Record<string, Facts[string]> = {};
  for (const [key, value] of Object.entries(facts)) {
    if (isSecret(key)) continue;
    kept[key] = typeof value === 'string' ? value.slice(0, LONGEST_FACT) : value;
  }
  return kept;
}
