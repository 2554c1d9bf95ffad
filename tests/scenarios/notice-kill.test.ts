// run: alone, limit: 420 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileKonfa } from '../support/compiled-konfa.ts';
import { runWithKills } from './notice-kill-run.ts';
import type { AuditedBooking, KillReport } from './notice-kill-run.ts';

// Two servers book and send at the same time, each with a mail server and an SMS gateway of its own that have good and
// bad moments. Together they are killed 50 times with SIGKILL, at moments that the seeds choose.

const SEEDS = [11, 23];
const KILLS_OF_ONE = 25;

const test = suite('kill -9 while booking and sending');
let reports: readonly KillReport[] = [];

test.before(async () => {
  const beganAtMs = Date.now();
  const konfa = await compileKonfa();
  try {
    const runs = SEEDS.map((seed) =>
      runWithKills({ seed, kills: KILLS_OF_ONE, program: konfa.program }),
    );
    reports = await Promise.all(runs);
  } catch (error) {
    // The runner says of a failure here no more than that there was one.
    console.error(error);
    throw error;
  } finally {
    await konfa.remove();
  }
  for (const report of reports) console.log(summary(report));
  console.log(`${Math.round((Date.now() - beganAtMs) / 1000)} s`);
});

/** What is found wrong in any of the runs, with its seed. */
function findings(look: (report: KillReport) => readonly string[]): readonly string[] {
  return reports.flatMap((report) => look(report).map((line) => `seed ${report.seed}: ${line}`));
}

test('the servers are killed 50 times in the middle of their work', () => {
  const sum = (count: (report: KillReport) => number): number =>
    reports.reduce((total, report) => total + count(report), 0);

  assert.is(
    sum(({ kills }) => kills),
    50,
  );
  assert.ok(sum(({ bookings }) => bookings.length) >= 100);
  // Otherwise the kills missed what they are aimed at.
  assert.ok(sum(({ lost }) => lost) >= 10, 'answers lost');
  assert.ok(sum((report) => repeatedMails(report)) >= 10, 'e-mails repeated');
  assert.ok(sum((report) => interruptedSms(report)) >= 3, 'SMS interrupted');
});

test('answers every key as promised and nothing else', () => {
  assert.equal(
    findings(({ faults }) => faults),
    [],
  );
});

test('keeps every confirmed booking, with its number and PINs, once for each key', () => {
  const wrong = findings(({ bookings, tables, refusedKeys }) => {
    const held = tables.titles.map((title) => title.split(' ')[1] ?? '').toSorted();
    const promised = bookings.map(({ key }) => key).toSorted();
    return [
      ...(held.join() === promised.join() ? [] : [`holds ${held.length} of ${promised.length}`]),
      ...refusedKeys.filter((key) => held.includes(key)).map((key) => `${key} was refused`),
      ...bookings
        .filter((booking) => !isKept(booking))
        .map(({ key }) => `${key} is not as promised`),
    ];
  });

  assert.equal(wrong, []);
});

test('brings every address of a standing booking its invitation', () => {
  const missing = findings(({ bookings, mails, endedAtMs }) => {
    const arrived = new Set(mails.map(({ id }) => id));
    return bookings
      .filter(({ fate }) => fate === 'stands')
      .flatMap((booking) =>
        booking.emails
          .filter((address) => !isTold(booking, address, { arrived, endedAtMs }))
          .map((address) => `${booking.start} ${address}`),
      );
  });

  assert.equal(missing, []);
});

test('keeps the reminder of every address that was invited early', () => {
  const missing = findings(({ bookings }) =>
    bookings
      .filter(({ fate, start }) => fate === 'stands' && start === 'far')
      .flatMap(({ emails, notices }) =>
        emails.filter((address) => {
          const reminders = notices.filter(
            ({ kind, recipient, state }) =>
              kind === 'reminder' && recipient === address && state === 'pending',
          );
          return reminders.length !== 1;
        }),
      ),
  );

  assert.equal(missing, []);
});

test('repeats an e-mail under its Message-ID alone, and to its recipient alone', () => {
  const wrong = findings(({ mails, tables }) => {
    const notices = new Map(tables.notices.map((notice) => [notice.noticeId, notice]));
    const ids = new Map<string, Set<string>>();
    const strange = mails.filter(({ id, to }) => {
      const notice = notices.get(id);
      if (notice === undefined) return true;
      const what = `${notice.reservationId} ${notice.kind} ${notice.recipient}`;
      ids.set(what, (ids.get(what) ?? new Set()).add(id));
      return to.join() !== notice.recipient;
    });
    const doubled = [...ids].filter(([, different]) => different.size > 1);
    return [
      ...strange.map(({ id, to }) => `nobody was to send ${id} to ${to.join()}`),
      ...doubled.map(([what]) => `more than one Message-ID: ${what}`),
    ];
  });

  assert.equal(wrong, []);
});

test('sends no SMS twice', () => {
  const wrong = findings(({ sms }) => {
    const sent = sms.filter(({ fate }) => fate === 'sent');
    return [
      ...repeated(sent.map(({ id }) => id)).map((id) => `notice ${id} went out again`),
      ...repeated(sent.map(({ to }) => to)).map((to) => `${to} got more than one`),
      // Once it has gone out there is nothing more to ask the gateway.
      ...sms
        .filter((request, index) => sms.slice(0, index).some((earlier) => isSame(earlier, request)))
        .map(({ id }) => `notice ${id} was handed over after it had been sent`),
    ];
  });

  assert.equal(wrong, []);
});

test('says of every SMS what became of it', () => {
  const wrong = findings(({ bookings, sms, tables }) => {
    const sent = new Set(sms.filter(({ fate }) => fate === 'sent').map(({ id }) => id));
    const states = {
      sent: ['sent', 'unknown'],
      'not-sent': ['unknown', 'failed', 'cancelled', 'too-late'],
    };
    const soon = new Set(
      bookings.filter(({ start }) => start === 'soon').map(({ booked }) => booked.reservationId),
    );
    const messages = tables.notices.filter(({ channel }) => channel === 'sms');
    return [
      ...messages
        .filter(
          ({ noticeId, state }) =>
            !states[sent.has(noticeId) ? 'sent' : 'not-sent'].includes(state),
        )
        .map(({ noticeId, state }) => `${noticeId} is ${state}, sent: ${sent.has(noticeId)}`),
      // Put off by the gateway beyond the start, which only those can be that start within the run.
      ...messages
        .filter(({ state }) => state === 'too-late')
        .filter(({ reservationId }) => reservationId === null || !soon.has(reservationId))
        .map(({ noticeId }) => `${noticeId} is too late`),
      ...bookings.flatMap(({ booked, notices }) =>
        booked.phones.filter((phone) => !notices.some(({ recipient }) => recipient === phone)),
      ),
    ];
  });

  assert.equal(wrong, []);
});

test('leaves no notice half done', () => {
  assert.equal(
    findings(({ tables }) =>
      tables.notices
        .filter(({ state }) => state === 'sending')
        .map(({ noticeId }) => `${noticeId} is being sent for ever`),
    ),
    [],
  );
});

test('books the cost of every SMS once, and refunds what was not sent', () => {
  const wrong = findings(({ bookings, tables }) => [
    ...tables.notices
      .filter(({ channel }) => channel === 'sms')
      .filter(({ noticeId, state, costMilli }) => {
        const rows = tables.ledger.filter((row) => row.noticeId === noticeId);
        const reasons = rows.map(({ reason }) => reason).join();
        const balanceMilli = rows.reduce((sum, { amountMilli }) => sum + amountMilli, 0);
        const isFree = ['failed', 'cancelled', 'too-late'].includes(state);
        return (
          reasons !== (isFree ? 'sms,refund' : 'sms') ||
          balanceMilli + (costMilli ?? NaN) !== 0 ||
          isFree !== (costMilli === 0)
        );
      })
      .map(({ noticeId, state }) => `${noticeId}, ${state}`),
    ...bookings
      .filter(({ now, notices }) => {
        const costMilli = notices.reduce((sum, notice) => sum + (notice.costMilli ?? 0), 0);
        return now.costMilli !== costMilli;
      })
      .map(({ key }) => `${key} shows another cost`),
  ]);

  assert.equal(wrong, []);
});

test('keeps the database whole', () => {
  assert.equal(
    reports.map(({ tables }) => tables.integrity),
    reports.map(() => 'ok'),
  );
});

test('writes no PIN, phone number, address or token into its log', () => {
  const wrong = findings(({ bookings, output, secrets }) => {
    // All but the link that is printed for whoever starts it first.
    const log = output.split('\n').filter((line) => !/^ {2}http\S+\/setup\//u.test(line));
    assert.ok(log.length > 100);
    const text = log.join('\n');
    const hidden = [
      ...bookings.flatMap(({ booked: { pin, adminPin, phones } }) => [
        pin,
        adminPin ?? pin,
        ...phones.map((phone) => phone.slice('+48'.length)),
      ]),
      ...bookings.flatMap(({ emails, booked }) => [...emails, ...booked.emails]),
      ...secrets,
      ...bookings.map(({ booked }) => booked.joinUrl.slice(booked.joinUrl.lastIndexOf('/') + 1)),
    ];
    return hidden.filter((word) => text.includes(word));
  });

  assert.equal(wrong, []);
});

function isKept({ booked, now, title, emails, fate }: AuditedBooking): boolean {
  return (
    now.number === booked.number &&
    now.pin === booked.pin &&
    now.adminPin === booked.adminPin &&
    now.joinUrl === booked.joinUrl &&
    now.title === title &&
    now.emails.join() === emails.join() &&
    now.phones.join() === booked.phones.join() &&
    (now.state === 'deleted') === (fate === 'deleted')
  );
}

/** Whether it has its first e-mail, or waits for the start that has not come. */
function isTold(
  { notices, start, booked }: AuditedBooking,
  address: string,
  { arrived, endedAtMs }: { readonly arrived: ReadonlySet<string>; readonly endedAtMs: number },
): boolean {
  // Who was added later is invited then, however near the start is.
  const isInvited = start === 'far' || !booked.emails.includes(address);
  const firsts = notices.filter(
    ({ kind, recipient, state }) =>
      kind === (isInvited ? 'invitation' : 'starting') &&
      recipient === address &&
      state !== 'cancelled',
  );
  const [first] = firsts;
  if (first === undefined || firsts.length > 1) return false;
  // It was looked at before the end: what became due within that moment may still wait.
  const isEarly = Date.parse(first.dueAt) > endedAtMs - 60_000;
  if (first.state === 'pending') return !isInvited && isEarly;
  return first.state === 'sent' && arrived.has(first.noticeId);
}

function isSame(
  earlier: KillReport['sms'][number],
  { id, to }: KillReport['sms'][number],
): boolean {
  return earlier.fate === 'sent' && (earlier.id === id || earlier.to === to);
}

function repeated(words: readonly string[]): readonly string[] {
  return words.filter((word, index) => words.indexOf(word) !== index);
}

function repeatedMails({ mails }: KillReport): number {
  return mails.length - new Set(mails.map(({ id }) => id)).size;
}

function interruptedSms({ tables }: KillReport): number {
  return tables.notices.filter(
    ({ channel, state, reason }) =>
      channel === 'sms' && state === 'unknown' && reason === 'interrupted',
  ).length;
}

function summary(report: KillReport): string {
  const { seed, kills, bookings, refusedKeys, lost, mails, sms } = report;
  const sent = sms.filter(({ fate }) => fate === 'sent').length;
  return [
    `seed ${seed}: ${kills} kills, ${bookings.length} bookings and ${refusedKeys.length} refused,`,
    `${lost} answers lost, ${mails.length} e-mails of which ${repeatedMails(report)} repeated,`,
    `${sms.length} SMS requests and ${sent} SMS, ${interruptedSms(report)} interrupted`,
  ].join(' ');
}

test.run();
