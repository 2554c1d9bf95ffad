import { runProgram } from '../../../server/cli/program.ts';
import type { ExitCode, Terminal } from '../../../server/cli/terminal.ts';

/** 2026-11-22 10:00:30 in Warsaw. */
export const NOW_MS = Date.UTC(2026, 10, 22, 9, 0, 30);

/** What one run of the command line came to. */
export interface Run {
  readonly exitCode: ExitCode;
  /** Standard output and standard error, line by line. */
  readonly said: readonly string[];
  readonly complained: readonly string[];
  readonly questions: readonly string[];
}

/** Runs `konfa` with these arguments in this process. `answer`: what the person at the terminal types, if one is there. */
export async function konfa(
  folder: string,
  args: readonly string[],
  person: { readonly answer?: string; readonly nowMs?: number } = {},
): Promise<Run> {
  const said: string[] = [];
  const complained: string[] = [];
  const questions: string[] = [];
  const terminal: Terminal = {
    currentFolder: folder,
    listener: person.answer === undefined ? 'program' : 'person',
    nowMs: () => person.nowMs ?? NOW_MS,
    say: (line) => void said.push(...line.split('\n')),
    complain: (line) => void complained.push(...line.split('\n')),
    ask(question) {
      questions.push(question);
      return Promise.resolve(person.answer ?? '');
    },
  };
  const exitCode = await runProgram(args, {
    terminal,
    version: '9.8.7',
    startApp: () => Promise.reject(new Error('no server in this test')),
  });
  return { exitCode, said, complained, questions };
}
