import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { noticeKindWords, noticeReason } from '../../../web/reservation/notice-words.ts';

test('says why a message failed, and shows a code that nobody knows', () => {
  const failed = (reason: string | null) => ({ state: 'failed', reason }) as const;

  assert.match(noticeReason(failed('smtp-550'), 'en') ?? '', /probably does not exist/u);
  assert.match(noticeReason(failed('smtp-552'), 'en') ?? '', /full/u);
  assert.match(noticeReason(failed('smtp-571'), 'pl') ?? '', /odrzucił/u);
  assert.match(noticeReason({ state: 'pending', reason: 'ETIMEDOUT' }, 'en') ?? '', /try again/u);
  assert.is(noticeReason(failed('odd-code'), 'en'), 'Reason: odd-code.');
  assert.is(noticeReason(failed(null), 'en'), null);
});

test('explains unknown and too late whatever the code, and nothing when all is well', () => {
  assert.match(noticeReason({ state: 'unknown', reason: null }, 'en') ?? '', /not known/u);
  assert.match(noticeReason({ state: 'too-late', reason: 'x' }, 'pl') ?? '', /na czas/u);
  assert.is(noticeReason({ state: 'sent', reason: 'smtp-421' }, 'en'), null);
});

test('names kinds, and shows one that it does not know', () => {
  assert.is(noticeKindWords('invitation', 'pl'), 'zaproszenie');
  assert.is(noticeKindWords('something-new', 'en'), 'something-new');
});

test.run();
