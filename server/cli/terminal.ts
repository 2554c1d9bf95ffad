import { createInterface } from 'node:readline/promises';

import type { WallclockMs } from '../../mixer/protocol/units.ts';

/** The person at the command line, and what a command needs to know of the place it runs in. */
export interface Terminal {
  /** Folder that relative paths start at. */
  readonly currentFolder: string;
  /** Whether somebody is there to be asked. */
  readonly listener: 'person' | 'program';
  nowMs(): WallclockMs;
  /** A line of the answer, to standard output. */
  say(line: string): void;
  /** A line of trouble, to standard error. */
  complain(line: string): void;
  /** Asks a question and returns what was typed; nothing when the person left it (Ctrl-C, Ctrl-D). */
  ask(question: string): Promise<string>;
}

/** What a command ends with: 0 done, 1 failed, 2 wrong config or usage, 3 the answer is no (`konfa route`). */
export type ExitCode = 0 | 1 | 2 | 3;

/** The process's own terminal. */
export function systemTerminal(): Terminal {
  return {
    currentFolder: process.cwd(),
    listener: process.stdin.isTTY ? 'person' : 'program',
    nowMs: () => Date.now(),
    say: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    ask: (question) => askOn({ question, input: process.stdin, output: process.stderr }),
  };
}

/** Asks a question on any streams and returns the line that came; an empty one when there comes none any more. */
export async function askOn(asked: {
  readonly question: string;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}): Promise<string> {
  const { question, input, output } = asked;
  const reader = createInterface({ input, output });
  const closed = new Promise<null>((resolve) => {
    reader.once('close', () => resolve(null));
  });
  try {
    const answer = await Promise.race([reader.question(question).catch(nullWhenAborted), closed]);
    // Whoever left the question has not ended its line.
    if (answer === null) output.write('\n');
    return answer ?? '';
  } finally {
    reader.close();
  }
}

/** Ctrl-C at a question is an answer: no. */
function nullWhenAborted(error: unknown): null {
  if (error instanceof Error && error.name === 'AbortError') return null;
  throw error;
}
