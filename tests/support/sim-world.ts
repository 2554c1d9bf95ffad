import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../db/open-database.ts';
import type { Connection } from '../../db/open-database.ts';
import { MixerCore } from '../../mixer/mixer-core.ts';
import { createNodeSrtpSession } from '../../mixer/transport/srtp/node-srtp.ts';
import type { Facts } from '../../mixer/protocol/coded-error.ts';
import type { ClipBank } from '../../mixer/protocol/mixer-command.ts';
import type { WallclockMs } from '../../mixer/protocol/units.ts';
import { composeApp } from '../../server/compose.ts';
import type { ComposedApp } from '../../server/compose.ts';
import { parseConfig } from '../../server/config/config.ts';
import type { Config } from '../../server/config/config.ts';
import type { WorkerHost } from '../../server/media/media-pool.ts';
import { loadClipBank } from '../../server/prompt/load-clips.ts';
import type { CallRecord } from '../../server/reservation/call-record.ts';
import type { Logger } from '../../server/runtime/logger.ts';
import { systemRandom } from '../../server/runtime/random.ts';
import type { SipSockets } from '../../server/sip/sip-sockets.ts';
import { noCounts } from '../../server/sip/socket-counts.ts';
import type { SipInput } from '../../server/sip/user-agent.ts';
import { noSharedPorts } from './no-shared-ports.ts';
import { SimClock } from './sim-clock.ts';
import { SimNetwork, SimPacketIo } from './sim-network.ts';
import { createSimAlarm, SimPost } from './sim-post.ts';
import { readSip, SimCall } from './sim-phone.ts';
import { header } from './sip-text.ts';
import type { SipText } from './sip-text.ts';

/** A line of the log as the server wrote it. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly facts: Facts;
}

const TICK_MS = 20;
const SIP_DELAY_MS = 1;
/** A Sunday at noon in Warsaw. */
export const SIM_START_MS: WallclockMs = Date.UTC(2026, 2, 1, 11, 0, 0);

let bank: ClipBank | null = null;

/** The recordings, read once in a process. */
export function simClips(): ClipBank {
  bank ??= loadClipBank({
    directory: null,
    sampleRateHz: 8000,
    log: {
      warn(message) {
        throw new Error(message);
      },
    },
  });
  return bank;
}

/**
 * The whole server with simulated time, network and threads: real signalling, rooms, bookings, database and mixer.
 * A minute passes in as long as it takes to compute.
 */
export class SimWorld {
  readonly clock: SimClock;
  readonly network = new SimNetwork();
  /** What people were told by e-mail and SMS. */
  readonly post = new SimPost();
  readonly log: LogLine[] = [];
  /** Messages of the server that belong to no call of ours. */
  readonly strays: SipText[] = [];
  readonly config: Config;
  readonly #folder: string;
  readonly #database: Connection;
  readonly #calls = new Map<string, SimCall>();
  readonly #crashes: ((reason: string) => void)[] = [];
  #toServer: (input: SipInput) => void = () => undefined;
  #app: ComposedApp | null = null;
  #phones = 0;
  /** How long a message takes from thread to thread. */
  threadDelayMs = 0;
  /** How long it takes to read certificates again. */
  certificatesMs = 0;

  private constructor(settings: Readonly<Record<string, unknown>>) {
    this.clock = new SimClock(SIM_START_MS);
    this.#folder = mkdtempSync(join(tmpdir(), 'konfa-sim-'));
    this.config = parseConfig(settings);
    this.#database = openDatabase({
      file: join(this.#folder, 'konfa.db'),
    });
  }

  /** Starts a server with these settings. `early` — SIP that comes while its sockets are still being opened. */
  static async open(
    settings: Readonly<Record<string, unknown>> = {},
    early: readonly string[] = [],
  ): Promise<SimWorld> {
    const world = new SimWorld({ media: { workers: 1 }, prompts: { language: 'en' }, ...settings });
    world.#app = await composeApp(world.config, {
      clock: world.clock,
      random: systemRandom,
      log: world.#logger(),
      database: world.#database,
      workers: world.#workers(),
      dtls: null,
      addresses: [],
      openSip: async (options) => {
        const sockets = world.#sockets(options.receive);
        for (const text of early) world.#toServer(udpInput('127.0.0.1', text));
        return sockets;
      },
      loadClips: simClips,
      localHostFor: () => '127.0.0.1',
      email: world.post.email,
      sms: world.post.sms,
      post: async () => ({ outcome: 'no-answer', reason: 'simulated' }),
      createAlarm: (ring) => createSimAlarm(world.clock, ring),
      publicUrl: 'https://konfa.example.org',
      linkKey: new Uint8Array(32),
    });
    return world;
  }

  get app(): ComposedApp {
    if (this.#app === null) throw new Error('the server has not started');
    return this.#app;
  }

  /** Ends the server and removes its files. */
  async close(): Promise<void> {
    let stopped = 'no';
    const stop = this.app.stop().then(() => {
      stopped = 'yes';
    });
    for (let turn = 0; turn < 100 && stopped === 'no'; turn += 1) await this.clock.advance(100);
    await stop;
    rmSync(this.#folder, { recursive: true });
  }

  /** Lets time pass. */
  run(durationMs: number): Promise<void> {
    return this.clock.advance(durationMs);
  }

  /** A phone that nobody has used calls; it has an address and a number of its own unless told. */
  call(
    called = '908',
    line: {
      readonly host?: string;
      readonly number?: string;
      readonly codec?: 'PCMA' | 'PCMU';
      readonly headers?: readonly (readonly [name: string, value: string])[];
    } = {},
  ): SimCall {
    this.#phones += 1;
    const host = line.host ?? hostOf(this.#phones);
    const call: SimCall = new SimCall(
      {
        clock: this.clock,
        network: this.network,
        host,
        number: line.number ?? String(600_000_000 + this.#phones),
        codec: line.codec ?? 'PCMA',
        headers: line.headers ?? [],
        sendSip: (text) => this.#sipFromPhone(host, text),
      },
      called,
      (callId, each) => this.#calls.set(callId, each),
    );
    return call;
  }

  /** Lets go of a phone that has ended its call, with all that it heard. */
  forget(call: SimCall): void {
    this.#calls.delete(call.callId);
  }

  /** The media worker of this index crashes. */
  crashWorker(index: number): void {
    this.#crashes[index]?.('crashed by the test');
  }

  /** The database, for another process to open. */
  get databaseFile(): string {
    return join(this.#folder, 'konfa.db');
  }

  /** The database fails from now on: every query throws. */
  breakDatabase(): void {
    this.#database.close();
  }

  /** The disk is full: the database grows no more. */
  fillDisk(): void {
    this.#database.pragma('wal_checkpoint(TRUNCATE)');
    this.#database.pragma('max_page_count = 1');
  }

  /** A SIP message as it is, from UDP port 5060 of a host. What the server answers to no call of ours is in `strays`. */
  sendSip(host: string, text: string): void {
    this.#sipFromPhone(host, text);
  }

  /** The call log, newest first. */
  records(): readonly CallRecord[] {
    return this.app.organising.callLog.list(1000);
  }

  #sipFromPhone(host: string, text: string): void {
    this.clock.schedule(this.clock.monotonicMs() + SIP_DELAY_MS, () => {
      this.#toServer(udpInput(host, text));
    });
  }

  #sockets(receive: (input: SipInput) => void): SipSockets {
    this.#toServer = receive;
    return {
      addresses: [{ transport: 'udp', host: '127.0.0.1', port: 5060 }],
      perform: (action) => {
        if (action.type !== 'send') return;
        const message = readSip(action.bytes);
        const call = this.#calls.get(header(message, 'call-id'));
        this.clock.schedule(this.clock.monotonicMs() + SIP_DELAY_MS, () => {
          if (call === undefined) this.strays.push(message);
          else call.receive(message);
        });
      },
      figures: { accepted: 0, made: 0, ...noCounts() },
      keepAwake: () => {},
      letSleep: () => {},
      reloadCertificates: () =>
        new Promise((resolve) => {
          this.clock.schedule(this.clock.monotonicMs() + this.certificatesMs, resolve);
        }),
      close: async () => undefined,
    };
  }

  #workers(): WorkerHost {
    return {
      spawn: (index, receive, exited) => {
        let state: 'running' | 'gone' = 'running';
        const mixer = new MixerCore({
          io: new SimPacketIo(this.network, this.clock),
          createMux: () => noSharedPorts(),
          createSrtp: createNodeSrtpSession,
          emit: (event) => {
            this.clock.schedule(this.clock.monotonicMs() + this.threadDelayMs, () => {
              if (state === 'gone') return;
              if (event.type !== 'stopped') return receive(event);
              state = 'gone';
              exited('stopped');
            });
          },
          random: Math.random,
          wallclockOffsetMs: this.clock.wallclockMs() - this.clock.monotonicMs(),
        });
        const tick = (): void => {
          if (state === 'gone') return;
          mixer.tick(this.clock.monotonicMs());
          this.clock.schedule(this.clock.monotonicMs() + TICK_MS, tick);
        };
        this.clock.schedule(this.clock.monotonicMs() + TICK_MS, tick);
        this.clock.schedule(this.clock.monotonicMs(), () => receive({ type: 'ready' }));
        const end = (): void => {
          if (state === 'gone') return;
          state = 'gone';
          mixer.handle({ type: 'shut-down' }, this.clock.monotonicMs());
        };
        this.#crashes[index] = (reason) => {
          end();
          exited(reason);
        };
        return {
          post: (command) => {
            this.clock.schedule(this.clock.monotonicMs() + this.threadDelayMs, () => {
              if (state === 'running') mixer.handle(command, this.clock.monotonicMs());
            });
          },
          terminate: end,
        };
      },
    };
  }

  #logger(): Logger {
    const write =
      (level: string) =>
      (message: string, facts: Facts = {}): void => {
        this.log.push({ level, message, facts });
      };
    const logger: Logger = {
      error: write('error'),
      warn: write('warn'),
      info: write('info'),
      debug: write('debug'),
      child: () => logger,
      setLevel: () => undefined,
      reopen: () => undefined,
      close: () => undefined,
    };
    return logger;
  }
}

/** An address for each phone: 127.0.1.1 and on. */
function hostOf(phone: number): string {
  return `127.0.${1 + Math.floor((phone - 1) / 250)}.${1 + ((phone - 1) % 250)}`;
}

function udpInput(remoteHost: string, text: string): SipInput {
  const ports = { remotePort: 5060, localPort: 5060 };
  const flow = { transport: 'udp', flowId: 'sim', remoteHost, ...ports } as const;
  return { type: 'received', flow, bytes: Buffer.from(text) };
}
