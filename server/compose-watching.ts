import type { Switchboard } from './call/switchboard.ts';
import type { Config } from './config/config.ts';
import { banCommands } from './control/ban-status.ts';
import type { ControlHandlers } from './control/control-handlers.ts';
import { trunkCommands } from './control/trunk-status.ts';
import type { WorkerReport } from './media/media-pool-parts.ts';
import { createMetrics } from './metrics/metrics.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { ServerFigures, TrunkFigures } from './metrics/server-figures.ts';
import { WorkerTally } from './metrics/worker-tally.ts';
import type { Clock } from './runtime/clock.ts';
import type { OperatorDesk } from './compose-operator-desk.ts';
import type { Signalling } from './compose-signalling.ts';
import type { SipSockets } from './sip/sip-sockets-options.ts';
import type { SipAction, SipInput } from './sip/user-agent.ts';
import { createSipTrace } from './trace/sip-trace.ts';
import type { HepSender } from './trace/hep-sender.ts';
import type { SipTrace } from './trace/sip-trace.ts';
import { createTraceBook } from './trace/trace-book.ts';
import { traceCommands } from './trace/trace-commands.ts';

/** Sees every SIP message at the edge: the trace, copies to a collector, counters. */
export interface SipTap {
  received(input: SipInput): void;
  sent(action: SipAction): void;
}

/** What there is to be watched. Known only when all is put together. */
export interface Watched {
  readonly switchboard: Switchboard;
  readonly signalling: Signalling;
  readonly desk: OperatorDesk;
  readonly sockets: SipSockets;
}

/** Those who look on. */
export interface Watching {
  readonly tap: SipTap;
  readonly trace: SipTrace;
  readonly metrics: Metrics;
  /** Figures of a media worker have come. */
  workerFigures(worker: number, report: WorkerReport): void;
  /** From now on there is something to be seen. */
  watch(watched: Watched): void;
  /** Commands of the control socket. */
  commands(desk: OperatorDesk): ControlHandlers;
}

/** Joins the trace, the counters and copies to a collector (`hep`) into one tap, and makes the figures for monitoring. */
export function composeWatching(
  config: Config,
  clock: Clock,
  options: { readonly hep: HepSender | null; readonly ownProcess: 'shown' | 'left-out' },
): Watching {
  const { hep } = options;
  const trace = createSipTrace(createTraceBook(config.sip.trace), hep === null ? [] : [hep]);
  const workers = new WorkerTally();
  let watched: Watched | null = null;
  const metrics = createMetrics({
    figures: () =>
      watched === null
        ? {}
        : {
            ...figuresOf(watched, clock),
            ...{ workers: workers.figures, trace: trace.book.figures },
            ...(hep === null ? {} : { hep: hep.figures }),
          },
    ownProcess: options.ownProcess,
  });
  return {
    ...{ trace, metrics },
    tap: tapOf(trace, metrics, clock),
    workerFigures(worker, report) {
      workers.add(worker, report);
    },
    watch(next) {
      watched = next;
    },
    commands: (desk) => ({
      ...traceCommands(trace.book),
      ...trunkCommands(() => desk.trunks()),
      ...banCommands({
        bans: () => desk.bans(),
        lift: (source) => desk.lift(source, 'konfa bans'),
      }),
    }),
  };
}

function tapOf(trace: SipTrace, metrics: Metrics, clock: Clock): SipTap {
  return {
    received(input) {
      if (input.type !== 'received') return;
      metrics.sip.received(input.bytes);
      trace.received(input, clock.wallclockMs());
    },
    sent(action) {
      if (action.type !== 'send') return;
      metrics.sip.sent(action.bytes, action.again === true ? 'again' : 'first');
      trace.sent(action, clock.wallclockMs());
    },
  };
}

function figuresOf(watched: Watched, clock: Clock): Partial<ServerFigures> {
  const { switchboard, signalling, sockets } = watched;
  const { endpoint, guard } = signalling;
  return {
    transactions: endpoint.figures.transactions,
    dialogs: endpoint.figures.dialogs,
    connections: { accepted: sockets.figures.accepted, made: sockets.figures.made },
    malformed: endpoint.figures.malformedMessages,
    strangers: endpoint.figures.untrustedMessages,
    retransmissionsReceived: endpoint.figures.repeatsReceived,
    overloadRefusals: endpoint.figures.refusedByLoad,
    guard: guard.figures,
    banned: guard.bans(clock.monotonicMs()).length,
    trunks: trunkFigures(watched),
    rooms: switchboard.rooms,
    people: switchboard.people,
    calls: switchboard.calls,
  };
}

function trunkFigures({ desk }: Watched): readonly TrunkFigures[] {
  return desk.trunks().map(({ name, calls, registration, hosts }) => ({
    ...{ name, calls, hosts },
    registration:
      registration === null
        ? 'none'
        : registration.state === 'registered'
          ? 'registered'
          : 'unregistered',
  }));
}
