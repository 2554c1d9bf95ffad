import { CodedError } from '../../mixer/protocol/coded-error.ts';
import { decodeUtf8, encodeUtf8 } from '../sip/octet-string.ts';
import { traceListRequestSchema, traceRequestSchema } from './trace-answer.ts';
import type { TraceAnswer, TraceMessage } from './trace-answer.ts';
import type { TraceBook } from './trace-book.ts';
import { dialledNumber, headingOf } from './trace-heading.ts';
import { maskNumbers } from './trace-numbers.ts';
import { maskSecrets } from './trace-secrets.ts';
import type { TracedCall } from './traced-call.ts';

/** No such call is kept, or the beginning of its name fits several. */
class NoSuchTraceError extends CodedError {
  constructor(message: string, callIds: readonly string[] = []) {
    super('NO_SUCH_TRACE', message, { callIds: callIds.join(' ') });
  }
}

/** The commands `trace` and `trace-list` of the control socket. Arguments that are wrong throw a ZodError. */
export function traceCommands(
  book: TraceBook,
): Readonly<Record<'trace' | 'trace-list', (args: unknown) => Promise<unknown>>> {
  return {
    trace: async (args) => {
      const { call, numbers } = traceRequestSchema.parse(args);
      const found = book.find(encodeUtf8(call));
      if (found.outcome === 'found') return answerOf(found.call, numbers);
      if (found.outcome === 'absent') {
        throw new NoSuchTraceError('no such call is kept; "konfa trace --list" tells which are');
      }
      throw new NoSuchTraceError('several calls begin so; give more of the Call-ID', found.callIds);
    },
    'trace-list': async (args) => {
      const { shelf, most, numbers } = traceListRequestSchema.parse(args);
      return { calls: book.list(shelf, most).map((call) => headingOf(call, numbers)) };
    },
  };
}

function answerOf(call: TracedCall, numbers: 'masked' | 'shown'): TraceAnswer {
  const kept = call.messages;
  const dialled = dialledNumber(kept[0]);
  const seen = new Set<string>();
  const messages = kept.map(({ octets, direction, kind, ...rest }): TraceMessage => {
    const copy = `${direction}${octets}`;
    const again = kind === 'again' || seen.has(copy);
    seen.add(copy);
    const text = decodeUtf8(maskSecrets(octets));
    const { atMs, transport, remoteHost, remotePort, cutBytes } = rest;
    return {
      ...{ atMs, direction, transport, cutBytes },
      remote: remoteHost.includes(':')
        ? `[${remoteHost}]:${remotePort}`
        : `${remoteHost}:${remotePort}`,
      kind: again ? 'again' : 'first',
      text: numbers === 'shown' ? text : maskNumbers(text, dialled),
    };
  });
  const { leftOut } = call;
  return { heading: headingOf(call, numbers), messages, leftOut, leftOutAfter: call.firstHalf };
}
