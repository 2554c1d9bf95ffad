import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { JoinReport, RoomAsk, RoomPlan, RoomReport } from './browser-legs.ts';
import type { Listening } from './browser-leg.ts';

/** Longest that any answer takes. */
const ANSWER_MS = 60_000;

/** The browsers of one room; see `browser-legs.ts`. */
export class BrowserRoom {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(plan: RoomPlan): Promise<BrowserRoom> {
    const child = fork(join(import.meta.dirname, 'browser-legs.ts'), [JSON.stringify(plan)], {
      execArgv: ['--import', 'tsx'],
    });
    const killWithUs = (): void => {
      child.kill('SIGKILL');
    };
    process.once('exit', killWithUs);
    child.once('exit', () => process.off('exit', killWithUs));
    const room = new BrowserRoom(child);
    await room.#answer();
    return room;
  }

  async join(): Promise<JoinReport> {
    const answer = await this.#ask({ ask: 'join' });
    if (!isJoinReport(answer)) throw new TypeError('not a report of joins');
    return answer;
  }

  async behave(listening: Listening, talking: number): Promise<void> {
    await this.#ask({ ask: 'behave', listening, talking });
  }

  async measure(): Promise<void> {
    await this.#ask({ ask: 'measure' });
  }

  async report(): Promise<RoomReport> {
    const answer = await this.#ask({ ask: 'report' });
    if (!isRoomReport(answer)) throw new TypeError('not a report of a room');
    return answer;
  }

  async leave(): Promise<void> {
    await this.#ask({ ask: 'leave' });
  }

  /** Ends the process, whatever it does. */
  stop(): void {
    this.#child.kill('SIGKILL');
  }

  async #ask(message: RoomAsk): Promise<unknown> {
    this.#child.send(message);
    return await this.#answer();
  }

  /** @throws when the process ends or does not answer. */
  async #answer(): Promise<unknown> {
    const waiting = new AbortController();
    const { signal } = waiting;
    const deadline = setTimeout(() => waiting.abort(), ANSWER_MS);
    try {
      const answer: readonly unknown[] = await Promise.race([
        once(this.#child, 'message', { signal }),
        once(this.#child, 'exit', { signal }).then(() => {
          throw new Error('a process of browsers has ended');
        }),
      ]);
      return answer[0];
    } finally {
      clearTimeout(deadline);
      waiting.abort();
    }
  }
}

function isJoinReport(answer: unknown): answer is JoinReport {
  return typeof answer === 'object' && answer !== null && 'joins' in answer;
}

function isRoomReport(answer: unknown): answer is RoomReport {
  return typeof answer === 'object' && answer !== null && 'delaysMs' in answer;
}
