import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { groupList, placeState } from '../../../web/reservation/list-view.ts';
import { reservationOf } from './reservation-of.ts';

const planned = reservationOf({ reservationId: 'planned', freesAt: '2026-11-24T11:00:00Z' });
const sooner = reservationOf({ reservationId: 'sooner', startAt: '2026-11-23T08:00:00Z' });
const going = reservationOf({
  reservationId: 'going',
  state: 'in-progress',
  freesAt: '2026-11-23T15:00:00Z',
});
const over = reservationOf({
  reservationId: 'over',
  state: 'finished',
  freesAt: '2026-11-23T15:36:00Z',
});

const ids = (list: readonly { readonly reservationId: string }[]): readonly string[] =>
  list.map(({ reservationId }) => reservationId);

test('what goes on comes before what is planned, and what is over last', () => {
  const groups = groupList([planned, over, going, sooner]);

  assert.equal(ids(groups.now), ['going']);
  assert.equal(ids(groups.planned), ['sooner', 'planned']);
  assert.equal(ids(groups.over), ['over']);
});

test('while places are free, it says how many are used', () => {
  const state = placeState({ reservations: [planned], places: { used: 1, allowed: 3 } });

  assert.equal(state, { state: 'free', used: 1, allowed: 3 });
});

test('when all are taken, it says when the first becomes free and which may go without loss', () => {
  const list = { reservations: [planned, going, over], places: { used: 3, allowed: 3 } };

  const state = placeState(list);

  assert.is(state.state, 'full');
  if (state.state !== 'full') return;
  assert.is(state.freesAt, '2026-11-23T15:00:00Z');
  assert.is(state.over?.reservationId, 'over');
});

test('without any that is over there is none to offer', () => {
  const state = placeState({ reservations: [planned], places: { used: 1, allowed: 1 } });

  assert.is(state.state === 'full' && state.over === null, true);
});

test.run();
