// run: alone, limit: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { interopTest } from '../support/interop.ts';
import { startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import { readStatistics, runSipp } from './sipp-run.ts';
import type { SippResult, SippRun } from './sipp-run.ts';

const interop = interopTest(test, ['sipp']);

const CONFIG = {
  trunks: [
    {
      name: 'sipp',
      allowFrom: ['127.0.0.0/8'],
      onNet: true,
      maxCalls: 1000,
      callsPerSecond: 500,
    },
  ],
  log: { level: 'warn' },
};

let konfa: KonfaProcess;

/** Every call of a run must complete. */
async function completes(
  run: Omit<SippRun, 'sipPort' | 'number'>,
  check: (result: SippResult) => void = () => {},
): Promise<void> {
  const result = await runSipp({ ...run, sipPort: konfa.sipPort, number: '908' });

  assert.is(result.failed, 0, `${result.complaints}\n${konfa.output()}`);
  assert.is(result.successful, run.calls);
  check(result);
}

test.before(async () => {
  konfa = await startKonfa({ config: CONFIG });
});

test.after(async () => {
  assert.is(await konfa.stop(), 0);
  assert.not.match(konfa.output(), '"level":"error"');
});

test('reads the last row of statistics', () => {
  const values = readStatistics('A(C);B(C);\n1;2;\n3;4;\n');

  assert.equal([values.get('A(C)'), values.get('B(C)')], [3, 4]);
});

interop('500 calls at 50 per second complete', () =>
  completes({ scenario: 'call', calls: 500, callsPerSecond: 50, holdMs: 2000 }),
);

interop('500 calls at 50 per second complete when 5 % of the messages are lost', () =>
  completes({ scenario: 'call', calls: 500, callsPerSecond: 50, holdMs: 2000, lostPercent: 5 }),
);

interop('calls that are given up at once are cancelled', () =>
  completes({ scenario: 'cancel', calls: 200, callsPerSecond: 50 }, (result) => {
    assert.ok(result.counter('cancelled') > 0, 'no CANCEL came before the answer');
  }),
);

interop('calls are put on hold and taken back', () =>
  completes({ scenario: 'hold', calls: 100, callsPerSecond: 25 }),
);

interop('calls complete over TCP', () =>
  completes({ scenario: 'call', calls: 200, callsPerSecond: 50, transport: 'tcp' }),
);

interop('calls are put on hold and taken back over TCP', () =>
  completes({ scenario: 'hold', calls: 50, callsPerSecond: 25, transport: 'tcp' }),
);

interop('calls whose SDP stands beside ISUP complete (SIP-I)', () =>
  completes({ scenario: 'isup', calls: 100, callsPerSecond: 25 }),
);

test.run();
