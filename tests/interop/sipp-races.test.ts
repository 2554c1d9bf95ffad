// run: alone, limit: 180 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { interopTest } from '../support/interop.ts';
import { SipCaller } from '../support/sip-caller.ts';
import type { Reaction } from '../support/sip-caller.ts';
import { testsAtOnce } from './at-once.ts';
import { runSipp } from './sipp-run.ts';
import type { SippResult } from './sipp-run.ts';
import {
  BOTH_HANG_UP,
  HUNG_UP,
  LEAVES_BEHIND_REINVITE,
  REINVITE_MEETS_BYE,
} from './sipp/calling.ts';

// Ends of calls that cross something else, while one packet in twenty is lost each way: against the stack with an
// application that hangs up as the race wants it, which a whole server gives no hold on. What sipp tells is that every
// call came to its end there; what the stack tells must be exact.

const interop = interopTest(test, ['sipp']);

const CALLS = 200;
const LOSSY = { number: '908', calls: CALLS, callsPerSecond: 20, lostPercent: 5, timeoutS: 100 };
const TALK_MS = 500;
/** Above 64*T1, the life of a transaction, after a BYE that took its time. */
const QUIET_MS = 75_000;

/** A run against the stack alone, with an application that hangs up as the race wants it. */
async function isTold(
  scenario: string,
  react: Reaction,
  check: (tally: Readonly<Record<string, number>>, result: SippResult) => void,
): Promise<void> {
  const caller = await SipCaller.start(react);
  try {
    const result = await runSipp({ ...LOSSY, scenario, sipPort: caller.port });
    await caller.untilQuiet(QUIET_MS);

    assert.is(result.successful, CALLS, `${result.complaints}\n${JSON.stringify(caller.tally)}`);
    const { tally } = caller;
    assert.is(tally['invite'], CALLS);
    check(tally, result);
  } finally {
    await caller.stop();
  }
}

/** Answers at once and hangs up half a second after the ACK, as the scenarios do; takes 300 ms for a new offer. */
const HANGS_UP: Reaction = (event, caller) => {
  if (event.type === 'invite') caller.answer(event.dialogId);
  if (event.type === 'reoffer') caller.later(300, () => caller.answer(event.dialogId));
  if (event.type === 'established') {
    caller.later(TALK_MS, () => caller.hangUp(event.dialogId));
  }
};
/** The same without hanging up. */
const STAYS: Reaction = (event, caller) => {
  if (event.type !== 'established') HANGS_UP(event, caller);
};

testsAtOnce((name, run) => interop(`${name}: ${CALLS} of ${CALLS} with 5 % loss`, run), {
  'calls that the stack ends': () =>
    isTold(HUNG_UP, HANGS_UP, (tally) => {
      assert.is(tally['established'], CALLS);
      assert.is(tally['ended by us'], CALLS);
    }),

  'calls that both end at once': () =>
    isTold(BOTH_HANG_UP, HANGS_UP, (tally, result) => {
      assert.is((tally['ended by us'] ?? 0) + (tally['ended by peer'] ?? 0), CALLS);
      assert.ok(result.counter('crossed') > 0, 'no BYE crossed the other');
    }),

  'a BYE right behind a re-INVITE': () =>
    isTold(LEAVES_BEHIND_REINVITE, STAYS, (tally, result) => {
      assert.is(tally['ended by peer'], CALLS);
      assert.ok(result.counter('refused') > CALLS / 2, 'the re-INVITEs were not refused');
    }),

  'a re-INVITE that meets our BYE': () =>
    isTold(REINVITE_MEETS_BYE, HANGS_UP, (tally) => {
      assert.is(tally['ended by us'], CALLS);
    }),
});

test.run();
