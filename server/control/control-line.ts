import { z } from 'zod';

/** Longest request, and longest answer that a client takes: a call of 1000 messages has room in it. */
export const LONGEST_REQUEST_BYTES = 16_384;
/** See `LONGEST_REQUEST_BYTES`. */
export const LONGEST_ANSWER_BYTES = 64 * 1024 * 1024;

const request = z.strictObject({
  command: z.string().min(1).max(32),
  args: z.unknown().optional(),
});

const answer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('done'), result: z.unknown() }),
  /** `code` of a CodedError and its sentence. */
  z.object({
    outcome: z.literal('refused'),
    code: z.string(),
    message: z.string(),
    /** Facts of the error that help, as text. */
    facts: z.record(z.string(), z.string()).optional(),
  }),
]);

/** A request: one line of JSON. */
export type ControlRequest = z.infer<typeof request>;

/** Its answer: one line of JSON. */
export type ControlAnswer = z.infer<typeof answer>;

/** Reads a line of a client; null when it is no request. */
export function readRequest(line: string): ControlRequest | null {
  return read(line, request);
}

/** Reads a line of a server; null when it is no answer. */
export function readAnswer(line: string): ControlAnswer | null {
  return read(line, answer);
}

/** A request or an answer as a line. */
export function writeLine(value: ControlRequest | ControlAnswer): string {
  return `${JSON.stringify(value)}\n`;
}

function read<Value>(line: string, schema: z.ZodType<Value>): Value | null {
  try {
    const parsed = schema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Cuts a stream of bytes into lines that are not longer than `mostBytes`. */
export class LineCutter {
  readonly #mostBytes: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** The lines that `bytes` completes, without their ends; `too-long` when one goes beyond the limit. */
  cut(bytes: Uint8Array): readonly string[] | 'too-long' {
    const lines: string[] = [];
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, from)) {
      if (!this.#take(bytes.subarray(from, end))) return 'too-long';
      lines.push(Buffer.concat(this.#parts).toString('utf8'));
      this.#parts = [];
      this.#bytes = 0;
      from = end + 1;
    }
    return this.#take(bytes.subarray(from)) ? lines : 'too-long';
  }

  #take(part: Uint8Array): boolean {
    this.#bytes += part.length;
    if (this.#bytes > this.#mostBytes) return false;
    this.#parts.push(part);
    return true;
  }
}

const LINE_FEED = 0x0a;
