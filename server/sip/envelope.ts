import { parseDigits } from './header-value.ts';
import type { SipHeaders, SipMessage } from './message.ts';
import { parseNameAddress, tagOf } from './name-address.ts';
import type { NameAddress } from './name-address.ts';
import { SipParseError } from './sip-parse-error.ts';
import { parseVia } from './via.ts';
import type { Via } from './via.ts';

/** The header fields that every message must have (RFC 3261 §8.1.1), read. */
export interface Envelope {
  readonly topVia: Via;
  /** The other values of Via, in order, as written. */
  readonly otherVias: readonly string[];
  /** As written, for echoing. */
  readonly from: string;
  readonly fromAddress: NameAddress;
  readonly fromTag: string;
  readonly to: string;
  readonly toTag: string;
  readonly callId: string;
  readonly cseqNumber: number;
  readonly cseqMethod: string;
}

/**
 * Reads the mandatory header fields of a message.
 * @throws SipParseError when one is missing, there twice, or malformed, or CSeq names another method.
 */
export function readEnvelope(message: SipMessage): Envelope {
  const { headers } = message;
  const [topVia, ...otherVias] = headers.list('via');
  if (topVia === undefined) throw new SipParseError('Missing Via');
  if (otherVias.some((via) => !via.includes('/'))) throw new SipParseError('Bad Via');
  const from = single(headers, 'from', 'From');
  const to = single(headers, 'to', 'To');
  const fromAddress = parseNameAddress(from);
  const cseq = single(headers, 'cseq', 'CSeq');
  const method = cseq.search(/[ \t]/);
  const cseqMethod = method === -1 ? '' : cseq.slice(method).trim();
  if (message.kind === 'request' && cseqMethod !== message.method) {
    throw new SipParseError('CSeq Names Another Method');
  }
  return {
    topVia: parseVia(topVia),
    otherVias,
    from,
    fromAddress,
    fromTag: tagOf(fromAddress),
    to,
    toTag: tagOf(parseNameAddress(to)),
    callId: single(headers, 'call-id', 'Call-ID'),
    cseqNumber: parseDigits(cseq.slice(0, Math.max(0, method)), 4_294_967_295, 'CSeq'),
    cseqMethod,
  };
}

function single(headers: SipHeaders, name: string, spelling: string): string {
  const value = headers.first(name);
  if (value === undefined || value === '') throw new SipParseError(`Missing ${spelling}`);
  if (headers.count(name) > 1) throw new SipParseError(`More Than One ${spelling}`);
  return value;
}
