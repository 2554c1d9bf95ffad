import * as assert from 'uvu/assert';

import { konfa } from './fake-terminal.ts';

/** A booking that is within the rules at `NOW_MS`. */
export const BOOK = ['book', '--start', '2026-11-23T10:00', '--end', '2026-11-23T12:00'];

/** What `--json` prints of a booking. */
export interface Booked {
  readonly number: string;
  readonly pin: string;
  readonly adminPin: string;
}

/** Books one conference and returns what `--json` printed. */
export async function bookOne(folder: string, more: readonly string[] = []): Promise<Booked> {
  const { exitCode, said, complained } = await konfa(folder, [...BOOK, ...more, '--json']);
  assert.equal([exitCode, complained], [0, []]);
  return JSON.parse(said.join('\n')) as Booked;
}
