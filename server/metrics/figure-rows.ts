import type { ServerFigures, TrunkFigures, WorkerFigures } from './server-figures.ts';

/** One value of a metric. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric that is read from the figures. */
export interface FigureRow {
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'gauge';
  readonly labels: readonly string[];
  /** Nothing for figures that are left out. */
  readonly read: (figures: Partial<ServerFigures>) => readonly Sample[];
}

type PlainFigure =
  | ('transactions' | 'dialogs' | 'malformed' | 'strangers' | 'retransmissionsReceived')
  | ('overloadRefusals' | 'banned' | 'rooms' | 'people' | 'calls');

function plain(kind: FigureRow['kind'], figure: PlainFigure, named: string[]): FigureRow {
  const [name = '', help = ''] = named;
  return { name, help, kind, labels: [], read: (figures) => single(figures[figure]) };
}

/** Each key of a record is the value of one label. */
function keyed(
  row: Pick<FigureRow, 'name' | 'help' | 'kind'> & { readonly label: string },
  valuesOf: (figures: Partial<ServerFigures>) => Readonly<Record<string, number>> | undefined,
): FigureRow {
  const { label, ...rest } = row;
  return {
    ...rest,
    labels: [label],
    read: (figures) =>
      Object.entries(valuesOf(figures) ?? {}).map(([key, value]) => ({
        labels: { [label]: key },
        value,
      })),
  };
}

function ofWorkers(
  kind: FigureRow['kind'],
  figure: Exclude<keyof WorkerFigures, 'worker'>,
  named: string[],
): FigureRow {
  const [name = '', help = ''] = named;
  const row = { name, help, kind, label: 'worker' } as const;
  return keyed(row, ({ workers = [] }) =>
    Object.fromEntries(workers.map((each) => [each.worker, each[figure]])),
  );
}

/** Where a trunk cannot be reached it counts 0. */
function ofTrunks(
  named: readonly [name: string, help: string],
  valueOf: (trunk: TrunkFigures) => number | null,
): FigureRow {
  const [name, help] = named;
  return {
    ...{ name, help, kind: 'gauge', labels: ['trunk'] },
    read: ({ trunks = [] }) =>
      trunks.flatMap((trunk) => {
        const value = valueOf(trunk);
        return value === null ? [] : [{ labels: { trunk: trunk.name }, value }];
      }),
  };
}

function single(value: number | undefined): readonly Sample[] {
  return value === undefined ? [] : [{ labels: {}, value }];
}

const HOST_UP: FigureRow = {
  name: 'konfa_trunk_host_up',
  help: 'Whether a host of a trunk answers pings. Hosts that are not pinged are left out.',
  kind: 'gauge',
  labels: ['trunk', 'host'],
  read: ({ trunks = [] }) =>
    trunks.flatMap(({ name, hosts }) =>
      hosts
        .filter(({ state }) => state !== 'unknown')
        .map(({ host, state }) => ({
          labels: { trunk: name, host },
          value: state === 'up' ? 1 : 0,
        })),
    ),
};

const MALFORMED = ['konfa_sip_malformed_total', 'Messages that were not SIP.'];
const STRANGERS = ['konfa_sip_strangers_total', 'Messages from addresses on no trunk.'];
const CAME_AGAIN = [
  'konfa_sip_retransmissions_received_total',
  'Messages that came again and were known.',
];
const OVERLOAD = ['konfa_sip_overload_refusals_total', 'New calls refused with 503.'];

/** All metrics that are read from the figures. */
export const FIGURE_ROWS: readonly FigureRow[] = [
  plain('gauge', 'transactions', ['konfa_sip_transactions', 'SIP transactions that stand.']),
  plain('gauge', 'dialogs', ['konfa_sip_dialogs', 'SIP dialogs that stand.']),
  keyed(
    {
      name: 'konfa_sip_connections',
      help: 'Connections of SIP that stand.',
      kind: 'gauge',
      label: 'kind',
    },
    ({ connections }) => connections,
  ),
  plain('counter', 'malformed', MALFORMED),
  plain('counter', 'strangers', STRANGERS),
  plain('counter', 'retransmissionsReceived', CAME_AGAIN),
  plain('counter', 'overloadRefusals', OVERLOAD),
  keyed(
    {
      name: 'konfa_guard_offences_total',
      help: 'Failures of sources, by kind.',
      kind: 'counter',
      label: 'offence',
    },
    ({ guard }) => guard?.offences,
  ),
  keyed(
    {
      name: 'konfa_guard_drops_total',
      help: 'Messages and connections dropped unseen.',
      kind: 'counter',
      label: 'why',
    },
    ({ guard }) => guard && { banned: guard.droppedBanned, flood: guard.droppedFlood },
  ),
  {
    ...{ name: 'konfa_guard_bans_total', help: 'Bans so far.', kind: 'counter', labels: [] },
    read: ({ guard }) => single(guard?.bans),
  },
  plain('gauge', 'banned', ['konfa_guard_banned', 'Sources that are banned now.']),
  ofTrunks(['konfa_trunk_calls', 'Calls of a trunk that are not over.'], ({ calls }) => calls),
  ofTrunks(
    ['konfa_trunk_registered', 'Whether a trunk is registered. Those that need not are left out.'],
    ({ registration }) => (registration === 'none' ? null : registration === 'registered' ? 1 : 0),
  ),
  HOST_UP,
  plain('gauge', 'calls', ['konfa_calls', 'Calls that are not over.']),
  plain('gauge', 'rooms', ['konfa_rooms', 'Rooms with people in them.']),
  plain('gauge', 'people', ['konfa_people', 'People in all rooms together.']),
  ofWorkers('counter', 'ticks', ['konfa_media_ticks_total', 'Ticks of 20 ms that were mixed.']),
  ofWorkers('counter', 'lateTicks', ['konfa_media_late_ticks_total', 'Ticks made up for late.']),
  ofWorkers('counter', 'skippedTicks', ['konfa_media_skipped_ticks_total', 'Ticks left out.']),
  ofWorkers('counter', 'overdueDeadlines', [
    'konfa_media_overdue_deadlines_total',
    'Deadlines of ticks met later than 5 ms.',
  ]),
  ofWorkers('gauge', 'legs', ['konfa_media_legs', 'Media endpoints of a worker.']),
  keyed(
    { name: 'konfa_trace', help: 'What the trace holds.', kind: 'gauge', label: 'what' },
    ({ trace }) => trace && { calls: trace.calls, bytes: trace.bytes },
  ),
  keyed(
    {
      name: 'konfa_hep_copies_total',
      help: 'Copies of messages for the collector.',
      kind: 'counter',
      label: 'outcome',
    },
    ({ hep }) => hep && { sent: hep.sent, dropped: hep.dropped },
  ),
];
