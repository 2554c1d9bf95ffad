import type { LocalCandidate } from '../../mixer/protocol/media-security.ts';

/** The facts of one `a=candidate` as the SDP library takes them. */
export interface CandidateLine {
  readonly foundation: string;
  readonly component: number;
  readonly transport: string;
  readonly priority: number;
  readonly ip: string;
  readonly port: number;
  readonly type: string;
  readonly tcptype?: string;
}

/** RFC 8445 §5.1.2.2 for UDP; below every sort of UDP for TCP, which is the second way (RFC 6544 §4.2). */
const TYPE_PREFERENCE = { udp: 126, tcp: 90 } as const;
/** RFC 6544 §4.2, of passive host candidates. */
const PASSIVE_DIRECTION_PREFERENCE = 4;
/** With rtcp-mux there is only this one. */
const RTP_COMPONENT = 1;

/** Host candidates as they are offered: UDP first, each kind in the order given, TCP passive (RFC 6544). */
export function candidateLines(candidates: readonly LocalCandidate[]): CandidateLine[] {
  const ordered = [
    ...candidates.filter((each) => each.transport === 'udp'),
    ...candidates.filter((each) => each.transport === 'tcp'),
  ];
  return ordered.map((candidate, index) => ({
    // Each has its own address or transport, so that no two share a foundation (RFC 8445 §5.1.1.3).
    foundation: String(index + 1),
    component: RTP_COMPONENT,
    transport: candidate.transport,
    priority: priorityOf(candidate, index),
    ip: candidate.host,
    port: candidate.port,
    type: 'host',
    ...(candidate.transport === 'tcp' ? { tcptype: 'passive' } : {}),
  }));
}

/** RFC 8445 §5.1.2.1; the local preference of TCP by RFC 6544 §4.2. */
function priorityOf(candidate: LocalCandidate, index: number): number {
  const local =
    candidate.transport === 'udp'
      ? 65_535 - index
      : 2 ** 13 * PASSIVE_DIRECTION_PREFERENCE + 8191 - index;
  return 2 ** 24 * TYPE_PREFERENCE[candidate.transport] + 2 ** 8 * local + (256 - RTP_COMPONENT);
}
