import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gatewayOutcome } from '../../../../server/notice/sms/http-outcome.ts';
import type { GatewayResult } from '../../../../server/notice/sms/http-outcome.ts';

const ANY = { successStatus: [200, 202], successPattern: null };
const BY_ID = { successStatus: [200], successPattern: '^OK (?:id=)?(\\w+)' };

function answered(status: number, body: string | null = ''): GatewayResult {
  return { result: 'answered', status, body };
}

const CASES: readonly [GatewayResult, typeof ANY | typeof BY_ID, object][] = [
  [answered(200), ANY, { outcome: 'sent', providerId: null }],
  [answered(202), ANY, { outcome: 'sent', providerId: null }],
  [answered(200, null), ANY, { outcome: 'sent', providerId: null }],
  [answered(200, 'OK id=a17\n'), BY_ID, { outcome: 'sent', providerId: 'a17' }],
  [answered(200, 'ERROR 7'), BY_ID, { outcome: 'failed', reason: 'http-answer' }],
  [answered(200, null), BY_ID, { outcome: 'unknown', reason: 'http-answer-cut' }],
  [answered(400), ANY, { outcome: 'failed', reason: 'http-400' }],
  [answered(401), ANY, { outcome: 'failed', reason: 'http-401' }],
  [answered(302), ANY, { outcome: 'failed', reason: 'http-302' }],
  [answered(429), ANY, { outcome: 'retry', reason: 'http-429' }],
  [answered(503), ANY, { outcome: 'retry', reason: 'http-503' }],
  [answered(500), ANY, { outcome: 'unknown', reason: 'http-500' }],
  [answered(502), ANY, { outcome: 'unknown', reason: 'http-502' }],
  [answered(504), ANY, { outcome: 'unknown', reason: 'http-504' }],
  [answered(204), ANY, { outcome: 'unknown', reason: 'http-204' }],
  [
    { result: 'not-sent', reason: 'ECONNREFUSED' },
    ANY,
    { outcome: 'retry', reason: 'ECONNREFUSED' },
  ],
  [{ result: 'no-answer', reason: 'timeout' }, ANY, { outcome: 'unknown', reason: 'timeout' }],
];

for (const [result, settings, outcome] of CASES) {
  test(`${JSON.stringify(result)} means ${JSON.stringify(outcome)}`, () => {
    assert.equal(gatewayOutcome(result, settings), outcome);
  });
}

test.run();
