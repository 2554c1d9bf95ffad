import { CodedError } from '../../mixer/protocol/coded-error.ts';
import { checkFiles } from '../config/check-files.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { applyReload } from '../config/reload.ts';
import { createLogger } from '../runtime/logger.ts';
import type { Logger } from '../runtime/logger.ts';
import { prepareDefaultFolder } from './default-folder.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** The server, running. */
export interface RunningApp {
  /** Lines that tell how to reach it. */
  readonly banner: readonly string[];
  /** Takes over what can change while it runs. */
  reload(config: Config): unknown;
  /** Ends all calls and lets everything go. */
  stop(): Promise<void>;
}

/** What the server is started with. */
export interface StartOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Whether a reservation to try the server with is opened. */
  readonly demonstration: 'open' | 'none';
}

/** Starts the server; rejects with a CodedError when it cannot run. */
export type StartApp = (options: StartOptions) => Promise<RunningApp>;

/** Time from a signal to stop until the process ends, whatever is still open: registrars have 8 s to answer. */
const STOP_TIMEOUT_MS = 12_000;

type StopSignal = 'SIGTERM' | 'SIGINT';

/**
 * Runs the server until SIGTERM or SIGINT. SIGHUP reads the config again and reopens the log file.
 * @throws ConfigError, LogFileError, or what `startApp` rejects with.
 */
export async function serve(
  configFile: string | undefined,
  terminal: Terminal,
  startApp: StartApp,
): Promise<ExitCode> {
  const loaded = loadConfig(configFile, terminal.currentFolder);
  checkFiles(loaded.config);
  prepareDefaultFolder(loaded);
  const log = createLogger(loaded.config.log);
  dieOnDefects(log);
  const stopSignal = awaitStopSignal();
  const hangups = heedHangups();
  try {
    const { config } = loaded;
    const demonstration = config.reservations.demonstration ? 'open' : 'none';
    const app = await startApp({ config, log, demonstration });
    for (const line of app.banner) terminal.say(line);
    hangups.deliverTo(reloader({ configFile, terminal, log, app, config }));
    const signal = await stopSignal;
    // Ignored from here on; without a listener it would end the process at once.
    hangups.deliverTo(() => {});
    return await stopWithin(STOP_TIMEOUT_MS, { app, log, signal });
  } finally {
    log.close();
  }
}

/** A second signal is for the impatient: it ends the process at once. */
function awaitStopSignal(): Promise<StopSignal> {
  return new Promise((resolve) => {
    let signals = 0;
    const onSignal = (signal: StopSignal): void => {
      signals += 1;
      if (signals === 1) resolve(signal);
      else process.exit(1);
    };
    process.on('SIGTERM', () => onSignal('SIGTERM'));
    process.on('SIGINT', () => onSignal('SIGINT'));
  });
}

/** Takes SIGHUP from the start, so that an early one is not fatal but waits until it can be acted on. */
function heedHangups(): { deliverTo(act: () => void): void } {
  let isWaiting = false;
  let onHangup = (): void => {
    isWaiting = true;
  };
  process.on('SIGHUP', () => onHangup());
  return {
    deliverTo(act) {
      onHangup = act;
      if (isWaiting) act();
      isWaiting = false;
    },
  };
}

async function stopWithin(
  timeoutMs: number,
  running: { readonly app: RunningApp; readonly log: Logger; readonly signal: StopSignal },
): Promise<ExitCode> {
  const { app, log, signal } = running;
  log.info('stopping', { signal });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), timeoutMs);
  });
  const outcome = await Promise.race([app.stop().then(() => 'stopped' as const), late]);
  clearTimeout(timer);
  if (outcome === 'late') {
    log.error('not stopped in time, leaving anyway', { timeoutMs });
    return 1;
  }
  log.info('stopped');
  return 0;
}

/** Returns what SIGHUP does. A config that is wrong changes nothing. */
function reloader(running: {
  readonly configFile: string | undefined;
  readonly terminal: Terminal;
  readonly log: Logger;
  readonly app: RunningApp;
  readonly config: Config;
}): () => void {
  const { configFile, terminal, log, app } = running;
  let current = running.config;
  return () => {
    try {
      log.reopen();
      const next = loadConfig(configFile, terminal.currentFolder).config;
      checkFiles(next);
      const { config, changed, ignored } = applyReload(current, next);
      log.setLevel(config.log.level);
      app.reload(config);
      current = config;
      log.info('config read again', { changed: changed.join(', ') });
      if (ignored.length > 0) {
        log.warn('settings changed that need a restart', { settings: ignored.join(', ') });
      }
    } catch (error) {
      log.setLevel(current.log.level);
      log.error('config not taken over, the old one stays', { reason: reasonOf(error) });
    }
  };
}

/** An error that nobody caught is our bug: it is logged, and the process ends for its supervisor to start anew. */
function dieOnDefects(log: Logger): void {
  const die = (error: unknown): void => {
    const stack = error instanceof Error ? error.stack : undefined;
    log.error('defect, the process ends', { reason: reasonOf(error), stack });
    log.close();
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
}

function reasonOf(error: unknown): string {
  if (error instanceof CodedError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
