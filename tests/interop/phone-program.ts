import { spawn } from 'node:child_process';
import { pause } from '../support/phone-media.ts';

/** What every telephone program of these tests can do. */
export interface InteropPhone {
  /** Calls `sip:number@server` and comes back when the call stands. */
  dial(number: string): Promise<void>;
  /** Calls, and comes back when the call was refused or could not be made: with what the program says of it. */
  dialInVain(number: string): Promise<string>;
  /** Presses keys, one after another. */
  press(keys: string): Promise<void>;
  /** What the call has heard so far, but for the last fraction of a second; as `hangUp` tells it. */
  heard(): Promise<Int16Array>;
  /** Comes back when the other side has ended the call. */
  ended(): Promise<void>;
  /** Hangs up and ends the program; comes back with what the call has heard. */
  hangUp(): Promise<Int16Array>;
  /** Ends the program, whatever it does. */
  stop(): Promise<void>;
  /** SIGKILL: it says no word any more. The rest is for `stop`. */
  kill(): Promise<void>;
  /** What it has printed so far. */
  output(): string;
}

/** A telephone program that runs. It is killed when this process ends before it. */
export interface PhoneProgram {
  output(): string;
  /** Types a line. */
  type(line: string): void;
  /** Waits for words that were printed after `from`. @throws with all that was printed when they do not come. */
  until(words: RegExp, from?: number): Promise<void>;
  /** Waits until something is so. @throws with all that was printed when it does not come. */
  untilSo(isSo: () => boolean, what: string): Promise<void>;
  /** Ends it as `leave` does, and by SIGKILL when that takes too long. */
  end(leave: (signal: (name: NodeJS.Signals) => void) => void): Promise<void>;
  kill(): Promise<void>;
}

/** Longest call that has a voice to the end. */
export const VOICE_S = 90;
/** How long a step may take on a machine that others use too. */
const PATIENCE_MS = 20_000;
const POLL_MS = 50;
const LEAVE_MS = 5000;

/** Starts a program in a folder of its own. `home` — whose settings it reads; ours when nothing is said. */
export function startPhoneProgram(
  command: string,
  args: readonly string[],
  { folder, home }: { readonly folder: string; readonly home?: string },
): PhoneProgram {
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, ...(home === undefined ? {} : { HOME: home }) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const killWithUs = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killWithUs);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => (printed += piece));
  }
  // One that is gone does not read: what was printed tells why.
  child.stdin.on('error', () => undefined);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      process.off('exit', killWithUs);
      resolve();
    });
  });
  async function untilSo(isSo: () => boolean, what: string): Promise<void> {
    for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
      if (isSo()) return;
      await pause(POLL_MS);
    }
    throw new Error(`waited ${PATIENCE_MS} ms for ${what} of ${command}:\n${printed}`);
  }

  return {
    output: () => printed,
    type(line) {
      child.stdin.write(`${line}\n`);
    },
    until: (words, from = 0) => untilSo(() => words.test(printed.slice(from)), String(words)),
    untilSo,
    async end(leave) {
      leave((name) => void child.kill(name));
      const impatience = setTimeout(killWithUs, LEAVE_MS);
      await exited;
      clearTimeout(impatience);
    },
    async kill() {
      killWithUs();
      await exited;
    },
  };
}
