import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { NoticeView } from '../../../server/panel/api/reservation-api.ts';
import { byRecipient, countNotices, ownNotices } from '../../../web/reservation/notice-view.ts';

const notice = (parts: Partial<NoticeView>): NoticeView => ({
  noticeId: 'n',
  channel: 'email',
  kind: 'invitation',
  recipient: 'a@x.pl',
  state: 'sent',
  dueAt: '2026-11-22T10:00:00Z',
  stateAt: '2026-11-22T10:00:01Z',
  attempts: 1,
  reason: null,
  segments: null,
  costMilli: null,
  mayResend: false,
  ...parts,
});

test('messages stand together by address, e-mail before SMS, the latest first', () => {
  const groups = byRecipient([
    notice({ noticeId: 'sms', channel: 'sms', recipient: '+48501234567' }),
    notice({ noticeId: 'b', recipient: 'b@x.pl' }),
    notice({ noticeId: 'first' }),
    notice({ noticeId: 'later', dueAt: '2026-11-22T12:00:00Z' }),
    notice({ noticeId: 'own', kind: 'organiser-booked' }),
  ]);

  assert.equal(
    groups.map((group) => group.notices.map(({ noticeId }) => noticeId)),
    [['later', 'first'], ['b'], ['sms']],
  );
});

test("the organiser's own messages are kept apart", () => {
  const notices = [notice({}), notice({ noticeId: 'own', kind: 'organiser-booked' })];

  assert.equal(
    ownNotices(notices).map(({ noticeId }) => noticeId),
    ['own'],
  );
});

test('counts what went well, waits and went wrong', () => {
  const states = [
    'sent',
    'delivered',
    'pending',
    'sending',
    'failed',
    'unknown',
    'too-late',
    'cancelled',
  ] as const;

  const counts = countNotices(states.map((state) => notice({ state })));

  assert.equal(counts, { sent: 2, waiting: 2, wrong: 3 });
});

test.run();
