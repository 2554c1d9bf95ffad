import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReservationView } from '../../../server/panel/api/reservation-api.ts';
import { draftOf, type Draft } from '../../../web/reservation/draft.ts';
import { merge, withPart } from '../../../web/reservation/merge.ts';
import { reservationOf } from './reservation-of.ts';

const mergeOf = (mine: Draft, before: ReservationView, now: ReservationView) =>
  merge(mine, draftOf(before), draftOf(now));

const recipient = (address: string) => ({ address, name: '' });

test('takes over what only the other tab changed, and keeps what only I changed', () => {
  const before = reservationOf();
  const now = reservationOf({ title: 'Budget of the year', version: 2 });
  const mine = { ...draftOf(before), note: 'Bring figures' };

  const merged = mergeOf(mine, before, now);

  assert.is(merged.draft.title, 'Budget of the year');
  assert.is(merged.draft.note, 'Bring figures');
  assert.equal(merged.theirs, ['title']);
  assert.equal(merged.both, []);
});

test('where both changed the same, mine stays and both are told', () => {
  const before = reservationOf();
  const now = reservationOf({ endAt: '2026-11-23T12:00:00.000Z' });
  const mine = { ...draftOf(before), end: '2026-11-23T11:30' };

  const merged = mergeOf(mine, before, now);

  assert.is(merged.draft.end, '2026-11-23T11:30');
  assert.equal(merged.both, ['times']);
  assert.is(withPart(merged.draft, draftOf(now), 'times').end, '2026-11-23T13:00');
});

test('where both came to the same, there is nothing to decide', () => {
  const before = reservationOf();
  const now = reservationOf({ title: 'Same' });

  assert.equal(mergeOf({ ...draftOf(before), title: 'Same' }, before, now).both, []);
});

test('lists are united: what either added is there, what either took off is not', () => {
  const before = reservationOf({ emails: ['a@x.pl', 'b@x.pl', 'c@x.pl'] });
  const now = reservationOf({ emails: ['a@x.pl', 'c@x.pl', 'theirs@x.pl'] });
  const mine = {
    ...draftOf(before),
    emails: ['a@x.pl', 'b@x.pl', 'mine@x.pl'].map(recipient),
  };

  const merged = mergeOf(mine, before, now);

  assert.equal(
    merged.draft.emails.map(({ address }) => address),
    ['a@x.pl', 'mine@x.pl', 'theirs@x.pl'],
  );
});

test.run();
