import { rememberedOwnHosts } from './address/own-host.ts';
import type { Platform } from './compose.ts';
import type { Config } from './config/config.ts';
import { loadLinkKey } from './guest/link-key.ts';
import { dtlsThreadHost } from './media/dtls-thread-host.ts';
import { threadHost } from './media/thread-host.ts';
import { createAlarm } from './notice/alarm.ts';
import { createEmailTransport } from './notice/email/email-transport.ts';
import { createSmsProvider } from './notice/sms/create-sms-provider.ts';
import { loadClipBank } from './prompt/load-clips.ts';
import { systemClock } from './runtime/clock.ts';
import { localAddresses } from './runtime/local-address.ts';
import type { Logger } from './runtime/logger.ts';
import { createOwnTurns } from './runtime/own-turns.ts';
import { systemRandom } from './runtime/random.ts';
import { openSipSockets } from './sip/sip-sockets.ts';
import { surroundingsOf } from './surroundings.ts';
import { createPost } from './webhook/deliver.ts';

/** The rate at which rooms of telephone calls mix. */
const MIX_RATE_HZ = 8000;

/** The outside world as this machine has it. */
export function thisMachine(
  config: Config,
  log: Logger,
  open: Pick<Platform, 'database' | 'onDisk' | 'publicUrl'>,
): Platform {
  const clock = systemClock;
  const random = systemRandom;
  return {
    ...open,
    ownTurn: createOwnTurns(),
    clock,
    random,
    log,
    linkKey: loadLinkKey(config.joinLinks.keyFile),
    workers: threadHost,
    dtls: dtlsThreadHost,
    addresses: localAddresses(),
    openSip: openSipSockets,
    surroundings: surroundingsOf(config),
    loadClips: (current) =>
      loadClipBank({ directory: current.prompts.directory, sampleRateHz: MIX_RATE_HZ, log }),
    localHostFor: rememberedOwnHosts(config, clock),
    email: createEmailTransport(config.notices.email, { clock, log }),
    sms: createSmsProvider(config.notices.sms, { clock, random, log }),
    post: createPost({ settings: config.webhooks, clock }),
    createAlarm,
  };
}
