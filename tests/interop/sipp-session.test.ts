// run: alone, limit: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SipEvent } from '../../server/sip/user-agent.ts';
import { interopTest } from '../support/interop.ts';
import { SipCaller } from '../support/sip-caller.ts';
import { runSipp } from './sipp-run.ts';
import type { SippRun } from './sipp-run.ts';

const interop = interopTest(test, ['sipp']);

const CALLS = 200;

/** Long enough for a PRACK that is lost three times: sipp itself cannot take a 200 to INVITE before the one to PRACK. */
const RINGING_MS = 4000;

/** Rings, answers, and answers again. */
function answering(event: SipEvent, machine: SipCaller): void {
  if (event.type === 'invite') {
    const { dialogId } = event;
    machine.command({ type: 'ring', dialogId });
    machine.later(RINGING_MS, () => machine.answer(dialogId));
  } else if (event.type === 'reoffer') {
    machine.answer(event.dialogId);
  }
}

/** PRACK, UPDATE, INFO and re-INVITE of every call of a run must be answered, and the key of each come once. */
async function completes(run: Pick<SippRun, 'transport' | 'lostPercent'>): Promise<void> {
  const machine = await SipCaller.start(answering);
  try {
    const result = await runSipp({
      ...run,
      scenario: 'session',
      sipPort: machine.port,
      number: '908',
      calls: CALLS,
      callsPerSecond: 20,
      timeoutS: 90,
    });

    assert.is(result.failed, 0, result.complaints);
    assert.is(result.successful, CALLS);
    assert.is(machine.tally['info-key'], CALLS);
    assert.is(machine.tally['reoffer'], 2 * CALLS);
    assert.is(machine.tally['ended by peer'], CALLS);
    assert.is(machine.endpoint.figures.dialogs, 0);
  } finally {
    await machine.stop();
  }
}

interop(
  'takes PRACK, UPDATE, INFO and re-INVITE of 200 calls while one packet in twenty is lost',
  () => completes({ lostPercent: 5 }),
);

interop('takes PRACK, UPDATE, INFO and re-INVITE of 200 calls by TCP', () =>
  completes({ transport: 'tcp' }),
);

test.run();
