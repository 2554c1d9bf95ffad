import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { ServerTransaction } from '../../../server/sip/server-transaction.ts';
import { DEFAULT_SIP_TIMERS } from '../../../server/sip/sip-timers.ts';

const OK = { type: 'respond', status: 200, bytes: Buffer.from('200') } as const;
const TRYING = { type: 'respond', status: 100, bytes: Buffer.from('100') } as const;
const AGAIN = { type: 'retransmission' } as const;

test('absorbs retransmissions in Trying (RFC 3261 §17.2.2)', () => {
  const transaction = new ServerTransaction({
    timers: DEFAULT_SIP_TIMERS,
    reliability: 'unreliable',
  });

  assert.equal(transaction.handle(AGAIN, 0), []);
  assert.is(transaction.deadlineMs, NEVER);
});

test('answers retransmissions in Proceeding and Completed with the latest response', () => {
  const transaction = new ServerTransaction({
    timers: DEFAULT_SIP_TIMERS,
    reliability: 'unreliable',
  });

  transaction.handle(TRYING, 0);
  assert.equal(transaction.handle(AGAIN, 10), [{ type: 'send', bytes: TRYING.bytes, again: true }]);
  transaction.handle(OK, 20);
  assert.equal(transaction.handle(AGAIN, 30), [{ type: 'send', bytes: OK.bytes, again: true }]);
  assert.equal(transaction.handle({ ...OK, status: 500 }, 40), [], 'one final response only');
});

test('ends 64*T1 after its final response (timer J)', () => {
  const transaction = new ServerTransaction({
    timers: DEFAULT_SIP_TIMERS,
    reliability: 'unreliable',
  });
  transaction.handle(OK, 1000);

  assert.is(transaction.deadlineMs, 33_000);
  assert.equal(transaction.handle({ type: 'timeout' }, 32_999), []);
  assert.equal(transaction.handle({ type: 'timeout' }, 33_000), [{ type: 'ended' }]);
  assert.equal(transaction.handle(AGAIN, 33_001), []);
});

test('ends with its final response over a reliable transport', () => {
  const transaction = new ServerTransaction({
    timers: DEFAULT_SIP_TIMERS,
    reliability: 'reliable',
  });

  assert.equal(transaction.handle(OK, 0), [{ type: 'send', bytes: OK.bytes }, { type: 'ended' }]);
  assert.is(transaction.deadlineMs, NEVER);
});

test.run();
