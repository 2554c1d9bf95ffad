// run: alone, limit: 180 s
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { askServer } from '../../server/control/control-client.ts';
import { trunksAnswerSchema } from '../../server/control/trunk-status.ts';
import { freePort } from '../support/free-ports.ts';
import { interopTest } from '../support/interop.ts';
import { startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import { runSipp } from './sipp-run.ts';
import { LINE, REGISTRAR } from './sipp/registrar.ts';

const interop = interopTest(test, ['sipp']);

const LINES = 200;
const WAIT_MS = 60_000;

interop(
  `${LINES} of ${LINES} lines register by digest with 5 % loss, and are taken back`,
  async () => {
    const port = await freePort();
    const running = runSipp({
      ...{ scenario: REGISTRAR, sipPort: null, port, number: '908' },
      ...{ calls: LINES, callsPerSecond: 100, lostPercent: 5, timeoutS: 90, receiveMs: 80_000 },
    });
    const konfa = await startKonfa({ config: { trunks: trunks(port), log: { level: 'warn' } } });
    const states = await untilSettled(konfa);
    assert.is(await konfa.stop(), 0);
    const result = await running;

    assert.equal(states, { registered: LINES }, result.complaints);
    assert.is(result.counter('registered'), LINES, result.complaints);
    // A removal goes out five times within the 8 s of a stop.
    assert.is(result.counter('removed'), LINES, result.complaints);
    assert.not.match(konfa.output(), '"level":"error"');
  },
);

function trunks(port: number): readonly unknown[] {
  const lines = Array.from({ length: LINES }, (_, index) => ({
    name: `line-${index}`,
    ...{ transport: 'udp', pingSeconds: 0 },
    register: { ...LINE, server: `127.0.0.1:${port}`, user: `line-${index}` },
  }));
  return [{ name: 'start', allowFrom: ['127.0.0.0/8'] }, ...lines];
}

/** How many lines are in each state, once none is on its way. */
async function untilSettled(konfa: KonfaProcess): Promise<Readonly<Record<string, number>>> {
  let states: Record<string, number> = {};
  for (let waitedMs = 0; waitedMs < WAIT_MS; waitedMs += 500) {
    const answer = await askServer(join(konfa.folder, 'konfa.sock'), 'trunks', {});
    states = {};
    for (const { registration } of trunksAnswerSchema.parse(answer).trunks) {
      if (registration === null) continue;
      states[registration.state] = (states[registration.state] ?? 0) + 1;
    }
    if (states['registered'] === LINES) break;
    await new Promise((resolve) => {
      setTimeout(resolve, 500);
    });
  }
  return states;
}

test.run();
