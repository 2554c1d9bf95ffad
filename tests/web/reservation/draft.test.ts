import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  bookingBody,
  changeBody,
  draftOf,
  momentOf,
  twinsOf,
} from '../../../web/reservation/draft.ts';
import { reservationOf } from './reservation-of.ts';

test('a reservation that is opened for editing and not touched changes nothing', () => {
  const reservation = reservationOf();

  assert.equal(changeBody(draftOf(reservation), reservation), {});
});

test('a change carries only what is different, so that a start in the past stays untouched', () => {
  const reservation = reservationOf({ sms: ['at-booking', 'before-start'] });
  const draft = {
    ...draftOf(reservation),
    end: '2026-11-23T11:30',
    title: ' Budget 2027 ',
    sms: ['before-start', 'at-booking'] as const,
  };

  assert.equal(changeBody(draft, reservation), { end: '2026-11-23T11:30', title: 'Budget 2027' });
});

test('another zone with the same clock readings moves both ends', () => {
  const reservation = reservationOf();

  const change = changeBody({ ...draftOf(reservation), zone: 'Europe/London' }, reservation);

  assert.equal(change, {
    start: '2026-11-23T10:00',
    end: '2026-11-23T11:00',
    zone: 'Europe/London',
  });
});

test('emptied lists and texts are sent as empty, not left out', () => {
  const reservation = reservationOf({ note: 'Bring figures' });

  const change = changeBody({ ...draftOf(reservation), emails: [], note: '' }, reservation);

  assert.equal(change, { emails: [], note: '' });
});

test('a booking sends addresses without names', () => {
  const draft = {
    ...draftOf(reservationOf()),
    emails: [{ address: 'jan@example.com', name: 'Jan' }],
  };

  const body = bookingBody(draft);

  assert.equal(body.emails, ['jan@example.com']);
  assert.is(body.start, '2026-11-23T10:00');
});

test('in the doubled hour the chosen one of the two is sent with its offset', () => {
  const draft = { ...draftOf(reservationOf()), start: '2026-10-25T02:30' };

  assert.is(bookingBody(draft).start, '2026-10-25T02:30');
  assert.is(momentOf(draft, 'start'), null);
  assert.is(bookingBody({ ...draft, startTwin: 'earlier' }).start, '2026-10-25T02:30+02:00');
  assert.is(bookingBody({ ...draft, startTwin: 'later' }).start, '2026-10-25T02:30+01:00');
  assert.equal(twinsOf(draft, 'start'), [
    Date.parse('2026-10-25T00:30:00Z'),
    Date.parse('2026-10-25T01:30:00Z'),
  ]);
  assert.is(twinsOf(draft, 'end'), null);
});

test('a reservation in the doubled hour is opened with the one that was meant', () => {
  const reservation = reservationOf({
    startAt: '2026-10-25T01:30:00.000Z',
    endAt: '2026-10-25T03:00:00.000Z',
  });

  const draft = draftOf(reservation);

  assert.is(draft.startTwin, 'later');
  assert.equal(changeBody(draft, reservation), {});
  assert.equal(changeBody({ ...draft, startTwin: 'earlier' }, reservation), {
    start: '2026-10-25T02:30+02:00',
  });
});

test.run();
