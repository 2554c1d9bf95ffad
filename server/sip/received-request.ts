import { readEnvelope } from './envelope.ts';
import type { Envelope } from './envelope.ts';
import type { SipRequest } from './message.ts';
import type { SipFlow } from './user-agent.ts';
import { stampVia } from './via.ts';
import type { Via } from './via.ts';

/** Where a message goes: over the flow when it stands, else to host and port. */
export interface SendTarget {
  readonly flow: SipFlow;
  readonly host: string;
  readonly port: number;
}

/** A request together with what its headers say and the way its answers go. */
export interface ReceivedRequest {
  readonly message: SipRequest;
  /** The top Via bears the source of the packet. */
  readonly envelope: Envelope;
  readonly flow: SipFlow;
  readonly responseTarget: SendTarget;
}

/**
 * Reads the mandatory headers of a request and finds the way back.
 * @throws SipParseError when one of them is missing or malformed.
 */
export function receiveRequest(message: SipRequest, flow: SipFlow): ReceivedRequest {
  const envelope = readEnvelope(message);
  const topVia = stampVia(envelope.topVia, flow.remoteHost, flow.remotePort);
  return {
    message,
    envelope: { ...envelope, topVia },
    flow,
    responseTarget: responseTarget(topVia, flow),
  };
}

/** Port of a transport when none is written (RFC 3261 §19.1.2). */
export function defaultPort(flow: SipFlow): number {
  return flow.transport === 'tls' || flow.transport === 'wss' ? 5061 : 5060;
}

/**
 * RFC 3261 §18.2.2 and RFC 3581 §4: to the source address; to the source port when the sender asked for it, else to the
 * port it named. A `maddr` is not followed: an answer never goes to a host that has not sent the request.
 */
function responseTarget(topVia: Via, flow: SipFlow): SendTarget {
  const port =
    typeof topVia.rport === 'number' ? topVia.rport : (topVia.sentByPort ?? defaultPort(flow));
  return { flow, host: flow.remoteHost, port };
}
