import { startDiskWriter } from '../db/disk-writer.ts';
import type { DiskWriter } from '../db/disk-writer.ts';
import { openDatabase } from '../db/open-database.ts';
import type { Connection } from '../db/open-database.ts';
import { composePanel } from './compose-panel.ts';
import { composeApp } from './compose.ts';
import type { ComposedApp } from './compose.ts';
import { thisMachine } from './platform.ts';
import type { Config } from './config/config.ts';
import type { WorkerHost } from './media/media-pool.ts';
import { metricsHandler } from './metrics/metrics-handler.ts';
import { listenHttp } from './panel/http-server.ts';
import type { HttpServer, HttpServerOptions } from './panel/http-server.ts';
import { createLiveSocket } from './panel/live-socket.ts';
import type { LiveSocket } from './panel/live-socket.ts';
import { staticFiles } from './panel/static-files.ts';
import { createUpgradeRouter } from './panel/upgrades.ts';
import type { UpgradeListener } from './panel/upgrades.ts';
import { everyNight } from './retention/nightly.ts';
import { systemClock } from './runtime/clock.ts';
import type { Logger } from './runtime/logger.ts';
import { createOwnTurns } from './runtime/own-turns.ts';
import { productVersion } from './runtime/project-root.ts';
import type { BoundAddress } from './sip/outbound-flow.ts';

/** A running server. */
export interface App {
  /** How to reach it, in a few lines for the terminal. */
  readonly banner: readonly string[];
  /** Takes over what can change while calls stand; see `config/reload.ts`. */
  reload(config: Config): void;
  /** Ends every call with BYE and closes everything; at most about 4 s. */
  stop(): Promise<void>;
}

const SIP_PORT = 5060;
const DATABASE_BUSY_MS = 250;

/** What the server is started with. */
interface StartOptions {
  readonly config: Config;
  readonly log: Logger;
  /** `open`: there is no config file. A reservation to try the server with is made and shown. */
  readonly demonstration: 'open' | 'none';
  /** Left out: threads of this process. */
  readonly workers?: WorkerHost;
}

/**
 * Starts the server on this machine.
 * @throws CodedError with one sentence that names the setting when something cannot be had.
 */
export async function startApp(options: StartOptions): Promise<App> {
  const { config, log } = options;
  const database = openDatabase({
    file: config.database.file,
    // The main thread must not stand still while another process writes.
    busyTimeoutMs: DATABASE_BUSY_MS,
    // Nor while the disk does: whatever confirms something waits for `onDisk`.
    commits: 'flush-later',
  });
  const disk = startDiskWriter(database, (reason) => log.error('database thread', { reason }));
  try {
    const panel = await openPanel(config, log);
    try {
      return await startBehind(panel, options, { database, disk });
    } catch (error) {
      await panel.server.close();
      throw error;
    }
  } catch (error) {
    database.close();
    await disk.stop();
    throw error;
  }
}

/** Who answers at the panel's socket: requests, and connections that become WebSockets. */
interface Answers {
  readonly handler: HttpServerOptions['handler'];
  readonly onUpgrade: UpgradeListener;
}

/** The panel's socket, which is open before there is anybody to answer. */
interface OpenPanel {
  readonly server: HttpServer;
  readonly publicUrl: string;
  answerWith(answers: Answers): void;
}

/** The socket comes first, since links begin with its address where nothing else is configured. */
async function openPanel(config: Config, log: Logger): Promise<OpenPanel> {
  let answers: Answers = {
    handler: (_, response) => response.writeHead(503, { 'Retry-After': '1' }).end(),
    onUpgrade: (_, socket) => socket.destroy(),
  };
  const server = await listenHttp({
    listen: config.http.listen,
    handler: (request, response) => answers.handler(request, response),
    onUpgrade: (request, socket, head) => answers.onUpgrade(request, socket, head),
    clock: systemClock,
    log,
  });
  return {
    server,
    publicUrl: (config.http.publicUrl ?? server.origin).replace(/\/$/u, ''),
    answerWith(next) {
      answers = next;
    },
  };
}

async function startBehind(
  panel: OpenPanel,
  options: StartOptions,
  { database, disk }: { readonly database: Connection; readonly disk: DiskWriter },
): Promise<App> {
  const { config, log } = options;
  const { publicUrl } = panel;
  const { onDisk } = disk;
  const machine = thisMachine(config, log, { database, onDisk, publicUrl });
  const platform = { ...machine, workers: options.workers ?? machine.workers };
  const app = await composeApp(config, platform);
  const { organising, switchboard } = app;
  const pages = staticFiles({ log });
  const version = productVersion();
  const live = createLiveSocket({ live: switchboard.live, clock: systemClock });
  panel.answerWith({
    handler: composePanel({
      ...{ config, organising, switchboard, platform, pages, version },
      desk: app.desk,
      guests: switchboard.guests,
      metrics: metricsHandler(app.metrics, config.metrics.allowFrom),
      lockOf: (roomId) => switchboard.lockOf(roomId),
    }),
    onUpgrade: upgradesOf(config, app, live),
  });
  const stopPurging = purgeNightly(config, app, log);
  return {
    banner: bannerOf(app, panel, options.demonstration),
    reload: (next) => app.reload(next),
    async stop() {
      stopPurging();
      // Calls end first, so that browsers are told why before their connections go.
      const stopped = app.stop();
      live.close();
      await panel.server.close();
      await stopped;
      await disk.stop();
    },
  };
}

/** Browsers' signalling and what they see of their room come on the panel's own port. */
function upgradesOf(config: Config, app: ComposedApp, live: LiveSocket): UpgradeListener {
  const { enabled, maxConnections, connectionsPerAddress } = config.webrtc;
  if (!enabled) return (_, socket) => socket.destroy();
  return createUpgradeRouter(
    {
      '/sip': (upgrade) => app.webSocket.accept(upgrade),
      '/live': live.handle,
    },
    {
      trustProxy: config.http.trustProxy,
      publicUrl: config.http.publicUrl,
      // A guest has two: one to call and one to watch.
      maxConnections: 2 * maxConnections,
      connectionsPerAddress: 2 * connectionsPerAddress,
    },
  );
}

/** Removes what is too old; a database that fails is tried again the next night. */
function purgeNightly(config: Config, app: ComposedApp, log: Logger): () => void {
  const when = { time: config.retention.purgeAt, zone: config.reservations.timeZone };
  const pause = createOwnTurns();
  return everyNight(when, () => {
    app.organising.retention.purge(systemClock.wallclockMs(), pause).catch((error: unknown) => {
      log.error('old data not removed', { error: String(error) });
    });
  });
}

function bannerOf(
  app: ComposedApp,
  panel: OpenPanel,
  demonstration: 'open' | 'none',
): readonly string[] {
  const heard = app.addresses.map(addressText).join(', ');
  const setup = app.organising.accounts.setupLink(systemClock.wallclockMs());
  return [
    `Konfa takes calls on ${heard}.`,
    `The panel is at ${panel.publicUrl}`,
    ...(setup === null ? [] : ['Its first administrator signs up here, once:', `  ${setup}`]),
    ...(demonstration === 'open' ? demonstrationLines(app) : []),
  ];
}

function demonstrationLines(app: ComposedApp): readonly string[] {
  const outcome = app.organising.reservations.demonstration('Konfa', systemClock.wallclockMs());
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

function addressText(address: BoundAddress): string {
  return `${address.transport} ${address.host}:${address.port}`;
}
