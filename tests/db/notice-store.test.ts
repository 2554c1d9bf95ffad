import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createNoticeStore } from '../../db/notice-store.ts';
import { openDatabase } from '../../db/open-database.ts';
import type { NoticeStore } from '../../server/notice/notice-store.ts';
import type { Notice } from '../../server/notice/notice.ts';
import { sampleNotice } from '../server/notice/sample-notices.ts';
import { at } from '../server/reservation/sample-reservations.ts';
import { errorOf, withDatabase } from './temporary-database.ts';

const NOW = at('2026-03-01T12:00Z');
const HOUR_MS = 3_600_000;

/** Runs `work` with a store that holds these. */
function withNotices(
  notices: readonly Partial<Notice>[],
  work: (store: NoticeStore) => void,
): Promise<void> {
  return withDatabase((connection) => {
    const store = createNoticeStore(connection);
    for (const [index, notice] of notices.entries()) {
      store.insert(sampleNotice({ noticeId: `n${index + 1}`, ...notice }));
    }
    work(store);
  });
}

const idsOf = (notices: readonly Notice[]): readonly string[] =>
  notices.map(({ noticeId }) => noticeId);

test('gives back what was stored, field by field, also after reopening', () =>
  withDatabase((connection) => {
    const store = createNoticeStore(connection);
    const plain = sampleNotice();
    const odd = sampleNotice({
      noticeId: 'n2',
      reservationId: null,
      channel: 'sms',
      kind: 'reset-password',
      recipient: "'; DROP TABLE notice; --\u0000ż",
      payload: '{"link":"x"}',
      state: 'too-late',
      attempts: 7,
      reason: 'smtp-550',
      providerId: 'p-1',
      segments: 2,
      costMilli: 320,
    });

    store.transaction(() => {
      store.insert(plain);
      store.insert(odd);
    });

    const again = openDatabase({ file: connection.name });
    const other = createNoticeStore(again);
    assert.equal(other.byId('n1'), plain);
    assert.equal(other.byId('n2'), odd);
    assert.equal(other.byProviderId('p-1'), odd);
    assert.is(other.byId('n3'), null);
    assert.is(other.byProviderId('p-2'), null);
    again.close();
  }));

test('an update replaces every field of the notice of that id only', () =>
  withNotices([{}, {}], (store) => {
    const after = sampleNotice({
      noticeId: 'n1',
      recipient: 'bert@example.com',
      state: 'sent',
      attempts: 2,
      providerId: 'x',
      uselessAtMs: NOW,
    });

    store.update(after);

    assert.equal(store.byId('n1'), after);
    assert.equal(store.byId('n2'), sampleNotice({ noticeId: 'n2' }));
  }));

test('what is due comes by its next attempt, of one channel, pending only, no more than asked', () =>
  withNotices(
    [
      { recipient: 'a', nextAttemptAtMs: NOW },
      { recipient: 'b', nextAttemptAtMs: NOW - 5 },
      { recipient: 'c', nextAttemptAtMs: NOW + 1 },
      { recipient: 'd', channel: 'sms', nextAttemptAtMs: NOW - 9 },
      { recipient: 'e', state: 'sending' },
      { recipient: 'f', state: 'sent' },
      { recipient: 'g', nextAttemptAtMs: NOW - 1 },
    ],
    (store) => {
      assert.equal(idsOf(store.due('email', NOW, 10)), ['n2', 'n7', 'n1']);
      assert.equal(idsOf(store.due('email', NOW, 2)), ['n2', 'n7']);
      assert.equal(idsOf(store.due('sms', NOW, 10)), ['n4']);
    },
  ));

for (const [state, expected] of [
  ['pending', []],
  ['sending', []],
  ['sent', ['n2']],
  ['failed', ['n2']],
] as const) {
  test(`an update waits while the invitation to the same recipient is ${state}: ${expected.length === 0}`, () =>
    withNotices(
      [
        { state, nextAttemptAtMs: NOW + HOUR_MS },
        { kind: 'update', dueAtMs: NOW - 10 },
      ],
      (store) => assert.equal(idsOf(store.due('email', NOW, 10)), expected),
    ));
}

test('nobody waits for another recipient, reservation or channel, nor for what is due later', () =>
  withNotices(
    [
      { nextAttemptAtMs: NOW + HOUR_MS, dueAtMs: NOW - 100 },
      { recipient: 'bert@example.com', dueAtMs: NOW - 50 },
      { reservationId: 'r2', dueAtMs: NOW - 50 },
      { channel: 'sms', dueAtMs: NOW - 50 },
      { recipient: 'carl@example.com', kind: 'reminder', dueAtMs: NOW + 1 },
      { recipient: 'carl@example.com', kind: 'update', dueAtMs: NOW },
      { reservationId: null, kind: 'reset-password', dueAtMs: NOW - 3 },
      { reservationId: null, kind: 'reset-password', dueAtMs: NOW - 2 },
    ],
    (store) => {
      assert.equal(idsOf(store.due('email', NOW, 10)), ['n2', 'n3', 'n7', 'n8', 'n6']);
      assert.equal(idsOf(store.due('sms', NOW, 10)), ['n4']);
    },
  ));

test('what was begun goes first, although the clock was set back before the other was planned', () =>
  withNotices(
    [
      { dueAtMs: NOW, attempts: 1, state: 'sending' },
      { kind: 'cancellation', dueAtMs: NOW - HOUR_MS },
    ],
    (store) => {
      assert.equal(idsOf(store.due('email', NOW, 10)), []);
      store.update(sampleNotice({ attempts: 1, dueAtMs: NOW }));
      assert.equal(idsOf(store.due('email', NOW, 10)), ['n1']);
    },
  ));

test('of two due at the same instant the one planned first goes first', () =>
  withNotices([{ noticeId: 'zz' }, { noticeId: 'aa', kind: 'update' }], (store) =>
    assert.equal(idsOf(store.due('email', NOW, 10)), ['zz']),
  ));

test('tells when the next one is due after an instant, over both channels', () =>
  withNotices(
    [
      { dueAtMs: NOW },
      { dueAtMs: NOW + 500 },
      { dueAtMs: NOW + 300, channel: 'sms' },
      { dueAtMs: NOW + 100, state: 'cancelled' },
    ],
    (store) => {
      assert.is(store.nextAttemptAtMs(NOW - 1), NOW);
      assert.is(store.nextAttemptAtMs(NOW), NOW + 300);
      assert.is(store.nextAttemptAtMs(NOW + 300), NOW + 500);
      assert.is(store.nextAttemptAtMs(NOW + 500), null);
    },
  ));

test('tells what is of no use any more', () =>
  withNotices(
    [{ uselessAtMs: NOW }, { uselessAtMs: NOW + 1 }, { uselessAtMs: NOW - 1, state: 'sent' }],
    (store) => assert.equal(idsOf(store.expired(NOW, 10)), ['n1']),
  ));

test('lists a reservation by when each is due', () =>
  withNotices(
    [{ dueAtMs: NOW + 2 }, { dueAtMs: NOW }, { dueAtMs: NOW + 2 }, { reservationId: 'r2' }],
    (store) => assert.equal(idsOf(store.ofReservation('r1')), ['n2', 'n1', 'n3']),
  ));

test('tells whether the same message is on its way', () =>
  withNotices([{ state: 'sending' }, { kind: 'update', state: 'sent' }], (store) => {
    assert.is(store.isOnItsWay(sampleNotice()), true);
    assert.is(store.isOnItsWay(sampleNotice({ kind: 'update' })), false);
    assert.is(store.isOnItsWay(sampleNotice({ recipient: 'bert@example.com' })), false);
    assert.is(store.isOnItsWay(sampleNotice({ channel: 'sms' })), false);
    assert.is(store.isOnItsWay(sampleNotice({ reservationId: 'r2' })), false);
  }));

test('counts every state and lists one, the latest first', () =>
  withNotices(
    [
      { state: 'failed', stateAtMs: NOW },
      { state: 'failed', stateAtMs: NOW + 1 },
      { state: 'sent', stateAtMs: NOW },
    ],
    (store) => {
      const { failed, sent, pending } = store.counts();
      assert.equal([failed, sent, pending], [2, 1, 0]);
      assert.equal(idsOf(store.inState('failed', 10)), ['n2', 'n1']);
      assert.equal(idsOf(store.inState('failed', 1)), ['n2']);
    },
  ));

test('purges what reached its last state before an instant, never what is still to be sent', () =>
  withNotices(
    [
      { state: 'sent', stateAtMs: NOW - 1 },
      { state: 'sent', stateAtMs: NOW },
      { state: 'pending', stateAtMs: NOW - 1 },
      { state: 'sending', stateAtMs: NOW - 1 },
      { state: 'cancelled', stateAtMs: NOW - 1 },
    ],
    (store) => {
      assert.is(store.purge(NOW, 10), 2);
      assert.equal(idsOf(store.ofReservation('r1')), ['n2', 'n3', 'n4']);
    },
  ));

test('a transaction that throws leaves nothing behind', () =>
  withNotices([], (store) => {
    const error = errorOf(() =>
      store.transaction(() => {
        store.insert(sampleNotice());
        throw new Error('no');
      }),
    );

    assert.is(error?.message, 'no');
    assert.is(store.byId('n1'), null);
  }));

test('a row that cannot be read is a plain error', () =>
  withDatabase((connection) => {
    const store = createNoticeStore(connection);
    store.insert(sampleNotice());
    connection.exec(`UPDATE notice SET kind = 'telegram'`);

    assert.is(errorOf(() => store.byId('n1'))?.code, 'DB_CORRUPT');
  }));

test.run();
