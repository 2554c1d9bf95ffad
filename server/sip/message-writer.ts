import type { Envelope } from './envelope.ts';
import type { SipRequest } from './message.ts';
import { reasonPhrase } from './reason-phrase.ts';
import { writeVia } from './via.ts';

/** A header line to be written: name as it shall look, value as an octet string. */
export type HeaderLine = readonly [name: string, value: string];

const NO_BODY = new Uint8Array(0);

/** What a response holds beside what it takes over from its request. */
export interface ResponseParts {
  readonly status: number;
  /** Our words only; the usual phrase when left out. */
  readonly phrase?: string;
  /** Added to To unless it has a tag already; empty for none (100 Trying). */
  readonly toTag: string;
  readonly headers?: readonly HeaderLine[];
  readonly body?: Uint8Array;
}

/** Writes a response with Via, From, To, Call-ID and CSeq taken over from the request (RFC 3261 §8.2.6.2). */
export function writeResponse(envelope: Envelope, parts: ResponseParts): Uint8Array {
  let head = `SIP/2.0 ${parts.status} ${parts.phrase ?? reasonPhrase(parts.status)}\r\n`;
  head += `Via: ${writeVia(envelope.topVia)}\r\n`;
  for (const via of envelope.otherVias) head += `Via: ${via}\r\n`;
  const tag = envelope.toTag === '' && parts.toTag !== '' ? `;tag=${parts.toTag}` : '';
  head += `From: ${envelope.from}\r\nTo: ${envelope.to}${tag}\r\n`;
  head += `Call-ID: ${envelope.callId}\r\nCSeq: ${envelope.cseqNumber} ${envelope.cseqMethod}\r\n`;
  return finish(head, parts.headers ?? [], parts.body ?? NO_BODY);
}

/**
 * Writes the answer to a request whose headers could not be read: what is there is echoed as it is.
 * Returns null when there is too little to send an answer by (no Via or no CSeq), or the request is an ACK.
 */
export function writeSalvagedResponse(
  request: SipRequest,
  parts: ResponseParts,
): Uint8Array | null {
  const { headers } = request;
  const cseq = headers.first('cseq');
  if (request.method === 'ACK' || cseq === undefined || headers.count('via') === 0) return null;
  let head = `SIP/2.0 ${parts.status} ${parts.phrase ?? reasonPhrase(parts.status)}\r\n`;
  for (const via of headers.lines('via')) head += `Via: ${via}\r\n`;
  const from = headers.first('from');
  const to = headers.first('to');
  const callId = headers.first('call-id');
  if (from !== undefined) head += `From: ${from}\r\n`;
  if (to !== undefined) head += `To: ${to}\r\n`;
  if (callId !== undefined) head += `Call-ID: ${callId}\r\n`;
  head += `CSeq: ${cseq}\r\n`;
  return finish(head, parts.headers ?? [], NO_BODY);
}

/** What a request is made of. */
export interface RequestParts {
  readonly method: string;
  readonly uri: string;
  /** All headers but Content-Length. */
  readonly headers: readonly HeaderLine[];
  readonly body?: Uint8Array;
}

/** Writes a request. */
export function writeRequest(parts: RequestParts): Uint8Array {
  return finish(`${parts.method} ${parts.uri} SIP/2.0\r\n`, parts.headers, parts.body ?? NO_BODY);
}

function finish(start: string, headers: readonly HeaderLine[], body: Uint8Array): Uint8Array {
  let head = start;
  for (const [name, value] of headers) head += `${name}: ${value}\r\n`;
  head += `Content-Length: ${body.length}\r\n\r\n`;
  const bytes = Buffer.allocUnsafeSlow(head.length + body.length);
  bytes.write(head, 0, 'latin1');
  bytes.set(body, head.length);
  return bytes;
}
