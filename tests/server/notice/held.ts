import type { SendOutcome } from '../../../server/notice/notice.ts';

/** Answers when the test says so. */
export class Held {
  readonly #waiting: ((outcome: SendOutcome) => void)[] = [];

  answer = (): Promise<SendOutcome> =>
    new Promise((resolve) => {
      this.#waiting.push(resolve);
    });

  get count(): number {
    return this.#waiting.length;
  }

  release(outcome: SendOutcome = { outcome: 'sent', providerId: 'p-1' }): void {
    this.#waiting.shift()?.(outcome);
  }
}
