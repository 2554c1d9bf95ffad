import { chmodSync, existsSync, lstatSync, unlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { dirname } from 'node:path';

import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import { answerRequest } from './answer-request.ts';
import type { ControlHandlers } from './control-handlers.ts';
import { LineCutter, LONGEST_REQUEST_BYTES, writeLine } from './control-line.ts';
import { LONGEST_PATH_BYTES, pathBytes } from './socket-path.ts';

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

/** The control socket cannot be opened. */
class ControlSocketError extends CodedError {
  constructor(path: string, sentence: string, cause?: unknown) {
    super('CONTROL_SOCKET', `control.socket: ${sentence}`, { path }, cause);
  }
}

/** Only who runs the server may ask it: a trace tells who called whom. */
const SOCKET_MODE = 0o600;
/** Takes the rights of others off at the birth of the file, before anybody could connect. */
const OTHERS_MASK = 0o177;
const MOST_CONNECTIONS = 16;
/** A client that neither asks nor reads is sent away. */
const PATIENCE_MS = 30_000;

/**
 * Opens the socket that only the user who runs the server can open (mode 0600). What a dead server left is replaced.
 * @throws ControlSocketError when the path is too long, a live server has it, or the folder is not writable.
 */
export async function listenControl(options: ControlOptions): Promise<ControlServer> {
  const { path } = options;
  if (pathBytes(path) > LONGEST_PATH_BYTES) {
    const sentence = `the path has ${pathBytes(path)} bytes; a socket's has at most ${LONGEST_PATH_BYTES}`;
    throw new ControlSocketError(path, sentence);
  }
  const folder = dirname(path);
  // Node tells of a missing folder as of a missing permission.
  if (!existsSync(folder)) throw new ControlSocketError(path, `there is no folder ${folder}`);
  await removeStale(path);
  const connections = new Set<Socket>();
  const server = createServer((socket) => converse(socket, connections, options));
  server.maxConnections = MOST_CONNECTIONS;
  await listen(server, path);
  server.on('error', (error) => options.log.error('control socket', { reason: error.message }));
  return {
    close: () =>
      new Promise((resolve) => {
        // Closing removes the file.
        server.close(() => resolve());
        for (const socket of connections) socket.destroy();
      }),
  };
}

async function listen(server: Server, path: string): Promise<void> {
  const maskBefore = process.umask(OTHERS_MASK);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
      // The file is made by the call of listen itself; nothing else runs under the mask.
      process.umask(maskBefore);
    });
    chmodSync(path, SOCKET_MODE);
  } catch (error) {
    throw new ControlSocketError(path, `cannot listen at ${path}: ${reasonOf(error)}`, error);
  } finally {
    process.umask(maskBefore);
  }
}

/** A socket that nobody answers at was left by a server that died. Anything else in its place is left alone. */
async function removeStale(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new ControlSocketError(path, `${path} is there, and is no socket`);
  }
  if ((await isAlive(path)) === 'alive') {
    throw new ControlSocketError(path, `another server is running with ${path}`);
  }
  try {
    unlinkSync(path);
  } catch (error) {
    throw new ControlSocketError(path, `cannot replace ${path}: ${reasonOf(error)}`, error);
  }
}

function isAlive(path: string): Promise<'alive' | 'dead'> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve('alive');
    });
    socket.once('error', (error) => {
      const code = 'code' in error ? error.code : '';
      if (code === 'ECONNREFUSED' || code === 'ENOENT') resolve('dead');
      // A full queue of connections has a server behind it.
      else if (code === 'EAGAIN') resolve('alive');
      else reject(new ControlSocketError(path, `cannot look at ${path}: ${reasonOf(error)}`));
    });
  });
}

/** One client: line by line, each answered before the next is looked at. */
function converse(socket: Socket, connections: Set<Socket>, options: ControlOptions): void {
  const { handlers, log } = options;
  const cutter = new LineCutter(LONGEST_REQUEST_BYTES);
  let answering: Promise<void> = Promise.resolve();
  connections.add(socket);
  socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  socket.on('close', () => connections.delete(socket));
  // A client that goes away in the middle is no trouble of ours; the connection closes by itself.
  socket.on('error', () => socket.destroy());

  async function answer(line: string): Promise<void> {
    if (socket.destroyed) return;
    const { answer: reply, defect } = await answerRequest(line, handlers);
    if (defect !== undefined) log.error('control command failed', { reason: reasonOf(defect) });
    if (!socket.write(writeLine(reply))) await drained(socket);
  }

  socket.on('data', (bytes: Buffer) => {
    const lines = cutter.cut(bytes);
    if (lines === 'too-long') {
      socket.destroy();
      return;
    }
    socket.pause();
    for (const line of lines) answering = answering.then(() => answer(line));
    void answering.then(() => socket.resume());
  });
}

/** Waits until a client has read; one that is gone has read enough. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    socket.once('drain', resolve);
    socket.once('close', resolve);
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
