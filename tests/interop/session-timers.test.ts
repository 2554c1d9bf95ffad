// run: alone, limit: 760 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SipEvent } from '../../server/sip/user-agent.ts';
import { freePort } from '../support/free-ports.ts';
import { interopTest } from '../support/interop.ts';
import { SipCaller } from '../support/sip-caller.ts';
import { runSipp } from './sipp-run.ts';
import type { SippResult } from './sipp-run.ts';
import {
  answered,
  ask,
  awaited,
  awaitInvite,
  goTo,
  label,
  mustBear,
  bodyMustBear,
  repeat,
  respond,
  sippScenario,
  wait,
} from './sipp-scenario.ts';
import type { Step } from './sipp-scenario.ts';

// Sessions of 90 s that are refreshed every 45 s (RFC 4028 §10) by either side and by both methods: two refreshes of
// each in continuous integration, and with KONFA_LONG=1 the fourteen of ten minutes and a half.

const interop = interopTest(test, ['sipp']);

const REFRESH_MS = 45_000;
const ROUNDS = process.env['KONFA_LONG'] === '1' ? 14 : 2;
const CALLS = 5;
/** The last refresh, and then more than what is left of a session that is not refreshed: it must still stand. */
const AFTER_MS = 2000;
const TIMEOUT_S = (ROUNDS * REFRESH_MS) / 1000 + 60;

const TIMER = 'Supported: timer';
const WITH_UPDATE = 'Allow: INVITE, ACK, BYE, CANCEL, UPDATE';
const WITHOUT_UPDATE = 'Allow: INVITE, ACK, BYE, CANCEL';

/** A call of sipp that is answered with these terms. */
function calls(terms: {
  readonly refresher: 'uac' | 'uas';
  readonly allow: string;
}): readonly Step[] {
  const { refresher, allow } = terms;
  return [
    ask({
      ...{ method: 'INVITE', cseq: '[cseq]', toTag: 'without', sdp: 'sendrecv' },
      lines: [TIMER, allow, `Session-Expires: 90;refresher=${refresher}`],
    }),
    answered(100, { optional: true }),
    answered(200, {
      keepRoute: true,
      actions: [
        mustBear('Session-Expires', `90;refresher=${refresher}`, 'terms'),
        mustBear('Require', 'timer', 'required'),
      ],
    }),
    ask({ method: 'ACK', cseq: '[cseq]' }),
  ];
}

const HANG_UP: readonly Step[] = [
  wait(AFTER_MS),
  ask({ method: 'BYE', cseq: '[cseq]' }),
  answered(200),
];

/** A refresh of ours: who asks goes on refreshing. */
function weRefresh(method: 'UPDATE' | 'INVITE'): readonly Step[] {
  const isInvite = method === 'INVITE';
  return [
    awaited(method, {
      // Half of the interval is over then, and not much more.
      timeoutMs: 50_000,
      onTimeout: 'unrefreshed',
      actions: [
        mustBear('Session-Expires', '90;refresher=uac', 'asked'),
        mustBear('Min-SE', '90', 'least'),
        ...(isInvite ? [bodyMustBear('m=audio 9000', 'offer')] : []),
      ],
    }),
    respond({
      status: '200 OK',
      lines: ['Require: timer', 'Session-Expires: 90;refresher=uac'],
      sdp: isInvite ? 'sendrecv' : 'none',
      repeated: isInvite ? 'until-answered' : 'never',
    }),
    ...(isInvite ? [awaited('ACK')] : []),
  ];
}

/** A refresh of sipp's; over a call of ours it asks as the one who was called. */
function sippRefreshes(method: 'UPDATE' | 'INVITE', as: 'caller' | 'callee'): readonly Step[] {
  const isInvite = method === 'INVITE';
  return [
    wait(REFRESH_MS),
    ask({
      ...{ method, cseq: '[cseq]', from: as, toTag: 'with', sdp: isInvite ? 'sendrecv' : 'none' },
      lines: [TIMER, 'Session-Expires: 90;refresher=uac'],
    }),
    ...(isInvite ? [answered(100, { optional: true })] : []),
    answered(200, { actions: [mustBear('Session-Expires', '90;refresher=uac', 'kept')] }),
    ...(isInvite ? [ask({ method: 'ACK', cseq: '[cseq]' })] : []),
  ];
}

/**
 * The end, and beside it where a refresh leads that did not come. Nothing leads out of there: sipp waits for what never
 * comes and counts the call as failed.
 */
const OR_UNREFRESHED: readonly Step[] = [
  goTo('end'),
  label('unrefreshed'),
  awaited('NOTIFY'),
  label('end'),
];

/** Calls of sipp's that are refreshed by it. */
function refreshedBySipp(name: string, method: 'UPDATE' | 'INVITE'): string {
  return sippScenario(
    name,
    calls({ refresher: 'uac', allow: WITH_UPDATE }),
    repeat('refresh', ROUNDS, ...sippRefreshes(method, 'caller')),
    HANG_UP,
  );
}

/** Calls of sipp's that are refreshed by us: by UPDATE where it is allowed. */
function refreshedByUs(name: string, method: 'UPDATE' | 'INVITE'): string {
  return sippScenario(
    name,
    calls({ refresher: 'uas', allow: method === 'UPDATE' ? WITH_UPDATE : WITHOUT_UPDATE }),
    repeat('refresh', ROUNDS, ...weRefresh(method)),
    HANG_UP,
    OR_UNREFRESHED,
  );
}

const SIPP_BY_UPDATE = refreshedBySipp('sipp refreshes by UPDATE', 'UPDATE');
const SIPP_BY_INVITE = refreshedBySipp('sipp refreshes by re-INVITE', 'INVITE');
const WE_BY_UPDATE = refreshedByUs('we refresh by UPDATE', 'UPDATE');
const WE_BY_INVITE = refreshedByUs('we refresh by re-INVITE', 'INVITE');

/** A call of ours that sipp answers with these terms. */
function isCalled(refresher: 'uac' | 'uas'): readonly Step[] {
  return [
    awaitInvite({ actions: [mustBear('Session-Expires', '90', 'wanted')] }),
    respond({
      status: '200 OK',
      to: 'invite',
      lines: [WITH_UPDATE, TIMER, 'Require: timer', `Session-Expires: 90;refresher=${refresher}`],
      sdp: 'sendrecv',
      repeated: 'until-answered',
    }),
    awaited('ACK'),
  ];
}

const CALLED_HANGS_UP: readonly Step[] = [
  wait(AFTER_MS),
  ask({ method: 'BYE', cseq: '[cseq]', from: 'callee', toTag: 'with' }),
  answered(200),
];

const WE_CALL_AND_REFRESH = sippScenario(
  'we call and refresh by UPDATE',
  isCalled('uac'),
  repeat('refresh', ROUNDS, ...weRefresh('UPDATE')),
  CALLED_HANGS_UP,
  OR_UNREFRESHED,
);

const WE_CALL_SIPP_REFRESHES = sippScenario(
  'we call and sipp refreshes by UPDATE',
  isCalled('uas'),
  repeat('refresh', ROUNDS, ...sippRefreshes('UPDATE', 'callee')),
  CALLED_HANGS_UP,
);

const NOBODY_REFRESHES = sippScenario(
  'sipp forgets to refresh',
  calls({ refresher: 'uac', allow: WITH_UPDATE }),
  // RFC 4028 §10: BYE at 90 s less a third, so not before a minute has passed.
  wait(55_000),
  awaited('BYE', {
    timeoutMs: 10_000,
    onTimeout: 'unrefreshed',
    actions: [mustBear('Reason', 'cause=408', 'reason')],
  }),
  respond({ status: '200 OK' }),
  OR_UNREFRESHED,
);

/** Answers calls and offers at once. */
function answering(event: SipEvent, caller: SipCaller): void {
  if (event.type === 'invite' || event.type === 'reoffer') caller.answer(event.dialogId);
}

/** What came of one run, checked when all are over. */
interface Outcome {
  readonly result: SippResult;
  readonly tally: Readonly<Record<string, number>>;
  readonly dialogs: number;
}

async function sippCalls(scenario: string): Promise<Outcome> {
  const caller = await SipCaller.start(answering);
  const result = await run({ scenario, sipPort: caller.port });
  return conclude(caller, result);
}

async function sippIsCalled(scenario: string): Promise<Outcome> {
  const caller = await SipCaller.start(answering, {
    sessionTimers: { expiresSeconds: 90, minSeconds: 90 },
  });
  const port = await freePort();
  const running = run({ scenario, sipPort: null, port });
  // An INVITE that comes before sipp listens is sent again.
  for (let count = 0; count < CALLS; count += 1) caller.call(port);
  return conclude(caller, await running);
}

function run(parts: {
  readonly scenario: string;
  readonly sipPort: number | null;
  readonly port?: number;
}): Promise<SippResult> {
  return runSipp({
    ...parts,
    ...{ number: '908', calls: CALLS, callsPerSecond: 5, timeoutS: TIMEOUT_S, receiveMs: 120_000 },
  });
}

async function conclude(caller: SipCaller, result: SippResult): Promise<Outcome> {
  const outcome = { result, tally: caller.tally, dialogs: caller.endpoint.figures.dialogs };
  await caller.stop();
  return outcome;
}

const INCOMING = { invite: CALLS, established: CALLS };
const BY_PEER = { 'ended by peer': CALLS };

interop(`sessions of 90 s stand through ${ROUNDS} refreshes, whoever makes them`, async () => {
  const startedAtMs = performance.now();
  const runs = {
    'sipp refreshes by UPDATE': sippCalls(SIPP_BY_UPDATE),
    'sipp refreshes by re-INVITE': sippCalls(SIPP_BY_INVITE),
    'we refresh by UPDATE': sippCalls(WE_BY_UPDATE),
    'we refresh by re-INVITE': sippCalls(WE_BY_INVITE),
    'we call and refresh': sippIsCalled(WE_CALL_AND_REFRESH),
    'we call and sipp refreshes': sippIsCalled(WE_CALL_SIPP_REFRESHES),
    'nobody refreshes': sippCalls(NOBODY_REFRESHES),
  };
  const told: Readonly<Record<keyof typeof runs, Readonly<Record<string, number>>>> = {
    'sipp refreshes by UPDATE': { ...INCOMING, ...BY_PEER },
    'sipp refreshes by re-INVITE': {
      ...BY_PEER,
      invite: CALLS,
      established: CALLS * (ROUNDS + 1),
      reoffer: CALLS * ROUNDS,
    },
    'we refresh by UPDATE': { ...INCOMING, ...BY_PEER },
    'we refresh by re-INVITE': { ...INCOMING, ...BY_PEER, renegotiated: CALLS * ROUNDS },
    'we call and refresh': { ...BY_PEER, accepted: CALLS },
    'we call and sipp refreshes': { ...BY_PEER, accepted: CALLS },
    'nobody refreshes': { ...INCOMING, 'ended by session-expired': CALLS },
  };

  for (const name of Object.keys(told) as (keyof typeof runs)[]) {
    const { result, tally, dialogs } = await runs[name];
    const tookS = Math.round((performance.now() - startedAtMs) / 1000);
    console.log(`${name}: ${result.successful} of ${CALLS} calls after ${tookS} s`);
    assert.is(result.successful, CALLS, `${name}: ${result.complaints}`);
    assert.equal(tally, sorted(told[name]), name);
    assert.is(dialogs, 0, name);
  }
});

function sorted(record: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

test.run();
