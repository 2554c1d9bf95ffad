import type { InboundInvite } from '../../../server/sip/user-agent.ts';

/** An INVITE by UDP from a phone that says nothing of itself but its number. */
export function inboundCall(differences: Partial<InboundInvite> = {}): InboundInvite {
  return {
    callIdHeader: 'a',
    flow: {
      transport: 'udp',
      flowId: 'f',
      remoteHost: '127.0.0.1',
      remotePort: 5060,
      localPort: 5060,
    },
    calledUser: '908',
    calledParties: [],
    fromUser: '600100200',
    fromDisplayName: '',
    assertedUser: null,
    privacy: 'none',
    userAgent: '',
    diversions: [],
    offer: null,
    ...differences,
  };
}
