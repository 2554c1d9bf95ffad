// run: alone, limit: 400 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { setPriority } from 'node:os';
import {
  AMPLITUDE,
  MENU_NUMBER,
  metricOf,
  RETRY_AFTER_S,
  untilSaid,
  withOverloadStage,
} from './overload-stage.ts';
import type { OverloadStage } from './overload-stage.ts';
import { interopTest } from '../support/interop.ts';
import type { PhoneCall } from '../support/phone-call.ts';
import { pause } from '../support/phone-media.ts';
import { callsOrIsRefused, REFUSED, TAKEN } from './sipp/flooding.ts';
import { runSipp } from './sipp-run.ts';
import type { SippResult } from './sipp-run.ts';

// A whole server that gets more calls than it may take: real calls of sipp, and phones of ours that were there before.
// Limits are lower than they are for users, so that a machine that runs other tests reaches them by calls alone and has
// time left all the same; the server does not know that.

const interop = interopTest(test, ['sipp']);

const REFUSALS = 'konfa_sip_overload_refusals_total';
/**
 * What the talkers may lose of their packets, and hear of silence where somebody talks: nothing on an idle machine. On
 * one that others use the phones of this process are late themselves, which sounds like a gap and is no loss.
 */
const MOST_LOST_SHARE = 0.001;
const MOST_GAPS_SHARE = 0.05;
/** From a phone's change of tone until the other one has it; the half of the changes, and each. */
const MOST_DELAY_MS = { usual: 200, worst: 500 };

const MOST_STOPS = 30;
/** It refuses for five seconds at least, and a test floods for fifteen. */
const MOST_LINES = 8;
const PHONES_NICENESS = -15;

/** Tones that a talker changes between. */
const CHANGED_HZ = [500, 870] as const;
const PIECE_SAMPLES = 80;

/** Stays in each call so long that none ends before sipp has made its last attempt. */
async function floodMenu(
  stage: OverloadStage,
  load: { readonly calls: number; readonly callsPerSecond: number; readonly holdMs: number },
): Promise<SippResult> {
  const { holdMs, ...rest } = load;
  return runSipp({
    ...rest,
    scenario: callsOrIsRefused(holdMs),
    sipPort: stage.konfa.sipPort,
    number: MENU_NUMBER,
    timeoutS: 120,
  });
}

/** Somebody in a call who has heard of no overload puts it on hold, takes it up again and asks; the call stays. */
async function goesOn({ bystander }: OverloadStage): Promise<void> {
  assert.is((await bystander.direct('sendonly')).status, 200);
  assert.is(await bystander.ping(), 200);
  assert.is((await bystander.direct('sendrecv')).status, 200);
}

/** Takes the processor away from the server again and again, until it refuses calls. */
async function stopsAndGoes(
  stage: OverloadStage,
  { stoppedMs, runningMs }: { readonly stoppedMs: number; readonly runningMs: number },
): Promise<void> {
  const { pid } = stage.konfa;
  for (let turn = 0; turn < MOST_STOPS && stage.lines().length === 0; turn += 1) {
    process.kill(pid, 'SIGSTOP');
    await pause(stoppedMs);
    process.kill(pid, 'SIGCONT');
    await pause(runningMs);
  }
}

async function isRefused(stage: OverloadStage): Promise<void> {
  assert.equal(await stage.dial(), { status: 503, retryAfter: String(RETRY_AFTER_S) });
}

async function isTaken(stage: OverloadStage): Promise<void> {
  assert.is((await stage.dial()).status, 200);
}

/** One line each time it began, which names the cause, and one when it was over. Room for a while is told too. */
function hasTold(stage: OverloadStage, cause: string): void {
  const lines = stage.lines().map((line): unknown => JSON.parse(line));
  const told = JSON.stringify(lines);
  assert.ok(lines.length >= 2 && lines.length % 2 === 0 && lines.length <= MOST_LINES, told);
  for (const [at, line] of lines.entries()) {
    const expected = at % 2 === 0 ? `"level":"warn".*"cause":"${cause}"` : '"refusedForMs":\\d+';
    assert.match(JSON.stringify(line), new RegExp(expected));
  }
}

/** Changes one talker's tone and measures how long it takes until the other one hears that, in ms of its tape. */
async function delayMs(talker: PhoneCall, listener: PhoneCall, toneHz: number): Promise<number> {
  const { tape } = listener.media;
  const changedAtMs = tape.durationMs;
  talker.media.play({ toneHz, amplitude: AMPLITUDE });
  await pause(1000);
  const heard = tape.between(changedAtMs);
  for (let at = 0; at + PIECE_SAMPLES <= heard.length; at += PIECE_SAMPLES) {
    const crossings = countCrossings(heard.subarray(at, at + PIECE_SAMPLES));
    const isChanged = Math.abs(crossings - (2 * toneHz * PIECE_SAMPLES) / 8000) <= 2;
    if (isChanged) return at / 8;
  }
  return Number.POSITIVE_INFINITY;
}

/** Of zero: two for each period of a tone. */
function countCrossings(samples: Int16Array): number {
  let crossings = 0;
  for (let at = 1; at < samples.length; at += 1) {
    if ((samples[at] ?? 0) < 0 !== (samples[at - 1] ?? 0) < 0) crossings += 1;
  }
  return crossings;
}

/** Share of 10 ms pieces in which nothing is heard, though somebody talks. */
function gapShare(heard: Int16Array): number {
  let gaps = 0;
  let pieces = 0;
  for (let at = 0; at + PIECE_SAMPLES <= heard.length; at += PIECE_SAMPLES) {
    pieces += 1;
    const piece = heard.subarray(at, at + PIECE_SAMPLES);
    if (piece.every((sample) => Math.abs(sample) < AMPLITUDE / 20)) gaps += 1;
  }
  return gaps / Math.max(1, pieces);
}

/** Phones that are late themselves would be heard as late; what the server is like is asked. Without the right to, they stay. */
function goBeforeOthers(niceness: number): void {
  try {
    setPriority(niceness);
  } catch {
    // A machine of its own does not need it.
  }
}

/** Listens for so many seconds and tells what was lost. */
async function listens(
  [first, second]: OverloadStage['talkers'],
  seconds: number,
): Promise<{
  readonly lostShare: number;
  readonly gapShare: number;
  readonly delaysMs: readonly number[];
}> {
  const { tape } = second.media;
  const before = { packets: tape.packets, lost: tape.packetsLost, atMs: tape.durationMs };
  const delaysMs: number[] = [];
  goBeforeOthers(PHONES_NICENESS);
  for (let change = 1; change <= seconds; change += 1) {
    delaysMs.push(await delayMs(first, second, CHANGED_HZ[change % 2] ?? 0));
  }
  goBeforeOthers(0);
  return {
    lostShare: (tape.packetsLost - before.lost) / Math.max(1, tape.packets - before.packets),
    gapShare: gapShare(tape.between(before.atMs)),
    delaysMs: delaysMs.sort((one, other) => one - other),
  };
}

interop(
  'refuses calls by 503 before those who talk lose anything, and takes them again when there is room',
  () =>
    withOverloadStage({ mediaBusyPercent: 60 }, async (stage) => {
      await pause(1000);
      // As many as a large machine needs; a small one has had enough after 500.
      const flood = floodMenu(stage, { calls: 2400, callsPerSecond: 200, holdMs: 14_000 });
      // sipp runs by now, and does not go before others as the phones are to.
      await pause(500);
      const heard = listens(stage.talkers, 16);

      await untilSaid(stage, 'new calls are refused');
      await isRefused(stage);
      await isRefused(stage);
      await goesOn(stage);
      assert.is(await stage.bystander.hangUp(), 200);
      const refusedSoFar = await metricOf(stage, REFUSALS);

      const { lostShare, gapShare: gaps, delaysMs } = await heard;
      const sipp = await flood;
      await untilSaid(stage, 'new calls are taken again');
      await isTaken(stage);
      const usualMs = delaysMs[delaysMs.length >> 1] ?? Number.NaN;
      const worstMs = delaysMs.at(-1) ?? Number.NaN;
      const told = `${sipp.counter(TAKEN)} taken, ${sipp.counter(REFUSED)} refused; lost ${lostShare}, gaps ${gaps}, delays ${delaysMs.join(' ')} ms`;
      console.log(told);

      assert.is(sipp.failed, 0, sipp.complaints);
      assert.ok(sipp.counter(TAKEN) > 100 && sipp.counter(REFUSED) > 100, told);
      assert.ok(refusedSoFar > 0, `${refusedSoFar}`);
      assert.is(await metricOf(stage, REFUSALS), sipp.counter(REFUSED) + 2);
      assert.ok(lostShare <= MOST_LOST_SHARE, told);
      assert.ok(gaps <= MOST_GAPS_SHARE, told);
      assert.ok(usualMs <= MOST_DELAY_MS.usual && worstMs <= MOST_DELAY_MS.worst, told);
      hasTold(stage, 'busy-media');
    }),
);
interop('refuses calls by 503 when signalling has no time left for more of them', () =>
  withOverloadStage({ mainThreadBusyPercent: 25 }, async (stage) => {
    const flood = floodMenu(stage, { calls: 5000, callsPerSecond: 1000, holdMs: 500 });

    await untilSaid(stage, 'new calls are refused');
    await goesOn(stage);
    const sipp = await flood;
    const told = `${sipp.counter(TAKEN)} taken, ${sipp.counter(REFUSED)} refused`;
    console.log(told);
    await untilSaid(stage, 'new calls are taken again');
    await isTaken(stage);

    assert.is(sipp.failed, 0, sipp.complaints);
    assert.ok(sipp.counter(TAKEN) > 0 && sipp.counter(REFUSED) > 100, told);
    assert.is(await stage.bystander.hangUp(), 200);
    hasTold(stage, 'busy-signalling');
  }),
);

test('refuses calls while the mixer misses ticks', () =>
  withOverloadStage({ lateTicksPercent: 10 }, async (stage) => {
    await stopsAndGoes(stage, { stoppedMs: 400, runningMs: 300 });
    await isRefused(stage);
    await goesOn(stage);

    await untilSaid(stage, 'new calls are taken again');
    await isTaken(stage);

    assert.is(await stage.bystander.hangUp(), 200);
    assert.is(await metricOf(stage, REFUSALS), 1);
    hasTold(stage, 'late-audio');
  }));

test('refuses calls while signalling lags', () =>
  withOverloadStage({ mainThreadLagMs: 250 }, async (stage) => {
    await stopsAndGoes(stage, { stoppedMs: 900, runningMs: 100 });
    await isRefused(stage);
    await goesOn(stage);

    await untilSaid(stage, 'new calls are taken again');
    await isTaken(stage);

    assert.is(await stage.bystander.hangUp(), 200);
    assert.is(await metricOf(stage, REFUSALS), 1);
    hasTold(stage, 'slow-signalling');
  }));

test.run();
