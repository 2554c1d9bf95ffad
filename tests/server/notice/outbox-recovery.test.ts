import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SendOutcome } from '../../../server/notice/notice.ts';
import { Held } from './held.ts';
import { NoticeLab } from './notice-lab.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ANNA = 'anna@example.com';
const BERT = 'bert@example.com';
const PHONE = '+48501234567';
const SENT: SendOutcome = { outcome: 'sent', providerId: 'p-1' };

test('what expired while the server was off is marked, not sent', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.book();
  await lab.settle();
  await lab.notices.stop();

  await lab.pass(25 * HOUR_MS + 6 * MINUTE_MS);
  await lab.pass(HOUR_MS);
  lab.crash();
  await lab.settle();

  assert.is(lab.handed.length, 1);
  assert.is(lab.stateOf('reminder'), 'too-late');
});

test('an e-mail that was under way at a crash is sent again under the same Message-ID', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.answer = () => new Promise(() => undefined);
  lab.book();
  await lab.settle();
  assert.is(lab.stateOf('invitation'), 'sending');

  lab.answer = () => SENT;
  lab.crash();
  await lab.settle();

  assert.is(lab.handed.length, 2);
  const ids = lab.handed.map(({ message }) => ('messageId' in message ? message.messageId : ''));
  assert.is(ids[0], ids[1]);
  assert.match(ids[0] ?? '', /^<[0-9a-f]{32}@konfa\.example\.org>$/u);
  assert.is(lab.stateOf('invitation'), 'sent');
});

test('an SMS that was under way at a crash is unknown, and never sent again; its cost stays', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.answer = () => new Promise(() => undefined);
  lab.book({ emails: [], phones: [PHONE], smsMoments: ['at-booking'] });
  await lab.settle();

  lab.answer = () => SENT;
  lab.crash();
  await lab.pass(HOUR_MS);

  assert.is(lab.handed.length, 1);
  assert.is(lab.stateOf('invitation'), 'unknown');
  assert.is(lab.ledger.balanceMilli('p1'), -160);
});

test('an SMS whose outcome nobody can tell is not sent again', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.answer = () => ({ outcome: 'unknown', reason: 'timeout' });

  lab.book({ emails: [], phones: [PHONE], smsMoments: ['at-booking'] });
  await lab.pass(HOUR_MS);

  assert.is(lab.handed.length, 1);
  assert.is(lab.stateOf('invitation'), 'unknown');
});

for (const [what, stepMs, expected] of [
  ['set forward by 2 hours', 2 * HOUR_MS, '09:00'],
  ['set back by 2 hours', -2 * HOUR_MS, '09:00'],
  ['set forward by 3 seconds', 3_000, '09:00'],
] as const) {
  test(`a clock that is ${what} makes a reminder neither early nor late nor double`, async () => {
    const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
    lab.book();
    await lab.pass(20 * HOUR_MS);

    lab.clock.stepWallclock(stepMs);
    await lab.pass(12 * HOUR_MS);

    const reminders = lab.handed.slice(1);
    assert.is(reminders.length, 1);
    assert.is(new Date(reminders[0]?.atMs ?? 0).toISOString().slice(11, 16), expected);
  });
}

test('a clock that jumps past the reminder sends it within half a minute', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.book();
  await lab.pass(20 * HOUR_MS);

  lab.clock.stepWallclock(5 * HOUR_MS + MINUTE_MS);
  await lab.pass(31_000);
  lab.clock.stepWallclock(-2 * HOUR_MS);
  await lab.pass(4 * HOUR_MS);

  assert.equal(lab.handedOver.slice(1), [`09:01:30 email ${ANNA}`]);
});

test('what was erased while it was under way leaves nothing behind, and nobody is held up', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  const held = new Held();
  lab.answer = held.answer;
  lab.book();
  await lab.settle();
  lab.connection.prepare('DELETE FROM notice').run();

  held.release();
  await lab.settle();
  lab.book({ reservationId: 'r2' });
  await lab.settle();

  assert.equal(lab.store.ofReservation('r1'), []);
  assert.is(held.count, 1);
  assert.not.ok(
    lab.logged.some((line) => /defect|cannot|again/u.test(line)),
    lab.logged.join(),
  );
});

test('what another process has booked is noticed within half a minute', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  await lab.settle();
  const { notices } = lab;
  lab.notices = { ...notices, wake: () => undefined };

  lab.book();
  await lab.settle();
  const before = lab.handed.length;
  await lab.pass(30_000);

  assert.is(before, 0);
  assert.is(lab.handed.length, 1);
});

test('a full disk loses no outcome: it is noted as soon as it can be, and nothing is sent twice', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  const held = new Held();
  lab.answer = held.answer;
  lab.book({ emails: [ANNA, BERT] });
  await lab.settle();
  lab.isDiskFull = true;
  held.release();
  held.release();
  await lab.pass(10_000);
  const noted = lab.stateOf('invitation');

  lab.isDiskFull = false;
  await lab.pass(2_000);

  assert.is(noted, 'sending');
  assert.is(lab.handed.length, 2);
  assert.equal(
    lab.store.ofReservation('r1').map(({ state }) => state),
    ['sent', 'sent', 'pending', 'pending'],
  );
});

test('receipts make an SMS delivered, or failed and paid back; also before its own id was noted', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  const phones = ['+48501234561', '+48501234562', '+48501234563'];
  lab.answer = ({ to }) => ({ outcome: 'sent', providerId: to });
  lab.receipt({ providerId: '+48501234563', state: 'delivered', reason: null });
  lab.book({ emails: [], phones, smsMoments: ['at-booking'] });
  await lab.settle();

  lab.receipt({ providerId: '+48501234561', state: 'delivered', reason: null });
  lab.receipt({ providerId: '+48501234562', state: 'failed', reason: 'absent' });
  lab.receipt({ providerId: '+48501234562', state: 'delivered', reason: null });
  lab.receipt({ providerId: 'somebody else', state: 'failed', reason: null });
  await lab.pass(10_000);

  const states = lab.store.ofReservation('r1').map(({ state, reason }) => [state, reason]);
  assert.equal(states, [
    ['delivered', null],
    ['failed', 'absent'],
    ['delivered', null],
  ]);
  assert.is(lab.ledger.balanceMilli('p1'), -320);
});

test('an end waits for what is under way, in at most 3 s, and begins nothing', async () => {
  const lab = new NoticeLab({
    now: '2026-03-01T08:00Z',
    notices: { email: { smtp: { connections: 2 } } },
  });
  const held = new Held();
  lab.answer = held.answer;
  lab.book({ emails: [ANNA, BERT, 'carl@example.com'] });
  await lab.settle();
  let isEnded = false;
  const ended = lab.notices.stop().then(() => (isEnded = true));

  held.release();
  await lab.pass(2_900);
  const early = isEnded;
  await lab.pass(200);
  await ended;
  held.release();
  await lab.pass(MINUTE_MS);

  assert.is(early, false);
  assert.is(lab.handed.length, 2);
  const states = lab.store.ofReservation('r1').map(({ state }) => state);
  assert.equal(states.slice(0, 3), ['sent', 'sending', 'pending']);
});

test('an end with nothing under way is at once', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  await lab.settle();

  await lab.notices.stop();

  assert.is(lab.clock.monotonicMs(), 10_000);
});

test.run();
