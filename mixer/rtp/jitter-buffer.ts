import { DelayPolicy } from './delay-policy.ts';
import type { JitterBufferOptions } from './jitter-buffer-options.ts';
import { LateMemory } from './late-memory.ts';
import { PacketRing, RING_SLOTS, slotOf } from './packet-ring.ts';
import type { RtpHeader } from './rtp-packet.ts';

/** What `put` did. `restarted`: stored as the first packet of a new stream (SSRC, sequence or time stamp jumped). */
export type PutOutcome = 'stored' | 'restarted' | 'duplicate' | 'late' | 'refused';

/**
 * What `take` serves. `packet`: decode it. `lost`: audio of that time is missing although later audio is here.
 * `empty`: nothing is due. After `lost` and `empty` the caller makes up `durationSamples` samples.
 */
export type TakeOutcome = 'packet' | 'lost' | 'empty';

/** Longest payload to ask for where Opus comes in: one frame of 1,275 bytes, or what fits into a packet anyway. */
export const OPUS_PAYLOAD_BYTES = 1300;

/** What `take` fills in; owned by the caller. */
export class JitterBufferPacket {
  /** The buffer's own store: read it before the next call of `put`. */
  bytes: Uint8Array = new Uint8Array(0);
  offset = 0;
  length = 0;
  payloadType = 0;
  /** Samples (RTP clock) that the packet holds or, after `lost` and `empty`, that are to be made up. */
  durationSamples = 0;
  /** `jump`: this packet does not follow the one taken before, because delay was dropped: cross-fade. */
  continuity: 'continuous' | 'jump' = 'continuous';
}

/** Packets this far behind may start the stream earlier while nothing of it was played. */
const MAX_EARLIER_START = 8;
/** Distance of a packet's time from the playout that is no delay but a new time base, in units of the longest delay. */
const MAX_DISTANCE_IN_DELAYS = 5;
const NO_POSITION = 0x3fffffff;
/** Keeps the count of made-up samples in a silence of hours within 31 bits. */
const MAX_INSERTED_SAMPLES = 0x3fffffff;

/**
 * Puts the packets of one stream in order and keeps the delay as short as their lateness allows. Pure: its clock is the
 * count of ticks, and packets of any length (10–40 ms) are laid on a line of samples.
 *
 * Each tick, after all packets that came have been `put`:
 *
 * ```
 * buffer.startTick(fifoSamples, activity);
 * while (fifoSamples < frameSamples)
 *   switch (buffer.take(view)) {
 *     case 'packet': decode view.bytes from view.offset, view.length bytes; fifoSamples += view.durationSamples
 *     default: make up view.durationSamples; fifoSamples += view.durationSamples
 *   }
 * ```
 * The loop ends: packets of no duration (comfort noise) are used up, and then `empty` fills the frame.
 *
 * ```
 *   served │◀─── missing ───▶│ first packet stored ...        time stamps ─▶
 *          ▲ expected        ▲ missing = its time stamp − expected
 *
 *   made up since `empty` began ≥ missing   play; the delay grew by the difference
 *   missing is more, no packet between      not due yet (the peer paused): `empty`
 *   missing is more, packets between        `lost`, which moves `expected` on
 * ```
 * So a loss with nothing behind it costs one frame of concealment and no delay, a late packet one frame of delay and no
 * loss. A tick that is skipped adds delay that is dropped like any other (see `DelayPolicy`).
 */
export class JitterBuffer {
  readonly #frameSamples: number;
  readonly #maxDelaySamples: number;
  readonly #ring: PacketRing;
  readonly #mends: boolean;
  readonly #policy = new DelayPolicy();
  readonly #latecomers = new LateMemory();
  /** `fresh`: packets are here, none was served. */
  #state: 'idle' | 'fresh' | 'playing' = 'idle';
  #ssrc = 0;
  #nextSequenceNumber = 0;
  #expectedTimestamp = 0;
  #newestEndTimestamp = 0;
  #packetSamples: number;
  #fifoSamples = 0;
  /** Made up as `empty` and as `lost` since the last packet. */
  #insertedSamples = 0;
  #lostSamples = 0;
  /** Least distance from `expected` among the packets since the last tick. */
  #leastPosition = NO_POSITION;
  #pendingDropSamples = 0;
  #owedSamples = 0;
  #continuity: 'continuous' | 'jump' = 'continuous';

  constructor(options: JitterBufferOptions) {
    this.#frameSamples = options.frameSamples;
    this.#maxDelaySamples = options.maxDelaySamples;
    this.#packetSamples = options.frameSamples;
    this.#ring = new PacketRing(options.maxPayloadBytes);
    this.#mends = options.redundancy === 'in-next-packet';
  }

  /**
   * Stores one packet. `bytes` is copied. `durationSamples` — what it holds in units of the RTP clock, 0 for comfort
   * noise. Telephone events do not belong here; the gap that they leave in the sequence numbers does no harm.
   */
  put(header: RtpHeader, bytes: Uint8Array, durationSamples: number): PutOutcome {
    if (header.payloadLength > this.#ring.maxPayloadBytes || durationSamples < 0) return 'refused';
    if (durationSamples > this.#maxDelaySamples) return 'refused';
    if (this.#state === 'idle') {
      this.#begin(header, bytes, durationSamples);
      return 'stored';
    }
    if (header.ssrc !== this.#ssrc) return this.#restart(header, bytes, durationSamples);

    const step = ((header.sequenceNumber - this.#nextSequenceNumber) << 16) >> 16;
    if (step < 0 && !this.#startsEarlier(step)) return this.#late(header, bytes, durationSamples);
    const position = (header.rtpTimestamp - this.#expectedTimestamp) | 0;
    const distance = position - this.#insertedSamples;
    const maxDistance = MAX_DISTANCE_IN_DELAYS * this.#maxDelaySamples;
    if (step >= RING_SLOTS || distance > maxDistance || distance < -maxDistance) {
      return this.#restart(header, bytes, durationSamples);
    }
    if (this.#ring.look(header.sequenceNumber) === 'stored') return 'duplicate';

    this.#latecomers.inTime();
    if (step < 0) {
      this.#nextSequenceNumber = header.sequenceNumber;
      this.#expectedTimestamp = header.rtpTimestamp;
    }
    this.#store(header, bytes, durationSamples);
    if (position < this.#leastPosition) this.#leastPosition = position;
    return 'stored';
  }

  /**
   * Begins a tick. `fifoSamples` — decoded samples (RTP clock) that the caller still has. `activity` — whether the last
   * frame of this leg was speech: delay is dropped sooner where nobody hears it.
   */
  startTick(fifoSamples: number, activity: 'speech' | 'quiet'): void {
    this.#fifoSamples = fifoSamples;
    this.#latecomers.tick();
    if (this.#state === 'idle') return;
    if (this.#state === 'fresh') {
      // Nothing was played yet, so what piled up before the first tick is delay that nobody asked for.
      this.#dropDownTo(this.#frameSamples);
      this.#leastPosition = NO_POSITION;
      return;
    }
    if (this.#leastPosition !== NO_POSITION) {
      this.#policy.arrival(fifoSamples + this.#leastPosition - this.#insertedSamples);
      this.#leastPosition = NO_POSITION;
    }
    const excess = this.#policy.tick(activity, this.#packetSamples);
    if (excess > 0) this.#pendingDropSamples = excess;
    if (this.#pendingDropSamples > 0) this.#dropExcess();
    this.#dropDownTo(this.#maxDelaySamples + this.#frameSamples);
  }

  /** Serves what comes next in this tick. */
  take(view: JitterBufferPacket): TakeOutcome {
    const lackingSamples = this.#frameSamples - this.#fifoSamples;
    view.continuity = 'continuous';
    if (this.#owedSamples > 0) {
      this.#owedSamples = 0;
      return this.#makeUp(view, 'empty', lackingSamples);
    }
    // Every turn but the last drops a packet that came too late.
    for (let turn = 0; turn < RING_SLOTS; turn += 1) {
      const sequenceNumber = this.#ring.firstFrom(this.#nextSequenceNumber);
      if (sequenceNumber < 0) break;
      const slot = slotOf(sequenceNumber);
      const missing = this.#missingBefore(slot);
      const duration = this.#ring.durationSamples(slot);
      if (missing < 0 && -missing <= this.#lostSamples && -2 * missing >= duration) {
        this.#forget(sequenceNumber);
        this.#noteLate(-missing);
        continue;
      }
      if (this.#mayMend(sequenceNumber, missing)) this.#waitToMend(missing, duration);
      const wait = missing - this.#insertedSamples;
      if (wait <= 0 || wait > this.#maxDelaySamples) {
        return this.#serve(view, sequenceNumber, missing);
      }
      const paused = sequenceNumber === this.#nextSequenceNumber || this.#ring.marker(slot) === 1;
      if (paused && wait <= this.#policy.excessSamples) {
        this.#policy.dropped(wait);
        return this.#serve(view, sequenceNumber, missing);
      }
      if (paused) return this.#makeUp(view, 'empty', wait < lackingSamples ? wait : lackingSamples);
      return this.#makeUp(view, 'lost', this.#lossPiece(wait, lackingSamples, duration));
    }
    return this.#makeUp(view, 'empty', lackingSamples);
  }

  /**
   * Right after `take` said `lost`: fills the place and type of the packet that follows it into `view`, whose
   * `durationSamples` stays what was lost, and leaves the packet where it is. `nothing`: more is missing in between.
   */
  peekAfterLoss(view: JitterBufferPacket): 'next-packet' | 'nothing' {
    const sequenceNumber = this.#ring.firstFrom(this.#nextSequenceNumber);
    if (sequenceNumber < 0 || sequenceNumber === this.#nextSequenceNumber) return 'nothing';
    const slot = slotOf(sequenceNumber);
    if (this.#missingBefore(slot) > this.#insertedSamples) return 'nothing';
    this.#show(view, slot);
    return 'next-packet';
  }

  /** Forgets every packet and all timing, as before the first packet. */
  reset(): void {
    this.#state = 'idle';
    this.#ring.clear();
    this.#policy.restart();
    this.#insertedSamples = 0;
    this.#lostSamples = 0;
    this.#leastPosition = NO_POSITION;
    this.#pendingDropSamples = 0;
    this.#owedSamples = 0;
    this.#latecomers.inTime();
    this.#continuity = 'continuous';
  }

  /** Audio stored and not yet served, in samples: the delay on top of the wait for the tick. */
  get bufferedSamples(): number {
    const sequenceNumber = this.#ring.firstFrom(this.#nextSequenceNumber);
    if (sequenceNumber < 0) return 0;
    const slot = slotOf(sequenceNumber);
    const wait = this.#missingBefore(slot) - this.#insertedSamples;
    const span = (this.#newestEndTimestamp - this.#ring.rtpTimestamp(slot)) | 0;
    const total = wait > 0 && wait <= this.#maxDelaySamples ? span + wait : span;
    // A peer whose time stamps fall while its sequence rises has no span.
    return total < 0 ? 0 : total;
  }

  #restart(header: RtpHeader, bytes: Uint8Array, durationSamples: number): PutOutcome {
    this.#begin(header, bytes, durationSamples);
    this.#continuity = 'jump';
    return 'restarted';
  }

  #begin(header: RtpHeader, bytes: Uint8Array, durationSamples: number): void {
    this.reset();
    this.#state = 'fresh';
    this.#ssrc = header.ssrc;
    this.#nextSequenceNumber = header.sequenceNumber;
    this.#expectedTimestamp = header.rtpTimestamp;
    this.#store(header, bytes, durationSamples);
  }

  #startsEarlier(step: number): boolean {
    return this.#state === 'fresh' && step >= -MAX_EARLIER_START;
  }

  #late(header: RtpHeader, bytes: Uint8Array, durationSamples: number): PutOutcome {
    const step = ((header.sequenceNumber - this.#nextSequenceNumber) << 16) >> 16;
    if (this.#latecomers.behind(step) === 'restarted') {
      return this.#restart(header, bytes, durationSamples);
    }
    if (this.#ring.look(header.sequenceNumber) !== 'unknown') return 'duplicate';
    this.#noteLate((this.#expectedTimestamp - header.rtpTimestamp) | 0);
    return 'late';
  }

  /** One latecomer is an accident; a second one soon after it asks for a packet of delay. */
  #noteLate(latenessSamples: number): void {
    if (this.#latecomers.missedTurn() === 'first') return;
    const delayed = this.bufferedSamples + this.#packetSamples;
    if (latenessSamples <= this.#maxDelaySamples && delayed <= this.#maxDelaySamples) {
      this.#owedSamples = this.#packetSamples;
    }
  }

  #store(header: RtpHeader, bytes: Uint8Array, durationSamples: number): void {
    const end = (header.rtpTimestamp + durationSamples) >>> 0;
    if (this.#ring.stored === 0 || ((end - this.#newestEndTimestamp) | 0) > 0) {
      this.#newestEndTimestamp = end;
    }
    this.#ring.store(header, bytes, durationSamples);
  }

  #missingBefore(slot: number): number {
    return (this.#ring.rtpTimestamp(slot) - this.#expectedTimestamp) | 0;
  }

  #serve(view: JitterBufferPacket, sequenceNumber: number, missing: number): TakeOutcome {
    const slot = slotOf(sequenceNumber);
    const duration = this.#ring.durationSamples(slot);
    this.#show(view, slot);
    view.durationSamples = duration;
    view.continuity = this.#continuity;

    const grown = this.#insertedSamples - (missing > 0 ? missing : 0);
    if (grown > this.#maxDelaySamples || grown < -this.#maxDelaySamples) this.#policy.restart();
    else if (grown > 0) this.#policy.grew(grown);
    if (grown > 0) this.#pendingDropSamples = 0;
    if (this.#mends && this.#lacksBefore(sequenceNumber)) this.#policy.lost(duration);
    this.#moveOn(sequenceNumber);
    this.#state = 'playing';
    this.#continuity = 'continuous';
    this.#fifoSamples += duration;
    if (duration > 0) this.#packetSamples = duration;
    return 'packet';
  }

  #show(view: JitterBufferPacket, slot: number): void {
    view.bytes = this.#ring.bytes;
    view.offset = this.#ring.offset(slot);
    view.length = this.#ring.lengthBytes(slot);
    view.payloadType = this.#ring.payloadType(slot);
  }

  #makeUp(view: JitterBufferPacket, outcome: 'lost' | 'empty', samples: number): TakeOutcome {
    view.length = 0;
    view.durationSamples = samples;
    this.#fifoSamples += samples;
    if (outcome === 'lost') {
      this.#expectedTimestamp = (this.#expectedTimestamp + samples) >>> 0;
      this.#lostSamples += samples;
    } else if (this.#state === 'playing' && this.#insertedSamples < MAX_INSERTED_SAMPLES) {
      this.#insertedSamples += samples;
    }
    return outcome;
  }

  /** Whether packets before a stored one are missing. A talk spurt says that nothing was sent before it. */
  #lacksBefore(sequenceNumber: number): boolean {
    const follows = sequenceNumber === this.#nextSequenceNumber;
    return this.#state === 'playing' && !follows && this.#ring.marker(slotOf(sequenceNumber)) === 0;
  }

  /** Whether what was lost has been made up because the packet that repeats it came too late for that. */
  #mayMend(sequenceNumber: number, missing: number): boolean {
    if (!this.#mends || missing <= 0 || this.#insertedSamples < missing) return false;
    if (this.#lostSamples > 0 || this.#policy.loss === 'rare') return false;
    const delayed = this.bufferedSamples + this.#packetSamples;
    return this.#lacksBefore(sequenceNumber) && delayed <= this.#maxDelaySamples;
  }

  /** Plays the lost packet once more, from what repeats it: so the delay grows by a packet, and no speech is cut for it. */
  #waitToMend(missing: number, durationSamples: number): void {
    const piece = durationSamples < missing ? durationSamples : missing;
    this.#policy.lengthened(piece);
    this.#insertedSamples = missing - piece;
  }

  /** How much of a loss of `wait` samples is served at once. `nextSamples` — what the packet behind it holds. */
  #lossPiece(wait: number, lackingSamples: number, nextSamples: number): number {
    // The last piece is what the next packet repeats; a FIFO that takes that packet takes the piece.
    const last = this.#mends ? nextSamples : 0;
    if (wait <= last) return wait;
    return wait - last < lackingSamples ? wait - last : lackingSamples;
  }

  /** Puts the playout behind a stored packet, whether it was served or dropped. */
  #moveOn(sequenceNumber: number): void {
    const slot = slotOf(sequenceNumber);
    const end = this.#ring.rtpTimestamp(slot) + this.#ring.durationSamples(slot);
    this.#expectedTimestamp = end >>> 0;
    this.#insertedSamples = 0;
    this.#lostSamples = 0;
    this.#forget(sequenceNumber);
  }

  #forget(sequenceNumber: number): void {
    this.#ring.serve(sequenceNumber);
    this.#nextSequenceNumber = (sequenceNumber + 1) & 0xffff;
  }

  /** Drops whole packets of the excess, as far as this tick does not need them. */
  #dropExcess(): void {
    let droppedSamples = 0;
    for (let turn = 0; turn < RING_SLOTS && this.#insertedSamples === 0; turn += 1) {
      const sequenceNumber = this.#ring.firstFrom(this.#nextSequenceNumber);
      if (sequenceNumber < 0) break;
      const slot = slotOf(sequenceNumber);
      const cut = this.#missingBefore(slot) + this.#ring.durationSamples(slot);
      if (cut > this.#pendingDropSamples) {
        this.#pendingDropSamples = 0;
        break;
      }
      const left = (this.#newestEndTimestamp - this.#expectedTimestamp - cut) | 0;
      if (this.#fifoSamples + left < this.#frameSamples) break;
      this.#moveOn(sequenceNumber);
      this.#pendingDropSamples -= cut;
      droppedSamples += cut;
    }
    if (droppedSamples === 0) return;
    this.#policy.dropped(droppedSamples);
    this.#continuity = 'jump';
  }

  /** Drops the oldest packets until what waits is within the limit; the newest stays in any case. */
  #dropDownTo(limitSamples: number): void {
    let dropped = 0;
    while (this.#ring.stored > 1 && this.#fifoSamples + this.bufferedSamples > limitSamples) {
      this.#moveOn(this.#ring.firstFrom(this.#nextSequenceNumber));
      dropped += 1;
    }
    if (dropped === 0 || this.#state === 'fresh') return;
    this.#policy.restart();
    this.#pendingDropSamples = 0;
    this.#continuity = 'jump';
  }
}
