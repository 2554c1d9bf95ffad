import type { SmsProvider } from '../notice.ts';

/** Where no SMS is offered: whatever is handed over all the same fails. */
export function createNoProvider(): SmsProvider {
  return {
    send: () => Promise.resolve({ outcome: 'failed', reason: 'sms-off' }),
    onReceipt: () => undefined,
    health: () => ({ name: 'none', state: 'unused', detail: 'off', sinceMs: null }),
    close: () => Promise.resolve(),
  };
}
