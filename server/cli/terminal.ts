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
  /** Asks a question and returns what was typed. */
  ask(question: string): Promise<string>;
}

/** What a command ends with: 0 done, 1 failed, 2 wrong config or usage. */
export type ExitCode = 0 | 1 | 2;

/** The process's own terminal. */
export function systemTerminal(): Terminal {
  return {
    currentFolder: process.cwd(),
    listener: process.stdin.isTTY ? 'person' : 'program',
    nowMs: () => Date.now(),
    say: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    async ask(question) {
      const reader = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await reader.question(question);
      } finally {
        reader.close();
      }
    },
  };
}
