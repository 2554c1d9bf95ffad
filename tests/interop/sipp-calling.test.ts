// run: alone, limit: 240 s
import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { OutgoingCall } from '../../server/sip/outgoing-call.ts';
import { freePort } from '../support/free-ports.ts';
import { interopTest } from '../support/interop.ts';
import { SipCaller } from '../support/sip-caller.ts';
import type { Reaction } from '../support/sip-caller.ts';
import { testsAtOnce } from './at-once.ts';
import { runSipp } from './sipp-run.ts';
import type { SippResult } from './sipp-run.ts';
import {
  CALLED_BUSY,
  CALLED_CANCELLED,
  CALLED_CHALLENGES,
  CALLED_CHALLENGES_AS_PROXY,
  CALLED_HANGS_UP,
  CALLED_IS_HUNG_UP,
  CALLED_REDIRECTS,
  CALLED_RELIABLY,
  CALLED_TWICE,
  CALLED_WITH_ISUP,
  CHALLENGE,
} from './sipp/called.ts';

// Calls of ours to sipp, which loses one packet in twenty each way. The server itself calls nobody yet: its endpoint on
// real sockets does. What sipp tells is that every call came to its end there; what our side tells must be exact.

const interop = interopTest(test, ['sipp']);

const CALLS = 200;
const CALLS_PER_SECOND = 20;
const TALK_MS = 500;
/** Longer than an answer that is lost six times in a row: four times happen in one run of fifty. */
const LONG_TALK_MS = 20_000;
/** Above timer B, F, J and their like (RFC 3261 table 4), and above the time that a peer's BYE may take to get through. */
const QUIET_MS = 60_000;

function talksFor(durationMs: number): Reaction {
  return (event, caller) => {
    if (event.type !== 'accepted') return;
    caller.later(durationMs, () => caller.hangUp(event.dialogId));
  };
}

const LISTENS: Reaction = () => {};

/** What else may be looked at. */
interface Outcome {
  readonly tally: Readonly<Record<string, number>>;
  readonly result: SippResult;
}

/** Calls `CALLS` times; every one must end as told, here and there, and nothing may be left over. */
async function comesTo(
  scenario: string,
  told: Readonly<Record<string, number>>,
  parts: { readonly react?: Reaction; readonly call?: Partial<OutgoingCall> } = {},
): Promise<Outcome> {
  const port = await freePort();
  const caller = await SipCaller.start(parts.react ?? LISTENS);
  try {
    const running = runSipp({
      ...{ scenario, sipPort: null, port, number: '908' },
      ...{ calls: CALLS, callsPerSecond: CALLS_PER_SECOND, lostPercent: 5, timeoutS: 120 },
    });
    for (let count = 0; count < CALLS; count += 1) {
      caller.later((count * 1000) / CALLS_PER_SECOND, () => caller.call(port, parts.call));
    }
    const result = await running;
    await caller.untilQuiet(QUIET_MS);

    assert.is(result.successful, CALLS, `${result.complaints}\n${JSON.stringify(caller.tally)}`);
    const { tally } = caller;
    for (const [name, count] of Object.entries(told)) assert.is(tally[name], count, name);
    const others = Object.keys(tally).filter((name) => !name.startsWith('progress'));
    assert.equal(others.sort(), Object.keys(told).sort());
    assert.ok(caller.sentAgain > 0, 'nothing was lost');
    return { tally, result };
  } finally {
    await caller.stop();
  }
}

const CREDENTIALS = {
  call: { credentials: { user: 'konfa', password: 'secret', realm: 'sipp' } },
} as const;

const ANSWERED = { accepted: CALLS } as const;

const RUNS: Readonly<Record<string, () => Promise<void>>> = {
  'answered, ended by the one who was called': async () => {
    await comesTo(CALLED_HANGS_UP, { ...ANSWERED, 'ended by peer': CALLS });
  },

  'answered with ISUP beside the SDP': async () => {
    await comesTo(CALLED_WITH_ISUP, { ...ANSWERED, 'ended by peer': CALLS });
  },

  'answered, ended by us': async () => {
    const react = talksFor(TALK_MS);
    await comesTo(CALLED_IS_HUNG_UP, { ...ANSWERED, 'ended by us': CALLS }, { react });
  },

  'answered after 401, by a digest that sipp verifies': async () => {
    await comesTo(CALLED_CHALLENGES, { ...ANSWERED, 'ended by peer': CALLS }, CREDENTIALS);
  },

  'answered after 407, by a digest that is right': async () => {
    const told = { ...ANSWERED, 'ended by peer': CALLS };
    const { result } = await comesTo(CALLED_CHALLENGES_AS_PROXY, told, CREDENTIALS);

    assert.is(result.logged.filter(provesItself).length, CALLS, result.logged[0]);
  },

  'answered where 302 leads': async () => {
    await comesTo(CALLED_REDIRECTS, { ...ANSWERED, 'ended by peer': CALLS });
  },

  'refused with 486': async () => {
    await comesTo(CALLED_BUSY, { 'refused 486 by peer': CALLS });
  },

  'cancelled when nobody answers': async () => {
    const call = { answerWithinMs: 3000 };
    await comesTo(CALLED_CANCELLED, { 'refused 487 by timeout': CALLS }, { call });
  },

  'answered after a reliable 183, which is told once': async () => {
    const told = { ...ANSWERED, 'ended by peer': CALLS };
    const { tally } = await comesTo(CALLED_RELIABLY, told);

    assert.is(tally['progress 183'], CALLS);
  },

  'answered by two branches, of which the second is ended': async () => {
    const react = talksFor(LONG_TALK_MS);
    await comesTo(CALLED_TWICE, { ...ANSWERED, 'ended by us': CALLS }, { react });
  },
};

testsAtOnce(
  (name, run) => interop(`calls of ours are ${name}: ${CALLS} of ${CALLS} with 5 % loss`, run),
  RUNS,
);

/** RFC 7616 §3.4.1, with the password that the peer knows. */
function provesItself(line: string): boolean {
  const field = (name: string): string =>
    new RegExp(`[ ,]${name}="?([^",]*)"?`).exec(line)?.[1] ?? '';
  const secret = md5(`konfa:${CHALLENGE.realm}:secret`);
  const asked = md5(`INVITE:${field('uri')}`);
  const { nonce } = CHALLENGE;
  const once = `${field('nc')}:${field('cnonce')}:${field('qop')}`;
  return (
    line.trim().startsWith('Digest ') &&
    field('nonce') === nonce &&
    field('response') === md5(`${secret}:${nonce}:${once}:${asked}`)
  );
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

test.run();
