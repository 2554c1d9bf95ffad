import type { SeenMessage } from '../../../server/trace/sip-trace.ts';
import type { SipFlow } from '../../../server/sip/user-agent.ts';

/** 2026-12-01 09:00:00 UTC. */
export const BEGAN_AT_MS = Date.UTC(2026, 11, 1, 9);

/** Where the messages of a trunk come from. */
export const TRUNK_FLOW: SipFlow = {
  transport: 'udp',
  flowId: 'udp-5060',
  remoteHost: '192.0.2.7',
  remotePort: 5060,
  localPort: 5060,
};

/** A message as text: its first line, Call-ID, CSeq, further fields and body. */
export function sipText(
  start: string,
  of: {
    readonly callId?: string;
    readonly cseq: string;
    readonly fields?: readonly string[];
    readonly body?: string;
  },
): string {
  const { callId = 'a84b4c76e66710@192.0.2.7', cseq, fields = [], body = '' } = of;
  return [
    start,
    'Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK1',
    'From: "Anna Nowak" <sip:+48501234567@192.0.2.7>;tag=1',
    'To: <sip:223500908@192.0.2.1>',
    `Call-ID: ${callId}`,
    `CSeq: ${cseq}`,
    ...fields,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** The text as it was seen `afterMs` after the beginning. */
export function seen(
  direction: SeenMessage['direction'],
  text: string,
  also: Partial<SeenMessage> & { readonly afterMs?: number } = {},
): SeenMessage {
  const { afterMs = 0, ...rest } = also;
  const { remoteHost, remotePort } = also.flow ?? TRUNK_FLOW;
  const bytes = Buffer.from(text);
  const atMs = BEGAN_AT_MS + afterMs;
  const flow = TRUNK_FLOW;
  return { direction, flow, remoteHost, remotePort, bytes, atMs, kind: 'first', ...rest };
}
