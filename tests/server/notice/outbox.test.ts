import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SendOutcome } from '../../../server/notice/notice.ts';
import { at } from '../reservation/sample-reservations.ts';
import { Held } from './held.ts';
import { NoticeLab, type Handed } from './notice-lab.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ANNA = 'anna@example.com';
const BERT = 'bert@example.com';
const PHONE = '+48501234567';
const SENT: SendOutcome = { outcome: 'sent', providerId: 'p-1' };
const RETRY: SendOutcome = { outcome: 'retry', reason: 'no-connection' };

const subjectOf = ({ message }: Handed): string => ('subject' in message ? message.subject : '');

test('hands an invitation over at once and the reminder an hour before the start, each once', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });

  lab.book();
  await lab.pass(27 * HOUR_MS);

  assert.equal(lab.handedOver, [`08:00:00 email ${ANNA}`, `09:00:00 email ${ANNA}`]);
  assert.is(lab.stateOf('invitation'), 'sent');
  assert.is(lab.stateOf('reminder'), 'sent');
});

test('is marked sending before it is handed over', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  let seen: string | undefined;
  lab.answer = () => {
    seen = lab.stateOf('invitation');
    return SENT;
  };

  lab.book();
  await lab.settle();

  assert.is(seen, 'sending');
  assert.is(lab.notice('invitation').attempts, 1);
});

test('is tried again after 1, 2, 4, 8, 15, 30, 60, 60 minutes and up to a fifth more', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.answer = () => RETRY;

  lab.book();
  await lab.pass(3 * HOUR_MS + 55 * MINUTE_MS);

  const gaps = lab.handed
    .slice(1)
    .map(({ atMs }, index) => (atMs - (lab.handed[index]?.atMs ?? 0)) / MINUTE_MS);
  const expected = [1, 2, 4, 8, 15, 30, 60, 60];
  assert.is(gaps.length, expected.length);
  for (const [index, minutes] of expected.entries()) {
    const gap = gaps[index] ?? 0;
    assert.ok(gap >= minutes && gap <= minutes * 1.2 + 0.6, `gap ${index}: ${gap}`);
  }
  assert.is(new Set(lab.handed.map(({ noticeId }) => noticeId)).size, 1);
  assert.is(lab.notice('invitation').reason, 'no-connection');
});

test('is marked too late, with its last reason, once it is of no use; a last try is made before', async () => {
  const lab = new NoticeLab({ now: '2026-03-02T09:30Z', notices: { shortNotice: 'at-booking' } });
  lab.answer = () => RETRY;

  lab.book();
  for (let hour = 0; hour < 3; hour += 1) await lab.pass(HOUR_MS);

  const last = lab.handed.at(-1);
  assert.is(lab.stateOf('invitation'), 'too-late');
  assert.is(lab.notice('invitation').reason, 'no-connection');
  assert.ok((last?.atMs ?? 0) >= at('2026-03-02T11:59:40Z'), lab.handedOver.at(-1));
  assert.ok((last?.atMs ?? 0) < at('2026-03-02T12:00:00Z'), lab.handedOver.at(-1));
});

test('a refusal is final', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.answer = () => ({ outcome: 'failed', reason: 'smtp-550' });

  lab.book();
  await lab.pass(HOUR_MS);

  assert.is(lab.handed.length, 1);
  assert.is(lab.stateOf('invitation'), 'failed');
  assert.is(lab.notice('invitation').reason, 'smtp-550');
});

test('an update does not overtake the invitation that is in back-off or under way', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  const held = new Held();
  lab.answer = held.answer;
  lab.book();
  await lab.settle();

  lab.change({ title: 'North' });
  await lab.pass(2 * MINUTE_MS);
  const whileUnderWay = lab.handed.length;
  held.release(RETRY);
  await lab.pass(30_000);
  const whileInBackOff = lab.handed.length;
  await lab.pass(MINUTE_MS);
  held.release();
  await lab.settle();
  held.release();
  await lab.settle();

  assert.is(whileUnderWay, 1);
  assert.is(whileInBackOff, 1);
  assert.is(lab.handed.length, 3);
  assert.is(lab.handed[0]?.noticeId, lab.handed[1]?.noticeId);
  assert.is(lab.stateOf('update'), 'sent');
});

test('one recipient in back-off holds nobody else up', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.answer = ({ to }) => (to === ANNA ? RETRY : SENT);

  lab.book({ emails: [ANNA, BERT] });
  await lab.pass(10_000);

  assert.equal(lab.handedOver, [`08:00:00 email ${ANNA}`, `08:00:00 email ${BERT}`]);
});

test('is made of what is true when it is sent', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.answer = () => RETRY;
  lab.book();
  await lab.settle();

  lab.answer = () => SENT;
  lab.change({ title: 'Northern sales', language: 'en' });
  await lab.pass(2 * MINUTE_MS);

  assert.is(lab.handed.length, 2);
  assert.ok(subjectOf(lab.handed[1] ?? raise()).includes('Northern sales'));
  assert.is(lab.stateOf('update'), undefined);
});

test('what is about a deleted reservation is not sent, even where nobody took it back', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.book();
  await lab.settle();
  const [reminder] = lab.store.ofReservation('r1').filter(({ kind }) => kind === 'reminder');
  lab.cancel();
  await lab.settle();
  lab.store.update({ ...(reminder ?? raise()), state: 'pending' });

  await lab.pass(26 * HOUR_MS);

  assert.is(lab.handed.length, 2);
  assert.is(lab.stateOf('cancellation'), 'sent');
  assert.is(lab.stateOf('reminder'), 'cancelled');
});

test('what has lost its reservation is cancelled', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.book();
  await lab.settle();
  lab.purgeReservation('r1');

  await lab.pass(26 * HOUR_MS);

  const [, reminder] = lab.store.ofReservation('r1');
  assert.is(lab.handed.length, 1);
  assert.is(reminder?.state, 'cancelled');
  assert.is(reminder?.reason, 'no-content');
});

test('e-mails go over so many connections at once, SMS one after another, neither waits for the other', async () => {
  const lab = new NoticeLab({
    now: '2026-03-01T08:00Z',
    notices: { email: { smtp: { connections: 2 } } },
  });
  const emails = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@example.com`);
  const phones = ['+48501234561', '+48501234562', '+48501234563'];
  const held = { email: new Held(), sms: new Held() };
  lab.answer = ({ channel }) => held[channel].answer();
  lab.book({ emails, phones, smsMoments: ['at-booking'] });
  await lab.pass(MINUTE_MS);

  const atOnce = [held.email.count, held.sms.count];
  for (let round = 0; round < 5; round += 1) {
    held.email.release();
    held.sms.release();
    await lab.settle();
    assert.ok(held.email.count <= 2 && held.sms.count <= 1);
  }

  assert.equal(atOnce, [2, 1]);
  assert.is(new Set(lab.handed.map(({ to }) => to)).size, 8);
  assert.is(lab.handed.length, 8);
});

test('no more e-mails go out in any minute than are allowed', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z', notices: { email: { perMinute: 5 } } });
  const emails = Array.from({ length: 12 }, (_, index) => `a${index}@example.com`);

  lab.book({ emails });
  await lab.pass(50_000);
  const first = lab.handed.length;
  await lab.pass(MINUTE_MS);
  const second = lab.handed.length;
  await lab.pass(MINUTE_MS);

  assert.equal([first, second, lab.handed.length], [5, 10, 12]);
});

test('being woken again and again sends nothing twice', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  const held = new Held();
  lab.answer = held.answer;
  lab.book();

  for (let round = 0; round < 20; round += 1) {
    lab.notices.wake();
    lab.notices.wake();
    await lab.settle();
  }
  held.release();
  await lab.settle();

  assert.is(lab.handed.length, 1);
});

test('an SMS is one segment with everything in it, from the sender of the settings', async () => {
  const lab = new NoticeLab({
    now: '2026-03-01T08:00Z',
    notices: { sms: { sender: 'HaloNet' } },
  });
  lab.book({ emails: [], phones: [PHONE], smsMoments: ['at-booking'] });
  await lab.settle();

  const message = lab.handed[0]?.message ?? raise();
  const text = 'from' in message ? message.text : '';
  assert.is('from' in message ? message.from : '', 'HaloNet');
  for (const part of ['02.03', '11:00', '40213', '70214', '223500908'])
    assert.ok(text.includes(part));
  assert.ok(text.length <= 160);
  assert.not.ok(text.includes('5520931'));
});

test('the mail of an account carries its link, which is forgotten once it was sent', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  const link = 'https://konfa.example.org/confirm/secret-of-the-link';
  lab.notices.sendAccountMail(
    {
      kind: 'confirm-address',
      accountId: 'p1',
      to: ANNA,
      name: 'Anna',
      language: 'en',
      link,
      uselessAtMs: lab.nowMs + HOUR_MS,
    },
    lab.nowMs,
  );
  lab.notices.wake();
  await lab.settle();

  const message = lab.handed[0]?.message ?? raise();
  assert.ok('text' in message && message.text.includes(link));
  const [notice] = lab.store.inState('sent', 10);
  assert.is(notice?.payload, null);
  assert.not.ok(lab.logged.join().includes('secret-of-the-link'));
});

test('no recipient, text, PIN or link reaches the log', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  let turn = 0;
  const outcomes: readonly SendOutcome[] = [
    SENT,
    RETRY,
    { outcome: 'failed', reason: 'smtp-550' },
    { outcome: 'unknown', reason: 'timeout' },
  ];
  lab.answer = () => outcomes[(turn += 1) % 4] ?? SENT;
  lab.book({ emails: [ANNA, BERT], phones: [PHONE], smsMoments: ['at-booking', 'before-start'] });
  await lab.pass(27 * HOUR_MS);
  lab.cancel();
  await lab.pass(HOUR_MS);

  const log = lab.logged.join('\n');
  assert.ok(lab.logged.length > 5);
  for (const secret of [ANNA, BERT, PHONE, '501234567', '70214', '5520931', 'token-of-r1']) {
    assert.not.ok(log.includes(secret), secret);
  }
  assert.ok(log.includes('a***@example.com'));
});

test('a defect in handing over is logged, and the outbox goes on', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.answer = ({ to }) => {
    if (to !== BERT) throw new TypeError('undefined is not a function');
    return SENT;
  };
  lab.book({ emails: [ANNA, BERT], phones: [PHONE], smsMoments: ['at-booking'] });
  await lab.settle();

  const states = lab.store.ofReservation('r1').map(({ channel, state }) => `${channel} ${state}`);
  assert.equal(states.slice(0, 3), ['email pending', 'email sent', 'sms unknown']);
});

test('observers hear of every state, in the transaction that brings it', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.book({ emails: [], phones: [PHONE], smsMoments: ['at-booking'] });
  await lab.settle();

  assert.equal(
    lab.states.map(({ state }) => state),
    ['pending', 'sending', 'sent'],
  );
});

function raise(): never {
  throw new Error('not there');
}

test.run();
