import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHealthRecord } from '../../../../server/notice/email/transport-health.ts';

test('is unused until something was tried', () => {
  const record = createHealthRecord('smtp');

  assert.equal(record.read(), { name: 'smtp', state: 'unused', detail: '', sinceMs: null });
});

test('knows since when it has been as it is', () => {
  const record = createHealthRecord('smtp');

  record.failing('timeout', 1000);
  record.failing('auth', 2000);
  assert.equal(record.read(), { name: 'smtp', state: 'failing', detail: 'auth', sinceMs: 1000 });

  record.good('connected', 3000);
  record.good('connected', 4000);
  assert.equal(record.read(), { name: 'smtp', state: 'good', detail: 'connected', sinceMs: 3000 });
});

test.run();
