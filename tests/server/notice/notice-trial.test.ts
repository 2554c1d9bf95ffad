import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Notice, SendOutcome } from '../../../server/notice/notice.ts';
import type { Reservation } from '../../../server/reservation/reservation.ts';
import type { Random } from '../../../server/runtime/random.ts';
import { seededRandom } from '../reservation/sample-reservations.ts';
import { NoticeLab, type Handed } from './notice-lab.ts';
import { ORGANISER } from './plan-desk.ts';

// Thousands of bookings, changes and deletions in any order, on ways of sending that refuse, answer late or never, and
// with a process that ends at any moment. What must hold is checked at every message that is handed over and at the end.

const SEEDS = 40;
const ACTIONS = 50;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const STEP_MS = 5 * MINUTE_MS;
const ADDRESSES = ['a', 'b', 'c', 'd'].map((name) => `${name}@example.com`);
const PHONES = ['+48501234561', '+48501234562', '+48501234563'];
const IDS = ['r1', 'r2'];

/** `run`: of which process. */
interface Attempt {
  outcome: SendOutcome['outcome'] | 'open';
  readonly run: unknown;
}

interface Trial {
  readonly lab: NoticeLab;
  readonly random: Random;
  /** By notice: every time it was handed over. */
  readonly attempts: Map<string, Attempt[]>;
  readonly waiting: (() => void)[];
  readonly booked: Set<string>;
  /** Messages that were sent, the latest last. */
  readonly sent: Handed[];
  /** What must not be; the outbox would take an error thrown at it for a defect of its own. */
  readonly violations: string[];
  changes: number;
}

test(`nothing confirmed is lost, no SMS goes twice, nobody is overtaken, the money adds up: ${SEEDS} seeds`, async () => {
  let handed = 0;
  let crashes = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const trial = startTrial(seed);
    for (let action = 0; action < ACTIONS; action += 1) {
      const what = await act(trial);
      if (what === 'crash') crashes += 1;
      checkMoney(trial, seed);
    }
    await quietEnd(trial);
    checkEnd(trial, seed);
    handed += trial.lab.handed.length;
  }
  // Otherwise it would prove nothing.
  assert.ok(handed > 1_500, `${handed} messages`);
  assert.ok(crashes > 100, `${crashes} crashes`);
});

function startTrial(seed: number): Trial {
  const random = seededRandom(seed * 7_919);
  const shortNotice = ['at-start', 'at-booking', 'both'][seed % 3] ?? 'both';
  const notices = { shortNotice, sms: { monthlyLimit: 3 } };
  const now = '2026-03-27T20:00Z';
  const lab = new NoticeLab({ now, notices, seed, organiser: ORGANISER });
  const trial: Trial = {
    lab,
    random,
    attempts: new Map(),
    waiting: [],
    booked: new Set(),
    sent: [],
    violations: [],
    changes: 0,
  };
  lab.answer = (handed) => {
    checkHandedOver(trial, handed);
    return answered(trial, handed);
  };
  return trial;
}

/** An answer now, later, or never. */
function answered(trial: Trial, handed: Handed): Promise<SendOutcome> {
  const outcome = drawOutcome(trial.random);
  const run = trial.lab.notices;
  const attempt: Attempt = { outcome: 'open', run };
  noteAttempt(trial, handed, attempt);
  return new Promise((resolve) => {
    const say = (): void => {
      // Answered to a process that is gone: it may have arrived, and nobody knows.
      if (trial.lab.notices !== run) return;
      attempt.outcome = outcome.outcome;
      if (outcome.outcome === 'sent') trial.sent.push(handed);
      resolve(outcome);
    };
    if (trial.random.integer(3) === 0) trial.waiting.push(say);
    else say();
  });
}

function noteAttempt({ attempts }: Trial, { noticeId }: Handed, attempt: Attempt): void {
  attempts.set(noticeId, [...(attempts.get(noticeId) ?? []), attempt]);
}

function drawOutcome(random: Random): SendOutcome {
  const draw = random.integer(100);
  if (draw < 70) return { outcome: 'sent', providerId: random.hex(8) };
  if (draw < 88) return { outcome: 'retry', reason: 'no-connection' };
  return draw < 94 ? { outcome: 'failed', reason: 'r' } : { outcome: 'unknown', reason: 'timeout' };
}

async function act(trial: Trial): Promise<'crash' | 'other'> {
  const { lab, random, waiting } = trial;
  const reservationId = pick(IDS, random);
  const draw = random.integer(100);
  if (draw < 35) bookOrChange(trial, reservationId);
  else if (draw < 40) deleteOne(trial, reservationId);
  else if (draw < 45) resendOne(trial, reservationId);
  else if (draw < 60) waiting.splice(0, 1 + random.integer(4)).forEach((say) => say());
  else if (draw < 70) {
    lab.crash();
    return 'crash';
  } else if (draw < 75) lab.clock.stepWallclock((random.integer(3) - 1) * 20 * MINUTE_MS);
  else await lab.pass(random.integer(90) * MINUTE_MS, STEP_MS);
  // Sometimes the next thing happens before a turn can.
  if (random.integer(3) > 0) await lab.settle();
  return 'other';
}

function bookOrChange(trial: Trial, reservationId: string): void {
  const { lab, random, booked } = trial;
  trial.changes += 1;
  const startAtMs = (Math.ceil(lab.nowMs / MINUTE_MS) + 10 + random.integer(30 * 60)) * MINUTE_MS;
  const people = {
    emails: ADDRESSES.filter(() => random.integer(2) === 0),
    phones: PHONES.filter(() => random.integer(3) === 0),
    smsMoments: (['at-booking', 'before-start'] as const).filter(() => random.integer(2) === 0),
  };
  const times = { startAtMs, endAtMs: startAtMs + 300 * HOUR_MS };
  const title = `Title-${trial.changes}-`;
  if (!booked.has(reservationId)) {
    const problems = lab.book({ reservationId, title, ...times, ...people });
    if (problems.length === 0) booked.add(reservationId);
    return;
  }
  if (lab.reservation(reservationId).deletedAtMs !== null) return;
  const change: Partial<Reservation> = {
    title,
    ...(random.integer(2) === 0 ? people : {}),
    ...(random.integer(2) === 0 ? times : {}),
  };
  lab.change(change, random.integer(4) === 0 ? 'send' : 'none', reservationId);
}

function deleteOne({ lab, booked }: Trial, reservationId: string): void {
  if (!booked.has(reservationId) || lab.reservation(reservationId).deletedAtMs !== null) return;
  lab.cancel(reservationId);
}

function resendOne({ lab, random }: Trial, reservationId: string): void {
  const notices = lab.store.ofReservation(reservationId);
  if (notices.length === 0) return;
  lab.notices.resend(reservationId, pick(notices, random).noticeId, lab.nowMs);
  lab.notices.wake();
}

/** Everything works again, until all conferences have begun and everything that waits has had its turn. */
async function quietEnd(trial: Trial): Promise<void> {
  const { lab, sent } = trial;
  trial.waiting.splice(0).forEach((say) => say());
  lab.answer = (handed) => {
    checkHandedOver(trial, handed);
    noteAttempt(trial, handed, { outcome: 'sent', run: lab.notices });
    sent.push(handed);
    return { outcome: 'sent', providerId: null };
  };
  lab.crash();
  await lab.pass(72 * HOUR_MS, STEP_MS);
}

function checkHandedOver(trial: Trial, handed: Handed): void {
  const { lab, attempts, booked, violations } = trial;
  const where = `${handed.channel} ${handed.noticeId}`;
  const before = attempts.get(handed.noticeId) ?? [];
  // An e-mail whose outcome a process took with it is sent again; an SMS is not.
  const settled = before.filter(({ outcome, run }) => outcome !== 'retry' && run === lab.notices);
  if (settled.some(({ outcome }) => handed.channel === 'sms' || outcome !== 'unknown')) {
    violations.push(`${where}: handed over again by the same process`);
  }
  if (handed.channel === 'sms' && before.some(({ outcome }) => outcome !== 'retry')) {
    violations.push(`${where}: may have been sent twice`);
  }
  for (const reservationId of booked) {
    const rivals = lab.store
      .ofReservation(reservationId)
      .filter(({ channel, recipient }) => channel === handed.channel && recipient === handed.to);
    const own = rivals.findIndex(({ noticeId }) => noticeId === handed.noticeId);
    if (own < 0) continue;
    const isFirstTry = rivals[own]?.attempts === 1;
    const overtaken = rivals.find(
      ({ state, attempts: tries }, index) =>
        index !== own &&
        (state === 'pending' || state === 'sending') &&
        (tries > 0 || (isFirstTry && index < own)),
    );
    if (overtaken !== undefined) violations.push(`${where}: overtakes ${overtaken.noticeId}`);
  }
}

function checkMoney({ lab, booked }: Trial, seed: number): void {
  const notices = [...booked].flatMap((reservationId) => lab.store.ofReservation(reservationId));
  const costMilli = notices.reduce((sum, notice) => sum + (notice.costMilli ?? 0), 0);
  const paidBack = notices.filter(({ state }) =>
    ['failed', 'cancelled', 'too-late'].includes(state),
  );
  assert.is(lab.ledger.balanceMilli('p1') + costMilli, 0, `seed ${seed}`);
  assert.ok(
    paidBack.every((notice) => (notice.costMilli ?? 0) === 0),
    `seed ${seed}`,
  );
  assert.ok(costMilli <= 3_000, `seed ${seed}: ${costMilli} spent`);
}

function checkEnd(trial: Trial, seed: number): void {
  const { lab, booked } = trial;
  assert.equal(trial.violations, [], `seed ${seed}`);
  checkMoney(trial, seed);
  for (const reservationId of booked) {
    const notices = lab.store.ofReservation(reservationId);
    const open = notices.filter(({ state }) => state === 'pending' || state === 'sending');
    assert.equal(open, [], `seed ${seed}: open`);
    for (const address of ADDRESSES) checkAddress(trial, { reservationId, address, seed }, notices);
  }
}

/** Who is on the list has last been told what is true; who is not, and was told anything, of the cancellation. */
function checkAddress(
  { lab, sent }: Trial,
  about: { readonly reservationId: string; readonly address: string; readonly seed: number },
  notices: readonly Notice[],
): void {
  const { reservationId, address, seed } = about;
  const own = notices.filter(({ recipient }) => recipient === address);
  // A refusal is final: what was refused cannot be expected to have arrived.
  if (own.some(({ state }) => state === 'failed')) return;
  const kinds = new Map(own.map(({ noticeId, kind }) => [noticeId, kind]));
  const last = sent.findLast(({ noticeId }) => kinds.has(noticeId));
  const where = `seed ${seed} ${reservationId} ${address}`;
  const { emails, deletedAtMs, title } = lab.reservation(reservationId);
  if (deletedAtMs === null && emails.includes(address)) {
    const subject = last !== undefined && 'subject' in last.message ? last.message.subject : '';
    assert.ok(subject.includes(title), `${where}: told "${subject}", true is "${title}"`);
  } else if (last !== undefined) {
    assert.is(kinds.get(last.noticeId), 'cancellation', where);
  }
}

function pick<T>(list: readonly T[], random: Random): T {
  const found = list[random.integer(list.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}

test.run();
