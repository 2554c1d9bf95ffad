import type { TelephoneEventSnapshot } from '../protocol/leg-handover.ts';
import type { DurationMs, Hz, MonotonicMs } from '../protocol/units.ts';
import type { RtpHeader } from './rtp-packet.ts';

/** Bytes of an event block, RFC 4733 §2.3. */
export const TELEPHONE_EVENT_BYTES = 4;

/** Events 0–15 are keys, RFC 4733 table 3; the rest (flash and so on) is not for us. */
const LAST_KEY_EVENT = 15;
/** Nothing heard of an event for so long: its end packets were lost, RFC 4733 §2.5.2.2 suggests three intervals. */
const LOST_END_MS: DurationMs = 200;
/** A time stamp this far before the last is a new time base of the peer, not reordering. */
const MAX_REORDER_SECONDS = 2;

/**
 * Tells presses of keys from telephone-event packets: one for each press, at the first packet of it that arrives, so
 * that neither repeats, nor loss of the start or of all end packets, nor reordering change the count.
 * A press is known by its time stamp; a new time stamp that goes on without a gap where an unended event of the same key
 * stood is a further segment of a long press (RFC 4733 §2.5.1.3).
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |     event     |E|R| volume    |          duration             |
 *
 *          first packet            end bit, or silence
 *   idle ───────────────▶ held ───────────────────────▶ ended
 *                          ▲     first packet of the next  │
 *                          └───────────────────────────────┘
 * ```
 * Source: RFC 4733 §2.3, §2.5.
 */
export class TelephoneEventReceiver {
  /** Rate of the time stamps and durations of events; that of the codec they come along with. RFC 4733 §2.1. */
  clockRateHz: Hz = 8000;
  #state: 'idle' | 'held' | 'ended' = 'idle';
  #event = -1;
  #rtpTimestamp = 0;
  #durationSamples = 0;
  #lastPacketAtMs: MonotonicMs = 0;

  /**
   * Takes one packet and returns its event code 0–15 when a new press begins with it, else −1 (repeats, events that are
   * not keys, payloads too short). `bytes` — the whole packet as parsed into `header`.
   */
  packet(header: RtpHeader, bytes: Uint8Array, nowMs: MonotonicMs): number {
    if (header.payloadLength < TELEPHONE_EVENT_BYTES) return -1;
    const at = header.payloadOffset;
    const event = bytes[at] ?? 0xff;
    if (event > LAST_KEY_EVENT) return -1;
    const ends = ((bytes[at + 1] ?? 0) & 0x80) !== 0;
    const durationSamples = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);

    const step = (header.rtpTimestamp - this.#rtpTimestamp) | 0;
    if (this.#state !== 'idle') {
      if (step === 0) {
        if (this.#state === 'held') this.#follow(durationSamples, nowMs);
        if (ends) this.#state = 'ended';
        return -1;
      }
      if (step < 0 && step > -MAX_REORDER_SECONDS * this.clockRateHz) return -1;
    }
    const goesOn =
      this.#state === 'held' &&
      !header.marker &&
      event === this.#event &&
      step > 0 &&
      step <= this.#durationSamples;
    this.#event = event;
    this.#rtpTimestamp = header.rtpTimestamp;
    this.#durationSamples = durationSamples;
    this.#lastPacketAtMs = nowMs;
    this.#state = ends ? 'ended' : 'held';
    return goesOn ? -1 : event;
  }

  /** Whether a key is held: its audio, if any comes along, is to be kept out of the mix. */
  isHeld(nowMs: MonotonicMs): boolean {
    return this.#state === 'held' && nowMs - this.#lastPacketAtMs < LOST_END_MS;
  }

  /** The last event, for another worker to go on with; null when there was none. */
  snapshot(): TelephoneEventSnapshot | null {
    if (this.#state === 'idle') return null;
    return {
      state: this.#state,
      event: this.#event,
      rtpTimestamp: this.#rtpTimestamp,
      durationSamples: this.#durationSamples,
      lastPacketAtMs: this.#lastPacketAtMs,
    };
  }

  /** Goes on from another worker's snapshot. */
  restore(snapshot: TelephoneEventSnapshot): void {
    this.#state = snapshot.state;
    this.#event = snapshot.event;
    this.#rtpTimestamp = snapshot.rtpTimestamp;
    this.#durationSamples = snapshot.durationSamples;
    this.#lastPacketAtMs = snapshot.lastPacketAtMs;
  }

  /** Forgets the last event: the peer's time stamps begin anew (new SSRC). */
  reset(): void {
    this.#state = 'idle';
  }

  #follow(durationSamples: number, nowMs: MonotonicMs): void {
    // Reordered updates must not take back what a later one said.
    if (durationSamples > this.#durationSamples) this.#durationSamples = durationSamples;
    this.#lastPacketAtMs = nowMs;
  }
}

/** Updates of 20 ms that a key lasts: 100 ms are told by every receiver (ITU-T Q.24 asks for 40). */
const UPDATE_PACKETS = 5;
/** RFC 4733 §2.5.1.4. */
const END_PACKETS = 3;
/** Ticks of audio between two keys, 60 ms (ITU-T Q.24 asks for 40). */
const PAUSE_TICKS = 3;
const QUEUE_KEYS = 32;
/** −10 dBm0, RFC 4733 §2.3.4. */
const VOLUME = 10;

/**
 * Sends keys as telephone events, one packet for each 20 ms tick in place of audio: 100 ms of updates, three end
 * packets, all with the time stamp of the start, then a pause of 60 ms. Source: RFC 4733 §2.5.1.
 */
export class TelephoneEventSender {
  /** Marker bit of the packet just written: set on the first of each event. */
  marker = false;
  /** Time stamp of the packet just written: the start of its event. */
  rtpTimestamp = 0;
  readonly #packetSamples: number;
  readonly #queue = new Uint8Array(QUEUE_KEYS);
  #queued = 0;
  #head = 0;
  /** Packets of the present event sent so far; the pause counts on behind them. */
  #sent = 0;

  /** `packetSamples` — what the RTP clock advances in one tick: 160 at 8 kHz, 960 at 48. */
  constructor(packetSamples: number) {
    this.#packetSamples = packetSamples;
  }

  /** Queues a key by its event code 0–15; refused when 32 wait already. */
  press(event: number): 'queued' | 'refused' {
    if (this.#queued === QUEUE_KEYS || event < 0 || event > LAST_KEY_EVENT) return 'refused';
    this.#queue[(this.#head + this.#queued) % QUEUE_KEYS] = event;
    this.#queued += 1;
    return 'queued';
  }

  /**
   * Once per tick: writes a payload of `TELEPHONE_EVENT_BYTES` to `out` at `offset` and returns its length, or 0 when
   * audio is to be sent instead. `rtpTimestamp` — the time stamp an audio packet would carry now.
   */
  tick(rtpTimestamp: number, out: Uint8Array, offset: number): number {
    if (this.#queued === 0) return 0;
    const index = this.#sent;
    this.#sent += 1;
    if (index >= UPDATE_PACKETS + END_PACKETS) {
      if (this.#sent === UPDATE_PACKETS + END_PACKETS + PAUSE_TICKS) this.#next();
      return 0;
    }
    this.marker = index === 0;
    if (this.marker) this.rtpTimestamp = rtpTimestamp;
    const packets = index < UPDATE_PACKETS ? index + 1 : UPDATE_PACKETS;
    const durationSamples = packets * this.#packetSamples;
    out[offset] = this.#queue[this.#head] ?? 0;
    out[offset + 1] = index < UPDATE_PACKETS ? VOLUME : 0x80 | VOLUME;
    out[offset + 2] = durationSamples >>> 8;
    out[offset + 3] = durationSamples;
    return TELEPHONE_EVENT_BYTES;
  }

  #next(): void {
    this.#sent = 0;
    this.#head = (this.#head + 1) % QUEUE_KEYS;
    this.#queued -= 1;
  }
}
