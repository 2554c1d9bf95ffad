import type { LegHandover, ReceptionSnapshot } from './protocol/leg-handover.ts';
import type { LegMedia } from './protocol/mixer-command.ts';
import type { DurationMs } from './protocol/units.ts';

/** What a leg is asked to be. Without ports of its own: an empty host and port 0. */
interface NewLeg {
  readonly host: string;
  readonly port: number;
  readonly media: LegMedia;
  readonly rtpTimeoutMs: DurationMs;
}

/**
 * A leg that is new begins like one that is handed over, with numbers nobody can guess (RFC 3550 §5.1). `random` gives a
 * number from 0 up to 1, anew each time.
 */
export function newLegState(leg: NewLeg, random: () => number): LegHandover {
  const { host, port, media, rtpTimeoutMs } = leg;
  const below = (limit: number): number => Math.floor(random() * limit);
  return {
    host,
    port,
    media,
    rtpTimeoutMs,
    ssrcOut: below(2 ** 32),
    cname: `${below(2 ** 32).toString(36)}${below(2 ** 32).toString(36)}`,
    sequenceNumberOut: below(2 ** 16),
    rtpTimestampOut: below(2 ** 32),
    packetsOut: 0,
    octetsOut: 0,
    dueAtMs: 0,
    latched: null,
    reception: NOTHING_RECEIVED,
    dtmfMethod: null,
    microphone: 'live',
    talkGainDb: 0,
    listenGainDb: 0,
    music: 'off',
  };
}

/** Reception of a leg that has received nothing. */
const NOTHING_RECEIVED: ReceptionSnapshot = {
  started: false,
  ssrcIn: 0,
  baseSequenceNumber: 0,
  extendedHighestSequenceNumber: 0,
  packetsReceived: 0,
  expectedPrior: 0,
  receivedPrior: 0,
  jitter: 0,
  transit: 0,
};
