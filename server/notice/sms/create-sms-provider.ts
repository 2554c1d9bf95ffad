import type { Config } from '../../config/config.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Random } from '../../runtime/random.ts';
import type { SmsProvider } from '../notice.ts';
import { createFolderProvider } from './folder-provider.ts';
import { createHttpProvider } from './http-provider.ts';
import { createNoProvider } from './no-provider.ts';
import { createSmppProvider } from './smpp-provider.ts';

/** Settings under `notices.sms`. */
export type SmsSettings = Config['notices']['sms'];

/** What every provider needs from outside. */
export interface SmsSurroundings {
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: Random;
}

/** The provider that the settings name. Connections are made when there is something to do. */
export function createSmsProvider(
  settings: SmsSettings,
  surroundings: SmsSurroundings,
): SmsProvider {
  switch (settings.provider) {
    case 'folder':
      return createFolderProvider(settings, surroundings);
    case 'http':
      return createHttpProvider(settings, surroundings);
    case 'smpp':
      return createSmppProvider(settings, surroundings);
    case 'none':
      return createNoProvider();
  }
}
