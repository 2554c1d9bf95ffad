import type { LegHandover } from '../../../mixer/protocol/leg-handover.ts';
import type { LegMedia, MixerCommand } from '../../../mixer/protocol/mixer-command.ts';
import type { MixerEvent } from '../../../mixer/protocol/mixer-event.ts';
import type { DtlsCommand, DtlsEvent, DtlsHost } from '../../../server/media/dtls-host.ts';
import type { MediaEvent, MediaPool, WorkerHost } from '../../../server/media/media-pool.ts';
import { createMediaPool } from '../../../server/media/worker-pool.ts';
import type { Clock } from '../../../server/runtime/clock.ts';

/** A worker that does nothing but what the test lets it do. */
export interface FakeWorker {
  readonly index: number;
  /** What it was told first: its settings and shared ports. */
  readonly greeting: MixerCommand[];
  readonly commands: MixerCommand[];
  say(event: MixerEvent): void;
  exit(reason: string): void;
  terminated: boolean;
}

/** A clock that is moved by hand. */
class FakeClock implements Clock {
  nowMs = 0;
  readonly #due: { readonly atMs: number; readonly run: () => void }[] = [];

  monotonicMs(): number {
    return this.nowMs;
  }

  wallclockMs(): number {
    return this.nowMs;
  }

  schedule(atMs: number, run: () => void): () => void {
    const entry = { atMs, run };
    this.#due.push(entry);
    return () => {
      const index = this.#due.indexOf(entry);
      if (index !== -1) this.#due.splice(index, 1);
    };
  }

  advance(durationMs: number): void {
    const untilMs = this.nowMs + durationMs;
    for (let turn = 0; turn < 1000; turn += 1) {
      const [next] = this.#due
        .filter(({ atMs }) => atMs <= untilMs)
        .sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#due.splice(this.#due.indexOf(next), 1);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    this.nowMs = untilMs;
  }
}

/** A DTLS thread that does nothing but what the test lets it do. */
export class FakeDtls {
  /** What every thread that was ever started has been asked. */
  readonly commands: DtlsCommand[] = [];
  starts = 0;
  say: (event: DtlsEvent) => void = () => undefined;
  exit: (reason: string) => void = () => undefined;
  readonly host: DtlsHost = {
    spawn: (receive, exited) => {
      this.starts += 1;
      this.say = receive;
      this.exit = exited;
      return {
        post: (command) => this.commands.push(command),
        terminate: () => undefined,
      };
    },
  };
}

/** A pool over fake workers. */
export interface PoolStage {
  readonly pool: MediaPool;
  readonly events: MediaEvent[];
  readonly log: { readonly level: string; readonly message: string }[];
  /** Every worker that was ever started, in order. */
  readonly spawned: FakeWorker[];
  readonly clock: FakeClock;
  readonly dtls: FakeDtls;
  /** The last worker in this place. */
  worker(index: number): FakeWorker;
  /** Types of the commands that a worker has got. */
  commandsOf(index: number): readonly string[];
}

/** Media that nobody looks at here. */
export const MEDIA: LegMedia = {
  codec: 'PCMA',
  payloadTypeOut: 8,
  payloadTypesIn: [{ payloadType: 8, codec: 'PCMA' }],
  telephoneEventPayloadType: 101,
  comfortNoisePayloadType: null,
  ptimeOutMs: 20,
  remote: { host: '127.0.0.1', port: 4000 },
  remoteRtcp: null,
  direction: 'sendrecv',
};

/** State of a leg between two workers. */
export const HANDOVER: LegHandover = {
  host: '127.0.0.1',
  port: 10_000,
  media: MEDIA,
  rtpTimeoutMs: 60_000,
  ssrcOut: 1,
  cname: 'c',
  sequenceNumberOut: 2,
  rtpTimestampOut: 3,
  packetsOut: 4,
  octetsOut: 5,
  dueAtMs: 6,
  latched: null,
  reception: {
    started: false,
    ssrcIn: 0,
    baseSequenceNumber: 0,
    extendedHighestSequenceNumber: 0,
    packetsReceived: 0,
    expectedPrior: 0,
    receivedPrior: 0,
    jitter: 0,
    transit: 0,
  },
  dtmfMethod: null,
  microphone: 'live',
  talkGainDb: 0,
  listenGainDb: 0,
  music: 'off',
};

/** Final figures of a leg that has done nothing. */
export const NO_STATISTICS = {
  packetsIn: 0,
  packetsOut: 0,
  packetsLost: 0,
  jitterMs: 0,
  dtmfMethod: null,
} as const;

/** Starts a pool of `workers` fake workers over `portRange`. */
export function createPoolStage(
  workers: number,
  portRange: readonly [number, number] = [10_000, 10_099],
): PoolStage {
  const events: MediaEvent[] = [];
  const log: { level: string; message: string }[] = [];
  const spawned: FakeWorker[] = [];
  const clock = new FakeClock();
  const dtls = new FakeDtls();
  const host: WorkerHost = {
    spawn(index, receive, exited) {
      const worker: FakeWorker = {
        index,
        greeting: [],
        commands: [],
        say: receive,
        exit: exited,
        terminated: false,
      };
      spawned.push(worker);
      return {
        post: (command) => {
          const isGreeting = command.type === 'set-opus' || command.type === 'open-shared-ports';
          (isGreeting ? worker.greeting : worker.commands).push(command);
        },
        terminate: () => {
          worker.terminated = true;
          exited('terminated');
        },
      };
    },
  };
  const note =
    (level: string) =>
    (message: string): void => {
      log.push({ level, message });
    };
  const pool = createMediaPool({
    host,
    workers,
    portRange,
    rtpTimeoutMs: 60_000,
    dtls: dtls.host,
    sharedPorts: (worker) => [
      { host: '127.0.0.1', port: 30_000 + worker, transports: ['udp', 'tcp'] },
    ],
    opus: { bitrate: 32_000, complexity: 5 },
    clock,
    random: { hex: () => '00', integer: () => 0 },
    emit: (event) => events.push(event),
    log: { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
  });
  const worker = (index: number): FakeWorker => {
    const found = spawned.filter((candidate) => candidate.index === index).at(-1);
    if (found === undefined) throw new Error(`no worker ${index}`);
    return found;
  };
  return {
    pool,
    events,
    log,
    spawned,
    clock,
    dtls,
    worker,
    commandsOf: (index) => worker(index).commands.map(({ type }) => type),
  };
}

/** Opens a leg and lets its worker answer; the number of that worker. */
export function openLeg(stage: PoolStage, legId: string): number {
  stage.pool.openLeg({ legId, host: '127.0.0.1', media: MEDIA });
  const worker = stage.spawned.find(({ commands }) =>
    commands.some((command) => command.type === 'open-leg' && command.legId === legId),
  );
  if (worker === undefined) throw new Error(`${legId} was not opened`);
  worker.say({ type: 'leg-opened', legId });
  return worker.index;
}
