import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isTold } from '../../../server/notice/notice-operation.ts';
import { recovered, settled } from '../../../server/notice/send-decision.ts';
import { at, seededRandom } from '../reservation/sample-reservations.ts';
import { sampleNotice } from './sample-notices.ts';

const NOW = at('2026-03-01T10:00Z');
const AT = { nowMs: NOW, random: seededRandom(1) };

test('an e-mail that a crash interrupted counts as told, also after an attempt that came to nothing', () => {
  const sending = sampleNotice({ state: 'sending', attempts: 1 });

  const interrupted = recovered(sending, NOW);
  const again = { ...interrupted, state: 'sending', attempts: 2 } as const;
  const postponed = settled(again, { outcome: 'retry', reason: 'no-connection' }, AT);
  const never = settled(sending, { outcome: 'retry', reason: 'no-connection' }, AT);

  assert.equal([interrupted.state, isTold(interrupted)], ['pending', true]);
  assert.equal([postponed.state, isTold(postponed)], ['pending', true]);
  assert.equal([never.state, isTold(never)], ['pending', false]);
});

test('an e-mail whose outcome nobody can tell is sent again and counts as told', () => {
  const sending = sampleNotice({ state: 'sending', attempts: 1 });

  const next = settled(sending, { outcome: 'unknown', reason: 'timeout' }, AT);

  assert.equal([next.state, isTold(next)], ['pending', true]);
});

test.run();
