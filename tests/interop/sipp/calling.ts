import {
  answered,
  ask,
  awaited,
  bodyMustBear,
  goTo,
  label,
  linger,
  mustBear,
  note,
  respond,
  sippScenario,
  wait,
} from '../sipp-scenario.ts';
import type { Step } from '../sipp-scenario.ts';

// sipp calls. Where it stays behind what it does: it has one timer for repeating per call, so that a request that
// crosses one of the peer's is repeated no more once the peer's has come.

const INVITE: Step = ask({ method: 'INVITE', cseq: 1, sdp: 'sendrecv', name: 'invite' });
const OK: Step = answered(200, { keepRoute: true, transaction: 'invite' });
const ACK: Step = ask({ method: 'ACK', cseq: 1, name: 'invite' });

/** The same once more. */
const ACK_AGAIN: Step = ask({ method: 'ACK', cseq: 1 });

/** A call up to its ACK. */
const TALKING: readonly Step[] = [INVITE, OK, ACK];

/** BYE until its answer. */
function hangUp(cseq: number): readonly Step[] {
  return [ask({ method: 'BYE', cseq, name: 'bye' }), answered(200, { transaction: 'bye' })];
}

/** The ACK of a refusal: of its INVITE's transaction (RFC 3261 §17.1.1.3). */
function acknowledgeRefusal(cseq: number, name?: string): Step {
  const transaction = name === undefined ? {} : { name };
  return ask({ method: 'ACK', cseq, branch: 'of-invite', toTag: 'with', ...transaction });
}

/** The server hangs up. */
export const HUNG_UP = sippScenario(
  'hung up',
  TALKING,
  awaited('BYE'),
  respond({ status: '200 OK' }),
  linger(),
);

/**
 * Both hang up half a second after the ACK. Each side answers the other's BYE, 481 when it has forgotten the call already;
 * whose came first decides nothing.
 */
export const BOTH_HANG_UP = sippScenario(
  'both hang up',
  TALKING,
  wait(500),
  ask({ method: 'BYE', cseq: 2, name: 'bye' }),
  awaited('BYE', { optional: true, next: 'crossed', counter: 'crossed' }),
  answered(481, { optional: true, next: 'end', transaction: 'bye' }),
  answered(200, { transaction: 'bye' }),
  awaited('BYE', { timeoutMs: 8000, onTimeout: 'end', counter: 'crossed' }),
  label('crossed'),
  respond({ status: '200 OK' }),
  label('end'),
  linger(),
);

/** BYE goes out right behind a re-INVITE, which is then refused with 487. Only the BYE is repeated by sipp. */
export const LEAVES_BEHIND_REINVITE = sippScenario(
  'BYE behind re-INVITE',
  TALKING,
  wait(500),
  ask({ method: 'INVITE', cseq: 2, toTag: 'with', sdp: 'sendonly', repeated: 'never' }),
  ask({ method: 'BYE', cseq: 3, name: 'bye' }),
  answered(200, { transaction: 'bye' }),
  answered(487, { timeoutMs: 5000, onTimeout: 'lost', counter: 'refused' }),
  acknowledgeRefusal(2),
  label('lost'),
  linger(),
);

/**
 * A re-INVITE goes out when the server hangs up: it is answered 200, 487 or 481, and the BYE is answered. A re-INVITE that
 * is lost is not repeated: sipp would not answer the BYE before its answer came.
 */
export const REINVITE_MEETS_BYE = sippScenario(
  're-INVITE meets BYE',
  TALKING,
  wait(500),
  ask({ method: 'INVITE', cseq: 2, toTag: 'with', sdp: 'sendonly', repeated: 'never' }),
  label('reinvited'),
  awaited('BYE', { optional: true, next: 'ended', counter: 'crossed' }),
  answered(487, { optional: true, next: 'refused' }),
  answered(481, { optional: true, next: 'refused' }),
  answered(200, { actions: [note('CSeq', '2 INVITE', 'accepted')] }),
  goTo('accepted', 'accepted'),
  // The 200 of the call itself came again.
  ACK_AGAIN,
  goTo('reinvited'),
  label('accepted'),
  ask({ method: 'ACK', cseq: 2 }),
  goTo('waiting'),
  label('refused'),
  acknowledgeRefusal(2),
  label('waiting'),
  awaited('BYE'),
  label('ended'),
  respond({ status: '200 OK' }),
  // Whatever the re-INVITE gets now, sipp acknowledges as a refusal, which ends its repetition.
  // Of several that are waited for it is the first whose time counts.
  answered(487, { optional: true, next: 'late', timeoutMs: 4000, onTimeout: 'end' }),
  answered(481),
  label('late'),
  acknowledgeRefusal(2),
  label('end'),
  linger(),
);

/** Hold and back by re-INVITE; the answers mirror the direction (RFC 3264 §6.1). */
export const HOLDS_BY_REINVITE = sippScenario(
  'hold by re-INVITE',
  TALKING,
  reoffer('INVITE', { cseq: 2, sdp: 'sendonly', mirrored: 'recvonly' }),
  reoffer('INVITE', { cseq: 3, sdp: 'sendrecv', mirrored: 'sendrecv' }),
  hangUp(4),
);

/** The same by UPDATE (RFC 3311), and an UPDATE that says nothing between. */
export const HOLDS_BY_UPDATE = sippScenario(
  'hold by UPDATE',
  TALKING,
  reoffer('UPDATE', { cseq: 2, sdp: 'sendonly', mirrored: 'recvonly' }),
  ask({ method: 'UPDATE', cseq: 3, name: 'plain' }),
  answered(200, { transaction: 'plain', actions: [mustBear('CSeq', '3 UPDATE', 'plain')] }),
  reoffer('UPDATE', { cseq: 4, sdp: 'sendrecv', mirrored: 'sendrecv' }),
  hangUp(5),
);

function reoffer(
  method: 'INVITE' | 'UPDATE',
  parts: {
    readonly cseq: number;
    readonly sdp: 'sendrecv' | 'sendonly';
    readonly mirrored: 'sendrecv' | 'recvonly';
  },
): readonly Step[] {
  const { cseq, sdp, mirrored } = parts;
  const name = `offer-${cseq}`;
  return [
    ask({ method, cseq, sdp, name, toTag: 'with' }),
    answered(200, { transaction: name, actions: [bodyMustBear(`a=${mirrored}`, name)] }),
    ...(method === 'INVITE' ? [ask({ method: 'ACK', cseq, name })] : []),
  ];
}

/**
 * 180 comes reliably and is acknowledged by PRACK (RFC 3262). Should the 200 to the INVITE be there before, the call goes
 * on with it, as RFC 3262 §3 allows; the counter tells how many were acknowledged. The INVITE's transaction has no name:
 * sipp 3.6 ends itself by an assertion when a 180 comes again to an INVITE that has one.
 */
export const RINGS_RELIABLY = sippScenario(
  'reliable 180',
  ask({ method: 'INVITE', cseq: 1, sdp: 'sendrecv', lines: ['Supported: 100rel'] }),
  answered(180, {
    ...{ optional: true, next: 'rings', keepRoute: true },
    actions: [
      '<ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" check_it="true" assign_to="rseq" />',
    ],
  }),
  answered(200, { keepRoute: true }),
  goTo('answered'),
  label('rings'),
  ask({ method: 'PRACK', cseq: 2, lines: ['RAck: [$rseq] 1 INVITE'], name: 'prack' }),
  answered(200, { transaction: 'prack', counter: 'acknowledged' }),
  // The 200 to PRACK may come again.
  label('acknowledged'),
  answered(200, { keepRoute: true, actions: [note('CSeq', '1 INVITE', 'invited')] }),
  goTo('answered', 'invited'),
  goTo('acknowledged'),
  label('answered'),
  ask({ method: 'ACK', cseq: 1 }),
  hangUp(3),
);

/** Given up while it rings: CANCEL gets 200, the INVITE 487. */
export const CANCELS = sippScenario(
  'cancel',
  INVITE,
  answered(180, { transaction: 'invite' }),
  ask({ method: 'CANCEL', cseq: 1, name: 'cancel' }),
  answered(200, { transaction: 'cancel' }),
  answered(487, { transaction: 'invite' }),
  acknowledgeRefusal(1, 'invite'),
  linger(),
);

/** An INVITE without SDP: the offer comes with the 200, the answer goes with the ACK. */
export const CALLS_WITHOUT_OFFER = sippScenario(
  'offerless',
  ask({ method: 'INVITE', cseq: 1, name: 'invite' }),
  answered(200, {
    ...{ keepRoute: true, transaction: 'invite' },
    actions: [bodyMustBear('m=audio [1-9][0-9]* RTP/AVP', 'offer')],
  }),
  ask({ method: 'ACK', cseq: 1, sdp: 'sendrecv', name: 'invite' }),
  wait(500),
  hangUp(2),
);

/** The same within the call. */
export const REINVITES_WITHOUT_OFFER = sippScenario(
  're-INVITE without an offer',
  TALKING,
  ask({ method: 'INVITE', cseq: 2, toTag: 'with', name: 'again' }),
  answered(200, {
    transaction: 'again',
    actions: [bodyMustBear('m=audio [1-9][0-9]* RTP/AVP', 'offer')],
  }),
  ask({ method: 'ACK', cseq: 2, sdp: 'sendrecv', name: 'again' }),
  wait(500),
  hangUp(3),
);

/** Requests that change nothing: OPTIONS, a key by INFO, a REFER that is refused. */
export const ASKS_WITHIN = sippScenario(
  'requests within the call',
  TALKING,
  ask({ method: 'OPTIONS', cseq: 2, name: 'options' }),
  answered(200, { transaction: 'options', actions: [mustBear('Allow', 'UPDATE', 'allow')] }),
  ask({
    ...{ method: 'INFO', cseq: 3, name: 'info' },
    body: ['application/dtmf-relay', 'Signal=5', 'Duration=160'],
  }),
  answered(200, { transaction: 'info', actions: [note('CSeq', '3 INFO', 'info')] }),
  ask({
    ...{ method: 'REFER', cseq: 4, name: 'refer' },
    lines: ['Refer-To: <sip:909@[remote_ip]>'],
  }),
  answered(603, { transaction: 'refer' }),
  hangUp(5),
);
