import type { InboundInvite } from '../sip/user-agent.ts';

/**
 * The caller's number: what the trunk asserts (RFC 3325), else what the caller says of itself; null when withheld. Calls
 * reach this only over configured trunks, whose assertion is believed; it remains a label, never a permission.
 */
export function callerOf(invite: InboundInvite): string | null {
  if (invite.privacy === 'withheld') return null;
  const caller = invite.assertedUser ?? invite.fromUser;
  return caller === '' || caller === 'anonymous' ? null : caller;
}

/**
 * What was dialled, for logs: without the pauses and keys that telephones append, to be keyed after the answer. A PIN
 * may be among them (`908,,1,12345,67890`), and some send them in the INVITE.
 */
export function dialledOf(invite: InboundInvite): string {
  return /^(\+?\d[\d\s\-./()]*)[,;*#pPwW]/u.exec(invite.calledUser)?.[1] ?? invite.calledUser;
}

/** Whether a call came over a WebSocket: only browsers do, and only with a seat. */
export function isByBrowser(invite: InboundInvite): boolean {
  const { transport } = invite.flow;
  return transport === 'ws' || transport === 'wss';
}
