import { openDatabase } from '../db/open-database.ts';
import { composeApp } from './compose.ts';
import type { ComposedApp } from './compose.ts';
import type { Config } from './config/config.ts';
import { threadHost } from './media/thread-host.ts';
import { loadClipBank } from './prompt/load-clips.ts';
import { systemClock } from './runtime/clock.ts';
import { localAddressFor } from './runtime/local-address.ts';
import type { Logger } from './runtime/logger.ts';
import { systemRandom } from './runtime/random.ts';
import { openSipSockets } from './sip/sip-sockets.ts';
import type { BoundAddress } from './sip/sip-sockets.ts';
import type { SipFlow } from './sip/user-agent.ts';

/** A running server. */
export interface App {
  /** How to call it, in a few lines for the terminal. */
  readonly banner: readonly string[];
  /** Takes over what can change while calls stand; see `config/reload.ts`. */
  reload(config: Config): void;
  /** Ends every call with BYE and closes everything; at most about 4 s. */
  stop(): Promise<void>;
}

/** The rate at which rooms of telephone calls mix. */
const MIX_RATE_HZ = 8000;
const SIP_PORT = 5060;
const DATABASE_BUSY_MS = 250;

/**
 * Starts the server on this machine.
 * @throws CodedError with one sentence that names the setting when something cannot be had.
 */
export async function startApp(options: {
  readonly config: Config;
  readonly log: Logger;
  /** `open`: there is no config file. A reservation to try the server with is made and shown. */
  readonly demonstration: 'open' | 'none';
}): Promise<App> {
  const { config, log, demonstration } = options;
  const database = openDatabase({
    file: config.database.file,
    missingFolder: demonstration === 'open' ? 'create' : 'refuse',
    // The main thread must not stand still while another process writes.
    busyTimeoutMs: DATABASE_BUSY_MS,
  });
  try {
    const app = await composeApp(config, {
      clock: systemClock,
      random: systemRandom,
      log,
      database,
      workers: threadHost,
      openSip: openSipSockets,
      loadClips: (current) =>
        loadClipBank({ directory: current.prompts.directory, sampleRateHz: MIX_RATE_HZ, log }),
      localHostFor: (flow) => localAddressFor(listenHostOf(config, flow), flow.remoteHost),
    });
    const heard = app.addresses.map(addressText).join(', ');
    return {
      banner: [
        `Konfa takes calls on ${heard}.`,
        ...(demonstration === 'open' ? demonstrationLines(app) : []),
      ],
      reload: (next) => app.reload(next),
      stop: () => app.stop(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function demonstrationLines(app: ComposedApp): readonly string[] {
  const outcome = app.reservations.demonstration('Konfa', systemClock.wallclockMs());
  if (outcome.outcome === 'refused') return [];
  const { number, pin, adminPin } = outcome.reservation;
  const port = app.addresses[0]?.port ?? SIP_PORT;
  const uri = port === SIP_PORT ? 'sip:908@127.0.0.1' : `sip:908@127.0.0.1:${port}`;
  return [
    `To try it, call ${uri} from this machine, press 1 and key in:`,
    `  conference number  ${number}`,
    `  PIN                ${pin}`,
    `  ADMIN PIN          ${adminPin ?? ''}  (instead of the PIN: you are the moderator)`,
  ];
}

function listenHostOf(config: Config, flow: SipFlow): string {
  return config.sip.listen.find((row) => row.port === flow.localPort)?.host ?? '0.0.0.0';
}

function addressText(address: BoundAddress): string {
  return `${address.transport} ${address.host}:${address.port}`;
}
