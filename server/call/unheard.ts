import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { UnheardReport } from '../../mixer/protocol/mixer-event.ts';
import type { AddressBook } from '../address/address-book.ts';
import { reachOf } from '../address/reach.ts';
import type { LiveCall } from './live-call.ts';

/** What the log says of a leg that is not heard. */
export function unheardMessage(since: UnheardReport['since']): string {
  return since === 'never'
    ? 'no RTP from the peer for 5 s since the call began'
    : 'no RTP from the peer for 5 s any more';
}

/** The facts of the case, with its likely cause in words. They name no number. */
export function unheardFacts(report: UnheardReport, call: LiveCall, book: AddressBook): Facts {
  const { dialogId, localHost, origin } = call;
  const { remoteHost } = call.invite.flow;
  const toldHost = origin.via === 'phone' ? book.mediaHostFor(remoteHost, localHost) : null;
  return {
    dialogId,
    trunk: origin.via === 'phone' ? origin.admission.trunk.name : '',
    cause: likelyCause(report, { remoteHost, toldHost }),
    ...report,
  };
}

/** Where the peer is, and which address it was told to send to; null: several, by ICE. */
interface Whereabouts {
  readonly remoteHost: string;
  readonly toldHost: string | null;
}

/** The likely cause, as a sentence: the first of the rules that fits. */
export function likelyCause(report: UnheardReport, whereabouts: Whereabouts): string {
  if (report.since === 'stopped') return causeOfEnd(report);
  if (report.ice === 'not-connected') {
    return 'no connectivity check came: none of the candidates can be reached; see media.externalAddress and the firewall';
  }
  if (report.security === 'keys-missing') {
    return 'there are no keys yet: the DTLS handshake has not been finished';
  }
  if (report.notOpened > 0 && report.security === 'keyed') {
    return 'SRTP comes that cannot be opened: the peer uses another key than it told';
  }
  if (report.ofOtherTypes > 0) {
    return 'RTP comes, but only of payload types that were not agreed on';
  }
  if (report.fromElsewhere > 0) {
    return 'RTP comes from another address than the peer told, and is refused';
  }
  if (report.reportsIn > 0) return 'RTCP comes but no RTP: the peer is muted or sends nothing';
  if (report.notRtp > 0) return 'packets come that are no RTP';
  return causeOfNothing(whereabouts);
}

function causeOfEnd(report: UnheardReport): string {
  if (report.ice === 'not-connected') return 'the connectivity checks have ended: the peer is gone';
  if (report.fromElsewhere > 0) {
    return 'it came and stopped, and comes from another address that is refused';
  }
  if (report.reportsIn > 0) return 'it came and stopped, RTCP came too: muted, or silence unsaid';
  return 'it came and stopped: the peer is gone, or a firewall has forgotten the call';
}

function causeOfNothing({ remoteHost, toldHost }: Whereabouts): string {
  if (toldHost !== null && reachOf(remoteHost) === 'public' && reachOf(toldHost) === 'private') {
    return `nothing came: the peer was told to send to ${toldHost}, which it cannot reach; set media.externalAddress`;
  }
  return 'nothing came: a firewall or NAT stops it; are the ports of media.portRange open for UDP?';
}
