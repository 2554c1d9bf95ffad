import {
  answered,
  ask,
  awaited,
  awaitInvite,
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

// sipp is called. Where it stays behind what it does: it knows a call by its Call-ID alone, has one timer for repeating
// per call, and forgets a call that is over. So an ACK is told by its CSeq, and every call lingers.

const OK = { status: '200 OK', to: 'invite', sdp: 'sendrecv', repeated: 'until-answered' } as const;

/** 180 and 200, until the ACK of that very 200 comes: one of an earlier INVITE may be late. */
function answers(cseq: number): readonly Step[] {
  return [
    respond({ status: '180 Ringing', to: 'invite', cseq }),
    wait(200),
    label('ok'),
    respond({ ...OK, cseq }),
    awaited('ACK', { actions: [note('CSeq', `^ *${cseq} ACK`, 'acknowledged')] }),
    goTo('talking', 'acknowledged'),
    goTo('ok'),
    label('talking'),
  ];
}

const SAYS_BYE: readonly Step[] = [
  wait(500),
  ask({ method: 'BYE', cseq: 1, from: 'callee', toTag: 'with' }),
  answered(200),
];

const HEARS_BYE: readonly Step[] = [awaited('BYE'), respond({ status: '200 OK' }), linger()];

/** Answered; the callee hangs up. */
export const CALLED_HANGS_UP = sippScenario('callee hangs up', awaitInvite(), answers(1), SAYS_BYE);

/** Answered; the caller hangs up. */
export const CALLED_IS_HUNG_UP = sippScenario(
  'caller hangs up',
  awaitInvite(),
  answers(1),
  HEARS_BYE,
);

/** Answered by a telephone exchange, which has ISUP beside the SDP of its 183 and 200; the callee hangs up. */
export const CALLED_WITH_ISUP = sippScenario(
  'callee sends isup',
  awaitInvite(),
  respond({ status: '183 Session Progress', to: 'invite', sdp: 'with-isup' }),
  wait(200),
  label('ok'),
  respond({ ...OK, sdp: 'with-isup' }),
  awaited('ACK', { actions: [note('CSeq', '^ *1 ACK', 'acknowledged')] }),
  goTo('talking', 'acknowledged'),
  goTo('ok'),
  label('talking'),
  SAYS_BYE,
);

/** What `CALLED_CHALLENGES_AS_PROXY` asks with. */
export const CHALLENGE = { realm: 'sipp', nonce: '47ebe028cda119c35d4877b383027d28da013815' };

const DIGEST = `Digest realm="${CHALLENGE.realm}", nonce="${CHALLENGE.nonce}", algorithm=MD5, qop="auth"`;

/**
 * 401; then the INVITE with a digest that sipp reckons itself. The ACK of the 401 may be lost or late: then the INVITE
 * with the digest says all the same that the 401 has arrived.
 */
export const CALLED_CHALLENGES = sippScenario(
  'callee challenges',
  awaitInvite(),
  respond({
    ...{ status: '401 Unauthorized', to: 'invite', tag: 'challenge' },
    lines: [`WWW-Authenticate: ${DIGEST}`],
  }),
  label('second'),
  awaited('ACK', { optional: true, next: 'second' }),
  awaitInvite({
    actions: ['<verifyauth assign_to="proved" username="konfa" password="secret" />'],
  }),
  goTo('proved', 'proved'),
  // Nothing leads out of here: the call counts as failed.
  awaited('NOTIFY'),
  label('proved'),
  answers(2),
  SAYS_BYE,
);

/** The same with 407. Proxy-Authorization is beyond sipp's verifyauth: it is logged for the test to reckon. */
export const CALLED_CHALLENGES_AS_PROXY = sippScenario(
  'callee challenges as a proxy does',
  awaitInvite(),
  respond({
    ...{ status: '407 Proxy Authentication Required', to: 'invite', tag: 'challenge' },
    lines: [`Proxy-Authenticate: ${DIGEST}`],
  }),
  label('second'),
  awaited('ACK', { optional: true, next: 'second' }),
  awaitInvite({
    actions: [mustBear('Proxy-Authorization', '.*', 'proof'), '<log message="[$proof]" />'],
  }),
  answers(2),
  SAYS_BYE,
);

/** 302 to another user of the same address. */
export const CALLED_REDIRECTS = sippScenario(
  'callee redirects',
  awaitInvite(),
  respond({
    status: '302 Moved Temporarily',
    to: 'invite',
    tag: 'moved',
    contact: '<sip:elsewhere@[local_ip]:[local_port]>',
  }),
  label('second'),
  awaited('ACK', { optional: true, next: 'second' }),
  awaitInvite({
    actions: [
      '<ereg regexp="^INVITE sip:elsewhere@" search_in="msg" check_it="true" assign_to="moved" />',
    ],
  }),
  answers(2),
  SAYS_BYE,
);

/** 486. */
export const CALLED_BUSY = sippScenario(
  'callee is busy',
  awaitInvite(),
  respond({ status: '486 Busy Here', to: 'invite', repeated: 'until-answered' }),
  awaited('ACK'),
);

/** Rings until CANCEL comes. */
export const CALLED_CANCELLED = sippScenario(
  'caller cancels',
  awaitInvite(),
  respond({ status: '180 Ringing', to: 'invite' }),
  awaited('CANCEL'),
  respond({ status: '200 OK' }),
  respond({ status: '487 Request Terminated', to: 'invite', repeated: 'until-answered' }),
  awaited('ACK'),
  linger(),
);

/** 183 that must be acknowledged (RFC 3262), then 200. */
export const CALLED_RELIABLY = sippScenario(
  'callee rings reliably',
  awaitInvite({ actions: [mustBear('Supported', '100rel', 'reliable')] }),
  respond({
    status: '183 Session Progress',
    to: 'invite',
    lines: ['Require: 100rel', 'RSeq: 7', 'Allow: INVITE, ACK, BYE, CANCEL, PRACK'],
    repeated: 'until-answered',
  }),
  awaited('PRACK', { actions: [mustBear('RAck', '^ *7 1 INVITE', 'acknowledges')] }),
  respond({ status: '200 OK' }),
  // Long enough for a PRACK whose 200 was lost: it comes again while sipp still knows what to say.
  wait(4000),
  respond(OK),
  awaited('ACK'),
  SAYS_BYE,
);

/**
 * Two branches answer, as behind a proxy that forks: the second one must be acknowledged and ended (RFC 3261 §13.2.2.4),
 * while the first one talks on for long enough to be the last to end.
 */
export const CALLED_TWICE = sippScenario(
  'two branches answer',
  awaitInvite(),
  respond({ ...OK, tag: 'first-[call_number]' }),
  awaited('ACK'),
  label('second'),
  respond({ ...OK, tag: 'second-[call_number]' }),
  // An ACK of the first may come again.
  awaited('ACK', { actions: [note('To', 'tag=second', 'second-acknowledged')] }),
  goTo('second-acknowledged', 'second-acknowledged'),
  goTo('second'),
  label('second-acknowledged'),
  awaited('BYE', { actions: [mustBear('To', 'tag=second', 'second-ended')] }),
  respond({ status: '200 OK' }),
  label('first'),
  awaited('BYE', { actions: [note('To', 'tag=first', 'first-ended')] }),
  respond({ status: '200 OK' }),
  goTo('end', 'first-ended'),
  goTo('first'),
  label('end'),
  linger(),
);
