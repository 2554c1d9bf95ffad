import type { Utterance } from '../prompt/utterance.ts';
import type { ReasonHeader } from '../sip/user-agent.ts';

/** Why a call ended. Every end has exactly one; it is what the call log keeps. */
export type ReleaseCause =
  // Refused before an answer.
  | 'no-such-number'
  | 'on-net-only'
  | 'too-many-calls'
  | 'too-many-calls-per-second'
  | 'bad-offer'
  | 'no-common-codec'
  | 'no-media-port'
  | 'cancelled'
  | 'shutting-down'
  // Refused to a browser.
  | 'seat-unknown'
  | 'seat-of-another-room'
  | 'too-many-calls-per-minute'
  // Ended by the caller, or with the caller gone.
  | 'caller-hung-up'
  | 'no-ack'
  | 'connection-lost'
  | 'session-expired'
  | 'no-audio-from-caller'
  | 'media-not-secured'
  | 'taken-over'
  // Ended by the entry dialogue.
  | 'no-input'
  | 'too-many-tries'
  | 'refused-for-a-while'
  | 'too-early'
  | 'reservation-over'
  | 'room-locked'
  | 'room-full'
  // Ended in the room.
  | 'removed-by-moderator'
  | 'reservation-ended'
  | 'reservation-deleted'
  | 'ended-by-moderator'
  | 'host-left'
  // Ours to mend.
  | 'media-fault'
  | 'internal-fault';

/** What a cause means to the peer, to the caller's ear and to the log. */
export interface ReleaseVerdict {
  /** Status of the final response when the call was not answered yet. */
  readonly status: number;
  /** Cause value of ITU-T Q.850, for the Reason header (RFC 3326). */
  readonly q850: number;
  readonly text: string;
  /** What the caller hears before the BYE. Empty: nothing, or the dialogue has said it already. */
  readonly utterances: readonly Utterance[];
}

const GOODBYE: Utterance = { say: 'goodbye' };

/** One row for each cause. Q.850: 1 unallocated, 16 normal, 21 rejected, 31 normal unspecified, 41 temporary failure, 42 congestion, 88 incompatible, 102 timer. */
const VERDICTS: Readonly<Record<ReleaseCause, ReleaseVerdict>> = {
  'no-such-number': verdict([404, 1], 'no such number'),
  'on-net-only': verdict([403, 21], 'number is for on-net callers'),
  'too-many-calls': verdict([503, 42], 'too many calls'),
  'too-many-calls-per-second': verdict([503, 42], 'too many calls per second'),
  'bad-offer': verdict([400, 100], 'session description not readable'),
  'no-common-codec': verdict([488, 88], 'no codec in common'),
  'no-media-port': verdict([503, 42], 'no media port free'),
  cancelled: verdict([487, 16], 'cancelled by the caller'),
  'shutting-down': verdict([503, 41], 'server is stopping'),
  'seat-unknown': verdict([403, 21], 'no seat, or not any more'),
  'seat-of-another-room': verdict([403, 21], 'seat is in another room'),
  'too-many-calls-per-minute': verdict([503, 42], 'too many calls per minute'),
  'caller-hung-up': verdict([487, 16], 'caller hung up'),
  'no-ack': verdict([408, 102], 'no ACK'),
  'connection-lost': verdict([500, 41], 'connection lost'),
  'session-expired': verdict([408, 102], 'session was not refreshed'),
  'no-audio-from-caller': verdict([408, 41], 'no audio from the caller'),
  'media-not-secured': verdict([488, 88], 'audio could not be secured'),
  'taken-over': verdict([480, 16], 'taken over by a newer call'),
  'no-input': verdict([480, 16], 'nothing keyed'),
  'too-many-tries': verdict([403, 21], 'too many tries'),
  'refused-for-a-while': verdict([403, 21], 'refused for a while'),
  'too-early': verdict([480, 31], 'before the start'),
  'reservation-over': verdict([480, 31], 'reservation is over'),
  'room-locked': verdict([480, 21], 'room is locked'),
  'room-full': verdict([486, 21], 'room is full'),
  'removed-by-moderator': verdict([480, 16], 'removed by a moderator', [
    { say: 'removed-by-moderator' },
    GOODBYE,
  ]),
  'reservation-ended': verdict([480, 16], 'end of the reservation', [
    { say: 'reservation-ended' },
    GOODBYE,
  ]),
  'reservation-deleted': verdict([480, 16], 'reservation was deleted', [
    { say: 'reservation-ended' },
    GOODBYE,
  ]),
  'ended-by-moderator': verdict([480, 16], 'ended by a moderator', [
    { say: 'ended-by-moderator' },
    GOODBYE,
  ]),
  'host-left': verdict([480, 16], 'the host left', [{ say: 'ended-by-moderator' }, GOODBYE]),
  'media-fault': verdict([500, 41], 'media worker failed', [{ say: 'room-fault' }]),
  'internal-fault': verdict([500, 41], 'internal fault', [{ say: 'room-fault' }]),
};

/** Looks up what a cause means. */
export function releaseVerdict(cause: ReleaseCause): ReleaseVerdict {
  return VERDICTS[cause];
}

/** The Reason header that goes with a cause. */
export function reasonOf(cause: ReleaseCause): ReasonHeader {
  const { q850, text } = VERDICTS[cause];
  return { protocol: 'Q.850', cause: q850, text };
}

function verdict(
  [status, q850]: readonly [number, number],
  text: string,
  utterances: readonly Utterance[] = [],
): ReleaseVerdict {
  return { status, q850, text, utterances };
}
