import type { RtpHeader } from './rtp-packet.ts';

/** Sizes of a buffer. Samples are units of the RTP clock. */
export interface JitterBufferOptions {
  /** What a leg plays in one tick: 160 at 8 kHz and 20 ms. */
  readonly frameSamples: number;
  /** Audio beyond this is dropped at once: 1,600 is 200 ms at 8 kHz. */
  readonly maxDelaySamples: number;
}

/** Longest payload that is stored. */
export const MAX_PAYLOAD_BYTES = 640;

/** What `put` did. `restarted`: stored as the first packet of a new stream (SSRC, sequence or time stamp jumped). */
export type PutOutcome = 'stored' | 'restarted' | 'duplicate' | 'late' | 'refused';

/**
 * What `take` serves. `packet`: decode it. `lost`: a packet of that time is missing although later ones are here.
 * `empty`: nothing is here yet. After `lost` and `empty` the caller makes up `durationSamples` samples.
 */
export type TakeOutcome = 'packet' | 'lost' | 'empty';

/** What `take` fills in; owned by the caller. */
export class JitterBufferPacket {
  /** The buffer's own store: read it before the next call of `put`. */
  bytes: Uint8Array;
  offset = 0;
  length = 0;
  payloadType = 0;
  /** Samples (RTP clock) that the packet holds or, after `lost` and `empty`, that are to be made up. */
  durationSamples = 0;
  /** `jump`: this packet does not follow the one taken before, because delay was dropped: cross-fade. */
  continuity: 'continuous' | 'jump' = 'continuous';

  constructor() {
    this.bytes = NO_BYTES;
  }
}

const NO_BYTES = new Uint8Array(0);

/**
 * Puts the packets of one stream in order and keeps the delay as short as their lateness allows.
 *
 * Each tick, after all packets that came have been `put`:
 *
 * ```
 * buffer.startTick(fifoSamples, activity);
 * while (fifoSamples < frameSamples)
 *   switch (buffer.take(view)) {
 *     case 'packet': decode view.bytes from view.offset, view.length bytes; fifoSamples += view.durationSamples
 *     default: conceal view.durationSamples; fifoSamples += view.durationSamples
 *   }
 * ```
 * The loop ends: a packet of no duration (comfort noise) is followed by others or by `empty`, which fills the frame.
 */
export class JitterBuffer {
  constructor(_options: JitterBufferOptions) {}

  /**
   * Stores one packet. `bytes` is copied. `durationSamples` — what it holds in units of the RTP clock, 0 for comfort
   * noise. Telephone events do not belong here; the gap that they leave in the sequence numbers does no harm.
   */
  put(_header: RtpHeader, _bytes: Uint8Array, _durationSamples: number): PutOutcome {
    return 'refused';
  }

  /**
   * Begins a tick. `fifoSamples` — decoded samples that the caller still has. `activity` — whether the last frame of
   * this leg was speech: delay is dropped sooner where nobody hears it.
   */
  startTick(_fifoSamples: number, _activity: 'speech' | 'quiet'): void {}

  /** Serves what comes next in this tick. */
  take(view: JitterBufferPacket): TakeOutcome {
    view.durationSamples = 160;
    return 'empty';
  }

  /** Forgets every packet and all timing, as before the first packet. */
  reset(): void {}

  /** Audio now stored beyond what is played, in samples: the delay on top of the wait for the tick. */
  get bufferedSamples(): number {
    return 0;
  }
}
