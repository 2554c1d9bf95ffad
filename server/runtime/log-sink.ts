import { closeSync, openSync, writeSync } from 'node:fs';

/** Where log lines end up. */
export interface LogSink {
  /** Writes a whole line at once, so that a crash loses none. A line that cannot be written is dropped. */
  write(line: string): void;
  close(): void;
}

const STDERR = 2;

/** Writes that one line may take, when the reader takes it in parts. */
const MOST_WRITES = 8;

/** Standard error as a sink. It is never closed. */
export function stderrSink(): LogSink {
  return sinkOf(STDERR, () => {});
}

/** A file as a sink, at its end; readable by its owner and group. Throws Node's error when it cannot be opened. */
export function fileSink(file: string): LogSink {
  const fd = openSync(file, 'a', 0o640);
  return sinkOf(fd, () => closeSync(fd));
}

function sinkOf(fd: number, close: () => void): LogSink {
  return {
    write(line) {
      let rest: Uint8Array = Buffer.from(line);
      try {
        for (let writes = 0; writes < MOST_WRITES && rest.length > 0; writes += 1) {
          rest = rest.subarray(writeSync(fd, rest));
        }
      } catch {
        // A full disk or a reader that went away must not end calls: the line is lost.
      }
    },
    close,
  };
}
