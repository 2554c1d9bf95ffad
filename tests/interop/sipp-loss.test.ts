// run: alone, limit: 400 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { join } from 'node:path';
import { openToRead } from '../../db/open-database.ts';
import { interopTest } from '../support/interop.ts';
import { NEVER_TOO_BUSY, startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import { runSipp } from './sipp-run.ts';
import type { SippResult, SippRun } from './sipp-run.ts';
import {
  ASKS_WITHIN,
  CALLS_WITHOUT_OFFER,
  CANCELS,
  HOLDS_BY_REINVITE,
  HOLDS_BY_UPDATE,
  HUNG_UP,
  REINVITES_WITHOUT_OFFER,
  RINGS_RELIABLY,
} from './sipp/calling.ts';

// sipp calls and loses one packet in twenty each way. What sipp tells is that every call came to its end there; what our
// side tells must be exact: the call log of a whole server, and that nothing is left in it.

const interop = interopTest(test, ['sipp']);

const CALLS = 200;
const LOSSY = { number: '908', calls: CALLS, callsPerSecond: 20, lostPercent: 5, timeoutS: 150 };

/**
 * A reliable 180 goes out five times within 8 s (RFC 3262 §3), so that in one run of 16,000 one is lost with all its
 * copies. The 200 need not wait for its PRACK, for the 180 describes nothing, and takes its place.
 */
const RINGING_SECONDS = 8;

/** Each run comes from an address of its own, so that the call log tells them apart. */
const TRUNKS = {
  reinvite: { host: '127.0.0.11', ringSeconds: 0 },
  update: { host: '127.0.0.12', ringSeconds: 0 },
  within: { host: '127.0.0.13', ringSeconds: 0 },
  offerless: { host: '127.0.0.14', ringSeconds: 0 },
  reoffer: { host: '127.0.0.18', ringSeconds: 0 },
  reliable: { host: '127.0.0.15', ringSeconds: RINGING_SECONDS },
  cancel: { host: '127.0.0.16', ringSeconds: 30 },
  silent: { host: '127.0.0.17', ringSeconds: 0 },
} as const;

type TrunkName = keyof typeof TRUNKS;

const CONFIG = {
  trunks: [
    ...Object.entries(TRUNKS).map(([name, { host, ringSeconds }]) => ({
      ...{ name, allowFrom: [host], ringSeconds, onNet: true },
    })),
    // Whoever asks whether the server is up.
    { name: 'start', allowFrom: ['127.0.0.1'] },
  ],
  // Calls are lost here for the network's sake alone, however busy the machine of the test is.
  sip: { limits: NEVER_TOO_BUSY },
  log: { level: 'error' },
};

let konfa: KonfaProcess | null = null;

/** A run against the whole server; its call log must hold each call once, with that cause. */
async function isLogged(
  trunk: TrunkName,
  run: Pick<SippRun, 'scenario' | 'receiveMs'>,
  cause: string,
): Promise<SippResult> {
  assert.ok(konfa !== null);
  const { host } = TRUNKS[trunk];
  const result = await runSipp({ ...LOSSY, ...run, host, sipPort: konfa.sipPort });

  assert.is(result.successful, CALLS, result.complaints);
  await untilEqual(() => causesOf(trunk), { [cause]: CALLS });
  return result;
}

function causesOf(trunk: TrunkName): Readonly<Record<string, number>> {
  const connection = openToRead(join(konfa?.folder ?? '', 'konfa.db'));
  try {
    const rows = connection
      .prepare<[string], { cause: string; calls: number }>(
        'SELECT cause, COUNT(*) AS calls FROM call_record WHERE trunk = ? GROUP BY cause',
      )
      .all(trunk);
    return Object.fromEntries(rows.map(({ cause, calls }) => [cause, calls]));
  } finally {
    connection.close();
  }
}

test.before(async () => {
  konfa = await startKonfa({ config: CONFIG });
});

test.after(async () => {
  if (konfa === null) return;
  assert.is(await konfa.stop(), 0);
  assert.not.match(konfa.output(), '"level":"error"');
});

const RUNS: Readonly<Record<string, () => Promise<void>>> = {
  'hold and back by re-INVITE': async () => {
    await isLogged('reinvite', { scenario: HOLDS_BY_REINVITE }, 'caller-hung-up');
  },

  'UPDATE with and without an offer': async () => {
    await isLogged('update', { scenario: HOLDS_BY_UPDATE }, 'caller-hung-up');
  },

  'OPTIONS and INFO within a call, and a REFER that is refused': async () => {
    await isLogged('within', { scenario: ASKS_WITHIN }, 'caller-hung-up');
  },

  'INVITE without an offer': async () => {
    await isLogged('offerless', { scenario: CALLS_WITHOUT_OFFER }, 'caller-hung-up');
  },

  're-INVITE without an offer': async () => {
    await isLogged('reoffer', { scenario: REINVITES_WITHOUT_OFFER }, 'caller-hung-up');
  },

  'a reliable 180 and its PRACK': async () => {
    const result = await isLogged('reliable', { scenario: RINGS_RELIABLY }, 'caller-hung-up');

    assert.is(result.counter('acknowledged'), CALLS);
  },

  'CANCEL while it rings': async () => {
    await isLogged('cancel', { scenario: CANCELS }, 'cancelled');
  },

  'calls that the server ends, as nobody presses a key': async () => {
    await isLogged('silent', { scenario: HUNG_UP, receiveMs: 120_000 }, 'no-input');
  },
};

// One after the other: the tests are of signalling, not of a machine that is too small.
for (const [name, run] of Object.entries(RUNS)) {
  interop(`${name}: ${CALLS} of ${CALLS} with 5 % loss`, run);
}

interop('no dialog, transaction or call is left of them', () =>
  untilEqual(figures, { konfa_sip_dialogs: 0, konfa_sip_transactions: 0, konfa_calls: 0 }),
);

async function figures(): Promise<Readonly<Record<string, number>>> {
  const page = await (await fetch(`${konfa?.url}/metrics`)).text();
  return Object.fromEntries(
    ['konfa_sip_dialogs', 'konfa_sip_transactions', 'konfa_calls'].map((name) => [
      name,
      Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(page)?.[1] ?? Number.NaN),
    ]),
  );
}

/** Looks again and again until it is as it must be, or fails with what it was at last. */
async function untilEqual<Value>(
  look: () => Value | Promise<Value>,
  expected: Value,
): Promise<void> {
  const wanted = JSON.stringify(expected);
  for (let waitedMs = 0; waitedMs < 200_000; waitedMs += 500) {
    if (JSON.stringify(await look()) === wanted) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 500);
    });
  }
  assert.equal(await look(), expected);
}

test.run();
