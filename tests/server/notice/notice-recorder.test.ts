import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { at } from '../reservation/sample-reservations.ts';
import { NoticeLab } from './notice-lab.ts';
import { ORGANISER } from './plan-desk.ts';

const HOUR_MS = 3_600_000;
const ONE = '+48501234561';
const TWO = '+48501234562';
const PAID = {
  emails: [],
  phones: [ONE, TWO],
  smsMoments: ['at-booking', 'before-start'],
} as const;
const BALANCE = { sms: { billing: 'balance' } };

const topUp = (lab: NoticeLab, amountMilli: number): void =>
  lab.ledger.add({
    entryId: `top-up-${amountMilli}`,
    profileId: 'p1',
    atMs: lab.nowMs,
    amountMilli,
    reason: 'top-up',
    noticeId: null,
    note: '',
  });

test('the cost of every SMS is booked with the booking, one row for each', () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });

  const problems = lab.book(PAID);

  assert.equal(problems, []);
  assert.is(lab.ledger.list('p1', 10).length, 4);
  assert.is(lab.ledger.balanceMilli('p1'), -4 * 160);
  assert.is(lab.notices.costMilli('r1'), 640);
  assert.is(lab.notices.funds('p1', lab.nowMs).availableMilli, 50_000 - 640);
});

for (const [paidInMilli, expected] of [
  [640, 'booked'],
  [639, 'no-funds'],
  [0, 'no-funds'],
] as const) {
  test(`with ${paidInMilli} of a balance, four SMS of 160: ${expected}`, () => {
    const lab = new NoticeLab({ now: '2026-03-01T08:00Z', notices: BALANCE });
    if (paidInMilli > 0) topUp(lab, paidInMilli);

    const [problem] = lab.book(PAID);

    assert.is(problem?.code ?? 'booked', expected);
    assert.is(lab.store.ofReservation('r1').length, expected === 'booked' ? 4 : 0);
    assert.is(lab.ledger.balanceMilli('p1'), expected === 'booked' ? 0 : paidInMilli);
    if (problem !== undefined) {
      const facts = { costMilli: 640, availableMilli: paidInMilli, currency: 'PLN' };
      assert.equal(problem.facts, facts);
    }
  });
}

for (const [limitMilli, expected] of [
  [640, 'booked'],
  [639, 'no-funds'],
] as const) {
  test(`a profile's own monthly limit of ${limitMilli} counts before the configured one: ${expected}`, () => {
    const lab = new NoticeLab({ now: '2026-03-01T08:00Z', limitMilli });

    assert.is(lab.book(PAID)[0]?.code ?? 'booked', expected);
  });
}

test('the monthly limit begins anew with the month in the zone of the rules', () => {
  const lab = new NoticeLab({ now: '2026-03-31T21:59Z', limitMilli: 640 });
  const span = { startAtMs: at('2026-04-02T10:00Z'), endAtMs: at('2026-04-02T11:00Z') };
  lab.book({ ...PAID, ...span });

  const before = lab.notices.funds('p1', at('2026-03-31T21:59:59Z'));
  const after = lab.notices.funds('p1', at('2026-03-31T22:00Z'));

  assert.equal([before.availableMilli, before.spentThisMonthMilli], [0, 640]);
  assert.equal([after.availableMilli, after.spentThisMonthMilli], [640, 0]);
});

test('what is taken back is paid back once, and shows no cost', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.book(PAID);
  await lab.settle();

  lab.cancel();
  lab.cancel();
  await lab.settle();

  assert.is(lab.ledger.balanceMilli('p1'), -320);
  assert.is(lab.notices.costMilli('r1'), 320);
  const costs = lab.store
    .ofReservation('r1')
    .map(({ state, costMilli }) => `${state} ${costMilli}`);
  assert.equal(costs, ['sent 160', 'sent 160', 'cancelled 0', 'cancelled 0']);
});

for (const [outcome, balanceMilli] of [
  ['sent', -160],
  ['failed', 0],
  ['unknown', -160],
  ['too-late', 0],
] as const) {
  test(`an SMS that is ${outcome} leaves a balance of ${balanceMilli}`, async () => {
    const lab = new NoticeLab({ now: '2026-03-02T08:00Z' });
    lab.answer = () =>
      outcome === 'sent'
        ? { outcome, providerId: null }
        : { outcome: outcome === 'too-late' ? 'retry' : outcome, reason: 'r' };

    lab.book({ emails: [], phones: [ONE], smsMoments: ['at-booking'] });
    await lab.pass(3 * HOUR_MS);

    assert.is(lab.stateOf('invitation'), outcome);
    assert.is(lab.ledger.balanceMilli('p1'), balanceMilli);
  });
}

test('money that a change gives back pays for what it brings', () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z', limitMilli: 320 });
  const once = { emails: [], phones: [ONE, TWO], smsMoments: ['before-start'] } as const;
  assert.equal(lab.book(once), []);

  const swapped = lab.change({ phones: ['+48501234563', '+48501234564'] });
  const more = lab.change({ phones: ['+48501234563', '+48501234564', ONE] });

  assert.equal(swapped, []);
  assert.is(more[0]?.code, 'no-funds');
  assert.is(lab.ledger.balanceMilli('p1'), -320);
});

test('a country without a price is refused by name, and nothing is written', () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });

  const problems = lab.book({ ...PAID, phones: [ONE, '+4915112345678', '+12025550123'] });

  assert.equal(problems, [
    { code: 'no-price', field: 'phones', facts: { given: '+4915112345678', prefix: '+49' } },
    { code: 'no-price', field: 'phones', facts: { given: '+12025550123', prefix: '+1' } },
  ]);
  assert.equal(lab.store.ofReservation('r1'), []);
});

test('phones without a tick cost nothing and are refused for nothing', () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z', notices: { sms: { provider: 'none' } } });

  assert.equal(lab.book({ phones: ['+4915112345678'], smsMoments: [] }), []);
});

test('where no SMS is offered, a tick is refused', () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z', notices: { sms: { provider: 'none' } } });

  assert.equal(lab.book(PAID), [{ code: 'sms-not-offered', field: 'sms', facts: {} }]);
});

test('an SMS that waits and would be longer after a change is booked anew', () => {
  const lab = new NoticeLab({
    now: '2026-03-01T08:00Z',
    notices: { sms: { letters: 'as-written' } },
  });
  const moments = ['before-start'] as const;
  lab.book({ emails: [], phones: [ONE], smsMoments: moments, language: 'en' });
  const before = lab.store.ofReservation('r1').map(({ segments }) => segments);

  lab.change({ language: 'pl' });

  const after = lab.store.ofReservation('r1').map(({ state, segments }) => [state, segments]);
  assert.equal(before, [1]);
  assert.equal(after, [
    ['cancelled', 1],
    ['pending', 2],
  ]);
  assert.is(lab.ledger.balanceMilli('p1'), -320);
});

test('a quote says what a booking would cost and be refused for', () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z', limitMilli: 600 });
  const request = {
    profileId: 'p1',
    startAtMs: at('2026-03-02T10:00Z'),
    zone: 'Europe/Warsaw',
    language: 'pl',
    phones: [ONE, TWO],
    smsMoments: ['at-booking', 'before-start'],
    standing: null,
    smsAgain: 'none',
  } as const;

  const quote = lab.notices.quote(request, lab.nowMs);
  const near = { ...request, startAtMs: lab.nowMs + HOUR_MS };

  assert.equal([quote.segments, quote.recipients, quote.costMilli], [1, 2, 640]);
  assert.equal([quote.availableMilli, quote.currency], [600, 'PLN']);
  assert.is(quote.beforeStartUnavailable, null);
  assert.is(quote.problems[0]?.code, 'no-funds');
  assert.ok(quote.text.includes('xxxxx'), quote.text);
  assert.is(lab.notices.quote(near, lab.nowMs).beforeStartUnavailable, 'start-too-near');
  assert.is(lab.notices.quote(near, lab.nowMs).costMilli, 320);
  assert.is(lab.notices.quote({ ...request, startAtMs: null }, lab.nowMs).costMilli, 640);
  assert.is(lab.store.ofReservation('').length, 0);
});

test('the quote of a change says what the change would cost', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.book(PAID);
  await lab.settle();
  const standing = lab.reservation();
  const { startAtMs, zone, language, smsMoments } = standing;
  const request = { profileId: 'p1', startAtMs, zone, language, smsMoments, standing } as const;

  const same = lab.notices.quote({ ...request, phones: [ONE, TWO], smsAgain: 'none' }, lab.nowMs);
  const again = lab.notices.quote({ ...request, phones: [ONE, TWO], smsAgain: 'send' }, lab.nowMs);
  const fewer = lab.notices.quote({ ...request, phones: [ONE], smsAgain: 'none' }, lab.nowMs);

  assert.equal([same.costMilli, again.costMilli, fewer.costMilli], [0, 320, -160]);
  assert.ok(again.text.includes(standing.number) && again.text.includes(standing.pin));
});

test('tells at what moments the e-mails of a booking would go out', () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  const start = at('2026-03-02T10:00Z');

  assert.equal(lab.notices.emailsAtMs(start, lab.nowMs), [lab.nowMs, start - HOUR_MS]);
  assert.equal(lab.notices.emailsAtMs(start, start - 6 * HOUR_MS), [start]);
});

for (const [state, may] of [
  ['pending', 'may-not'],
  ['sending', 'may-not'],
  ['sent', 'may'],
  ['delivered', 'may-not'],
  ['failed', 'may'],
  ['unknown', 'may'],
  ['cancelled', 'may-not'],
  ['too-late', 'may'],
] as const) {
  test(`an invitation that is ${state} ${may} be sent again`, async () => {
    const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
    lab.book();
    await lab.settle();
    const notice = { ...lab.notice('invitation'), state };
    lab.store.update(notice);

    assert.is(lab.notices.mayResend(notice, lab.nowMs), may);
    const outcome = lab.notices.resend('r1', notice.noticeId, lab.nowMs);
    assert.is(outcome.outcome, may === 'may' ? 'queued' : 'refused');
  });
}

test('sent again is another message: a new row with an id of its own, and of an SMS a new cost', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z', limitMilli: 320 });
  lab.book({ phones: [ONE], smsMoments: ['at-booking'] });
  await lab.settle();
  const sms = lab.store.ofReservation('r1').find(({ channel }) => channel === 'sms');
  const email = lab.store.ofReservation('r1').find(({ channel }) => channel === 'email');

  const outcomes = [email, sms, sms].map((notice) =>
    lab.notices.resend('r1', notice?.noticeId ?? '', lab.nowMs),
  );
  lab.notices.wake();
  await lab.pass(5 * 60_000);
  const third = lab.notices.resend('r1', sms?.noticeId ?? '', lab.nowMs);

  assert.equal(
    outcomes.map((outcome) => (outcome.outcome === 'refused' ? outcome.code : 'queued')),
    ['queued', 'queued', 'not-resendable'],
  );
  assert.equal(third, { outcome: 'refused', code: 'no-funds' });
  assert.is(lab.handed.length, 4);
  assert.is(new Set(lab.handed.map(({ noticeId }) => noticeId)).size, 4);
  assert.is(lab.ledger.balanceMilli('p1'), -320);
});

test('one message to one recipient is sent again once in 5 minutes, unless it failed', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.book({ emails: ['anna@example.com', 'bert@example.com'] });
  await lab.settle();
  const again = async (to: string): Promise<string> => {
    const notice = lab.store
      .ofReservation('r1')
      .findLast(({ recipient, kind }) => recipient === to && kind === 'invitation');
    const outcome = lab.notices.resend('r1', notice?.noticeId ?? '', lab.nowMs);
    lab.notices.wake();
    await lab.settle();
    return outcome.outcome === 'refused' ? outcome.code : 'queued';
  };

  const first = [await again('anna@example.com'), await again('anna@example.com')];
  lab.answer = () => ({ outcome: 'failed', reason: 'smtp-550' });
  const failed = [await again('bert@example.com'), await again('bert@example.com')];
  await lab.pass(5 * 60_000 - 1_000);
  const early = await again('anna@example.com');
  await lab.pass(1_000);

  assert.equal(first, ['queued', 'too-often']);
  assert.equal(failed, ['queued', 'queued']);
  assert.is(early, 'too-often');
  assert.is(await again('anna@example.com'), 'queued');
});

test('the organiser’s mail is not sent again to an address that is theirs no more', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z', organiser: ORGANISER });
  lab.book();
  await lab.settle();
  const booked = lab.notice('organiser-booked');
  lab.store.update({ ...booked, recipient: 'olga.before@example.com' });

  const outcome = lab.notices.resend('r1', booked.noticeId, lab.nowMs);

  assert.equal(outcome, { outcome: 'refused', code: 'not-resendable' });
});

test('sends again neither what is over, deleted, another reservation’s nor to who was removed', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z', organiser: ORGANISER });
  lab.book({ emails: ['anna@example.com', 'bert@example.com'] });
  lab.book({ reservationId: 'r2' });
  await lab.settle();
  const [anna, bert] = lab.store.ofReservation('r1').filter(({ kind }) => kind === 'invitation');
  lab.change({ emails: ['anna@example.com'] });
  await lab.settle();
  const code = (reservationId: string, noticeId = '', nowMs = lab.nowMs): string => {
    const outcome = lab.notices.resend(reservationId, noticeId, nowMs);
    return outcome.outcome === 'refused' ? outcome.code : 'queued';
  };

  assert.is(code('r2', anna?.noticeId), 'not-found');
  assert.is(code('r1', 'no such notice'), 'not-found');
  assert.is(code('r1', bert?.noticeId), 'not-resendable');
  assert.is(code('r1', anna?.noticeId, at('2026-03-02T12:00Z')), 'too-late');
  assert.is(code('r1', lab.notice('cancellation').noticeId), 'queued');
  lab.cancel();
  assert.is(code('r1', anna?.noticeId), 'not-resendable');
});

test('the organiser is told of guessing at most once an hour for a reservation', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z', organiser: ORGANISER });
  lab.book();
  const count = (): number =>
    lab.store.ofReservation('r1').filter(({ kind }) => kind === 'organiser-guessing').length;

  lab.notices.reportGuessing('r1', lab.nowMs);
  lab.notices.reportGuessing('r1', lab.nowMs + HOUR_MS - 1);
  const within = count();
  lab.notices.reportGuessing('r1', lab.nowMs + HOUR_MS);
  lab.notices.reportGuessing('nobody', lab.nowMs);
  await lab.settle();

  assert.equal([within, count()], [1, 2]);
  assert.ok(lab.handed.some(({ to }) => to === ORGANISER.email));
});

test('health counts notices and shows what failed', async () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.answer = () => ({ outcome: 'failed', reason: 'smtp-550' });
  lab.book();
  await lab.settle();

  const { counts, latestFailed, email } = lab.notices.health();

  assert.equal([counts.failed, counts.pending], [1, 1]);
  assert.equal(
    latestFailed.map(({ reason }) => reason),
    ['smtp-550'],
  );
  assert.is(email.state, 'good');
});

test('gives texts, a tel: line and a calendar entry to take away, none with the ADMIN PIN', () => {
  const lab = new NoticeLab({ now: '2026-03-01T08:00Z' });
  lab.book();
  const reservation = lab.reservation();

  const { pl, en, telUri } = lab.notices.invitation(reservation);
  const calendar = lab.notices.calendar(reservation, 'en', {
    role: 'participant',
    person: null,
  });

  assert.ok(pl.text.includes('70214') && en.text.includes('70214'));
  assert.match(telUri, /^tel:\+48223500908/u);
  assert.match(calendar, /METHOD:PUBLISH/u);
  for (const text of [pl.text, en.text, telUri, calendar]) {
    assert.not.ok(text.includes('5520931'));
  }
});

test.run();
