import type { TrunkStatus } from '../control/trunk-status.ts';
import { printable } from '../trace/printable.ts';
import { tableLines } from './reservation-view.ts';

type Registration = NonNullable<TrunkStatus['registration']>;
type HostStatus = TrunkStatus['hosts'][number];

/** A trunk as `konfa trunks` shows it. `timeOf` — writes an instant of the wall clock. */
export function trunkLines(
  trunk: TrunkStatus,
  timeOf: (atMs: number) => string,
): readonly string[] {
  const { name, transport, calls, maxCalls, registration, hosts } = trunk;
  const most = maxCalls === null ? '' : ` of at most ${maxCalls}`;
  const rows = hosts.map((host) => hostRow(host, timeOf));
  return [
    `${name}  ${transport}, ${calls === 1 ? '1 call' : `${calls} calls`}${most}`,
    ...(registration === null ? [] : registrationLines(registration, timeOf)),
    ...(registration === null && hosts.length === 0 ? ['  only calls us: it has no hosts'] : []),
    ...tableLines(rows).map((line) => `  ${line}`),
  ].map(printable);
}

function registrationLines(
  registration: Registration,
  timeOf: (atMs: number) => string,
): readonly string[] {
  const { state, server, registeredUntilWallclockMs: untilMs } = registration;
  const until = untilMs === null ? '' : ` until ${timeOf(untilMs)}`;
  const next = registration.nextTryWallclockMs;
  const again = next === null ? '' : `, tried again at ${timeOf(next)}`;
  const since = `since ${timeOf(registration.sinceWallclockMs)}`;
  const seenAs =
    registration.seenAs === null ? [] : [`  seen there as ${registration.seenAs}, through a NAT`];
  switch (state) {
    case 'registered':
      return [
        `  registered with ${server} ${since}${until}`,
        ...(registration.lastError === null
          ? []
          : [`  not refreshed${whyOf(registration)}${again}`]),
        ...seenAs,
      ];
    case 'registering':
      return [`  registering with ${server} ${since}${whyOf(registration)}${again}`];
    case 'failing':
      return [`  not registered with ${server} ${since}${whyOf(registration)}${again}`];
    case 'refused':
      return [`  refused by ${server} ${since}${whyOf(registration)}${again}`];
    case 'stopped':
      return [`  registration with ${server} taken back ${since}`];
  }
}

function whyOf({ lastStatus, lastError }: Pick<Registration, 'lastStatus' | 'lastError'>): string {
  const status = lastStatus === null ? '' : String(lastStatus);
  const why = lastError ?? '';
  // The words may begin with the number already.
  const words = status === '' || why.startsWith(status) ? why : `${status} ${why}`.trim();
  return words === '' ? '' : `: ${words}`;
}

function hostRow(host: HostStatus, timeOf: (atMs: number) => string): readonly string[] {
  const { state, use, address, roundTripMs } = host;
  const answered = roundTripMs === null ? '' : `, answers in ${Math.round(roundTripMs)} ms`;
  const since = `since ${timeOf(host.sinceWallclockMs)}`;
  const detail = {
    up: `${since}${answered}`,
    down: `${since}${whyOf(host)}`,
    // Whoever was never heard of has been in no state since anything.
    unknown: whyOf(host).replace(/^: /u, ''),
  }[state];
  return [state, host.host, address ?? 'no address', use, detail];
}
