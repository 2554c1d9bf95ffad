import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLedgerStore } from '../../db/ledger-store.ts';
import type { LedgerEntry, LedgerStore } from '../../server/notice/notice-store.ts';
import { at } from '../server/reservation/sample-reservations.ts';
import { errorOf, withDatabase } from './temporary-database.ts';

const NOW = at('2026-03-01T12:00Z');

function entry(differences: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    entryId: 'e1',
    profileId: 'p1',
    atMs: NOW,
    amountMilli: 10_000,
    reason: 'top-up',
    noticeId: null,
    note: 'paid in',
    ...differences,
  };
}

function withEntries(
  entries: readonly Partial<LedgerEntry>[],
  work: (ledger: LedgerStore) => void,
): Promise<void> {
  return withDatabase((connection) => {
    const ledger = createLedgerStore(connection);
    for (const [index, one] of entries.entries()) {
      ledger.add(entry({ entryId: `e${index + 1}`, ...one }));
    }
    work(ledger);
  });
}

const sms = (noticeId: string, amountMilli: number, atMs = NOW): Partial<LedgerEntry> => ({
  reason: 'sms',
  noticeId,
  amountMilli,
  atMs,
  note: '',
});

test('gives back entries of a profile, the newest first, no more than asked', () =>
  withEntries([{}, { atMs: NOW + 1 }, { profileId: 'p2' }, { atMs: NOW + 1 }], (ledger) => {
    const found = ledger.list('p1', 10).map(({ entryId }) => entryId);

    assert.equal(found, ['e4', 'e2', 'e1']);
    assert.equal(ledger.list('p1', 1), [entry({ entryId: 'e4', atMs: NOW + 1 })]);
    assert.equal(ledger.list('p3', 10), []);
  }));

test('the balance is the sum of all entries', () =>
  withEntries(
    [{}, sms('n1', -160), { reason: 'adjustment', amountMilli: -40 }, { profileId: 'p2' }],
    (ledger) => {
      assert.is(ledger.balanceMilli('p1'), 9_800);
      assert.is(ledger.balanceMilli('p2'), 10_000);
      assert.is(ledger.balanceMilli('p3'), 0);
    },
  ));

test('cost and refund of a notice are booked once each', () =>
  withEntries(
    [
      sms('n1', -160),
      sms('n1', -160),
      { ...sms('n1', 160), reason: 'refund' },
      { ...sms('n1', 160), reason: 'refund' },
      sms('n2', -320),
    ],
    (ledger) => {
      assert.is(ledger.balanceMilli('p1'), -320);
      assert.is(ledger.list('p1', 10).length, 3);
    },
  ));

test('what was spent since then has refunds taken off, and money paid in does not count', () =>
  withEntries(
    [
      {},
      sms('n1', -160, NOW - 1),
      sms('n2', -160, NOW),
      sms('n3', -320, NOW + 1),
      { ...sms('n3', 320, NOW + 2), reason: 'refund' },
    ],
    (ledger) => {
      assert.is(ledger.spentSinceMilli('p1', NOW), 160);
      assert.is(ledger.spentSinceMilli('p1', NOW - 1), 320);
      assert.is(ledger.spentSinceMilli('p1', NOW + 2), 0);
    },
  ));

test('a refund counts in the month whose SMS it pays back, whenever it comes', () =>
  withEntries(
    [
      sms('n1', -320, NOW - 1),
      sms('n2', -160, NOW),
      { ...sms('n1', 320, NOW + 1), reason: 'refund' },
    ],
    (ledger) => {
      assert.is(ledger.spentSinceMilli('p1', NOW), 160);
      assert.is(ledger.spentSinceMilli('p1', NOW - 1), 160);
    },
  ));

test('the same entry twice is a defect, and so is a cost without its notice', () =>
  withEntries([{}], (ledger) => {
    assert.is(errorOf(() => ledger.add(entry()))?.code, 'DB_FAILED');
    const orphan = entry({ entryId: 'e2', reason: 'sms', noticeId: null });
    assert.is(errorOf(() => ledger.add(orphan))?.code, 'DB_FAILED');
  }));

test.run();
