import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { CodedError } from '../../mixer/protocol/coded-error.ts';
import type { Facts } from '../../mixer/protocol/coded-error.ts';
import { LineCutter, LONGEST_ANSWER_BYTES, readAnswer, writeLine } from './control-line.ts';
import type { ControlAnswer } from './control-line.ts';
import { LONGEST_PATH_BYTES, pathBytes } from './socket-path.ts';

/** The server did not answer, or refused. `code`: `SERVER_AWAY`, `SERVER_SILENT`, or that of the refusal. */
export class ControlClientError extends CodedError {}

/** The server answers within milliseconds, or something is wrong with it. */
const PATIENCE_MS = 10_000;

/**
 * Asks the running server. Returns the JSON that its handler gave, unchecked.
 * @throws ControlClientError with a sentence when it is not running, may not be asked, is too slow, or refuses.
 */
export async function askServer(
  socketPath: string,
  command: string,
  args: unknown,
): Promise<unknown> {
  if (pathBytes(socketPath) > LONGEST_PATH_BYTES) {
    const sentence = `control.socket: the path has more than ${LONGEST_PATH_BYTES} bytes, no server can be there`;
    throw new ControlClientError('SERVER_AWAY', sentence);
  }
  const line = await exchange(socketPath, writeLine({ command, args }));
  const answer: ControlAnswer | null = readAnswer(line);
  if (answer === null) {
    throw new ControlClientError('SERVER_SILENT', `what answers at ${socketPath} is no Konfa`);
  }
  if (answer.outcome === 'done') return answer.result;
  throw new ControlClientError(answer.code, answer.message, answer.facts ?? ({} satisfies Facts));
}

/** Sends a line and waits for one. */
function exchange(socketPath: string, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const cutter = new LineCutter(LONGEST_ANSWER_BYTES);
    const socket: Socket = connect(socketPath, () => void socket.write(request));
    const fail = (code: string, sentence: string, cause?: unknown): void => {
      socket.destroy();
      reject(new ControlClientError(code, sentence, {}, cause));
    };
    socket.setTimeout(PATIENCE_MS, () =>
      fail('SERVER_SILENT', `the server at ${socketPath} does not answer`),
    );
    socket.on('data', (bytes: Buffer) => {
      const lines = cutter.cut(bytes);
      if (lines === 'too-long') {
        fail('SERVER_SILENT', 'the answer is too long');
      } else if (lines[0] !== undefined) {
        socket.destroy();
        resolve(lines[0]);
      }
    });
    socket.on('end', () => fail('SERVER_SILENT', `the server at ${socketPath} went away`));
    socket.on('error', (error) => fail('SERVER_AWAY', sentenceOf(error, socketPath), error));
  });
}

function sentenceOf(error: Error, socketPath: string): string {
  switch ('code' in error ? error.code : '') {
    case 'ENOENT':
      return `no server is running: there is no ${socketPath}; --config tells of one at another place`;
    case 'ECONNREFUSED':
      return `no server is running: nobody answers at ${socketPath}`;
    case 'EACCES':
    case 'EPERM':
      return `you may not open ${socketPath}: only the user who runs the server may`;
    default:
      return `the server at ${socketPath} cannot be asked: ${error.message}`;
  }
}
