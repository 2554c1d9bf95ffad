import type { MonotonicMs } from '../protocol/units.ts';
import type { RtpHeader } from './rtp-packet.ts';

/** Bytes of an event block, RFC 4733 §2.3. */
export const TELEPHONE_EVENT_BYTES = 4;

/**
 * Tells presses of keys from telephone-event packets: one for each press, at its first packet.
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |     event     |E|R| volume    |          duration             |
 * ```
 * Source: RFC 4733 §2.3, §2.5.
 */
export class TelephoneEventReceiver {
  /** Takes one packet; its event code 0–15 when a new press begins, else −1. `bytes` — the whole packet. */
  packet(_header: RtpHeader, _bytes: Uint8Array, _nowMs: MonotonicMs): number {
    return -1;
  }
  /** Whether a key is held: its audio, if any comes along, is to be kept out of the mix. */
  isHeld(_nowMs: MonotonicMs): boolean {
    return false;
  }
  /** Forgets the last event: the peer's time stamps begin anew (new SSRC). */
  reset(): void {}
}

/**
 * Sends keys as telephone events, one packet for each 20 ms tick in place of audio: 100 ms of updates, three end
 * packets, all with the time stamp of the start, then a pause of 60 ms. Source: RFC 4733 §2.5.1.
 */
export class TelephoneEventSender {
  /** Marker bit of the packet just written: set on the first of each event. */
  marker = false;
  /** Time stamp of the packet just written: the start of its event. */
  rtpTimestamp = 0;

  /** `packetSamples` — what the RTP clock advances in one tick: 160 at 8 kHz. */
  constructor(_packetSamples: number) {}

  /** Queues a key by its event code 0–15; refused when 32 wait already. */
  press(_event: number): 'queued' | 'refused' {
    return 'refused';
  }

  /**
   * Once per tick: writes a payload of `TELEPHONE_EVENT_BYTES` to `out` at `offset` and returns its length, or 0 when
   * audio is to be sent instead. `rtpTimestamp` — the time stamp an audio packet would carry now.
   */
  tick(_rtpTimestamp: number, _out: Uint8Array, _offset: number): number {
    return 0;
  }
}
