import type { Config } from '../../config/config.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { EmailTransport } from '../notice.ts';
import { createFolderTransport } from './folder-transport.ts';
import { createSmtpTransport } from './smtp-transport.ts';

/** The way of sending that `settings.transport` names. */
export function createEmailTransport(
  settings: Config['notices']['email'],
  deps: { readonly clock: Clock; readonly log: Logger },
): EmailTransport {
  if (settings.transport === 'smtp') return createSmtpTransport(settings, deps);
  return createFolderTransport({ folder: settings.folder, ...deps });
}
