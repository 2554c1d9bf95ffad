import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { ControlHandlers } from './control-handlers.ts';

/** What the control socket needs. */
export interface ControlOptions {
  /** Absolute path of the socket, `control.socket`. */
  readonly path: string;
  readonly handlers: ControlHandlers;
  readonly clock: Clock;
  readonly log: Logger;
}

/** An open control socket. */
export interface ControlServer {
  /** Closes it and every connection, and removes its file. */
  close(): Promise<void>;
}

/**
 * Opens the socket that only the user who runs the server can open (mode 0600). What a dead server left is replaced.
 * @throws ControlSocketError when the path is too long, a live server has it, or the folder is not writable.
 */
export async function listenControl(options: ControlOptions): Promise<ControlServer> {
  throw new Error(options.path);
}
