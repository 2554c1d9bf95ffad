import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseMessage } from '../../../server/sip/message-parser.ts';
import { receiveRequest } from '../../../server/sip/received-request.ts';
import type { ReceivedRequest } from '../../../server/sip/received-request.ts';
import { StatelessRefusals } from '../../../server/sip/stateless-refusal.ts';
import { PEER_FLOW, requestText, SDP, seededRandom } from './sip-lab.ts';

/** Refusals, and how many were sent. */
function refusals(): { readonly refused: StatelessRefusals; readonly sent: () => number } {
  let sent = 0;
  const refused = new StatelessRefusals({
    random: seededRandom(1),
    serverHeader: ['Server', 'Konfa'],
    send: () => {
      sent += 1;
    },
  });
  return { refused, sent: () => sent };
}

function invite(branch: string): ReceivedRequest {
  const text = requestText({ method: 'INVITE', body: SDP, branch });
  const message = parseMessage(new TextEncoder().encode(text));
  assert.is(message.kind, 'request');
  if (message.kind !== 'request') throw new Error('not a request');
  return receiveRequest(message, PEER_FLOW);
}

test('knows a copy of what it has refused, and nothing else', () => {
  const { refused, sent } = refusals();

  refused.refuse(invite('z9hG4bK-1'), 7, 0);
  refused.refuse(invite('z9hG4bK-1'), 7, 0);

  assert.ok(refused.has(invite('z9hG4bK-1'), 1000));
  assert.not.ok(refused.has(invite('z9hG4bK-2'), 1000));
  assert.is(refused.count, 1);
  assert.is(sent(), 2);
});

test('refuses what bears a branch of 8000 characters, and does not fill the memory with it', () => {
  const { refused, sent } = refusals();
  const long = `z9hG4bK-${'x'.repeat(8000)}`;

  refused.refuse(invite(long), 7, 0);

  assert.is(sent(), 1);
  assert.not.ok(refused.has(invite(long), 1000));
});

test('takes what bears the branch of a refused call for a new one when no copy can come any more', () => {
  const { refused } = refusals();

  refused.refuse(invite('z9hG4bK-1'), 7, 0);
  refused.refuse(invite('z9hG4bK-1'), 7, 16_000);

  assert.ok(refused.has(invite('z9hG4bK-1'), 31_999));
  assert.not.ok(refused.has(invite('z9hG4bK-1'), 32_000));
});

test('remembers so many refusals and no more', () => {
  const { refused } = refusals();

  for (let i = 0; i < 40_000; i += 1) refused.refuse(invite(`z9hG4bK-${i}`), 7, 0);

  assert.ok(refused.has(invite('z9hG4bK-39999'), 1000));
  assert.ok(refused.has(invite('z9hG4bK-32000'), 1000));
  assert.not.ok(refused.has(invite('z9hG4bK-20000'), 1000));
});

test.run();
