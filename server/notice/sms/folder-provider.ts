import { promises as disk } from 'node:fs';
import { join } from 'node:path';

import type { SendOutcome, SmsMessage, SmsProvider } from '../notice.ts';
import type { SmsSettings, SmsSurroundings } from './create-sms-provider.ts';
import { errorCode } from './error-code.ts';
import { createHealthRecord } from './health-record.ts';

/**
 * Writes each SMS to a file of its own, named by time and notice. A file is there whole or not at all, and only its
 * owner can read it, as it holds a PIN.
 */
export function createFolderProvider(
  settings: SmsSettings,
  { clock, log }: SmsSurroundings,
): SmsProvider {
  const health = createHealthRecord('folder', clock);

  async function send(message: SmsMessage): Promise<SendOutcome> {
    const time = new Date(clock.wallclockMs()).toISOString().replaceAll(':', '-');
    const file = join(settings.folder, `${time}-${message.noticeId}.txt`);
    const unfinished = `${file}.part`;
    try {
      await disk.mkdir(settings.folder, { recursive: true, mode: 0o700 });
      await disk.writeFile(unfinished, fileText(message), { mode: 0o600, flush: true });
      await disk.rename(unfinished, file);
    } catch (error) {
      const reason = errorCode(error, 'cannot-write');
      await disk.rm(unfinished, { force: true }).catch(() => undefined);
      log.error('SMS cannot be written', { folder: settings.folder, reason });
      health.failing(reason);
      return { outcome: 'retry', reason };
    }
    health.good('written');
    return { outcome: 'sent', providerId: null };
  }

  return {
    send,
    onReceipt: () => undefined,
    health: () => health.read(),
    close: () => Promise.resolve(),
  };
}

function fileText(message: SmsMessage): string {
  const head = `To: ${message.to}\nFrom: ${message.from}\nSegments: ${message.segments}`;
  return `${head}\n\n${message.text}\n`;
}
