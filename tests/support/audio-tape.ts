/** What a phone has heard: audio laid out by RTP time stamp, and what the sequence numbers tell. */
export class AudioTape {
  /** Audio of packets that came; silence where none did. */
  #samples = new Int16Array(8000 * 10);
  #lengthSamples = 0;
  #firstTimestamp: number | null = null;
  #highestSequenceNumber: number | null = null;
  #ssrc: number | null = null;
  packets = 0;
  packetsLost = 0;
  /** How often the sender changed its SSRC; a phone notices. */
  ssrcChanges = 0;

  /** Puts the audio of one packet in its place. */
  add(packet: {
    readonly sequenceNumber: number;
    readonly timestamp: number;
    readonly ssrc: number;
    readonly samples: Int16Array;
  }): void {
    this.packets += 1;
    if (this.#ssrc !== packet.ssrc) {
      if (this.#ssrc !== null) this.ssrcChanges += 1;
      this.#ssrc = packet.ssrc;
      this.#highestSequenceNumber = null;
      this.#firstTimestamp = (packet.timestamp - this.#lengthSamples) >>> 0;
    }
    this.#countLoss(packet.sequenceNumber);
    const offset = (packet.timestamp - (this.#firstTimestamp ?? 0)) >>> 0;
    // A jump of more than a minute is no pause: go on where the tape ends.
    if (offset > this.#lengthSamples + 8000 * 60) {
      this.#firstTimestamp = (packet.timestamp - this.#lengthSamples) >>> 0;
      this.#write(this.#lengthSamples, packet.samples);
    } else {
      this.#write(offset, packet.samples);
    }
  }

  /** Length of the tape. */
  get durationMs(): number {
    return this.#lengthSamples / 8;
  }

  /** A copy of the audio, 8000 Hz, between two moments of the tape. */
  between(fromMs: number, toMs = Number.POSITIVE_INFINITY): Int16Array {
    const end = Math.min(this.#lengthSamples, toMs * 8);
    return this.#samples.slice(Math.min(fromMs * 8, end), end);
  }

  #countLoss(sequenceNumber: number): void {
    if (this.#highestSequenceNumber === null) {
      this.#highestSequenceNumber = sequenceNumber;
      return;
    }
    const ahead = (sequenceNumber - this.#highestSequenceNumber) & 0xffff;
    if (ahead === 0) return;
    if (ahead >= 0x8000) {
      // Late, and counted as lost before.
      this.packetsLost -= 1;
      return;
    }
    this.packetsLost += ahead - 1;
    this.#highestSequenceNumber = sequenceNumber;
  }

  #write(offset: number, samples: Int16Array): void {
    const end = offset + samples.length;
    if (end > this.#samples.length) {
      const larger = new Int16Array(Math.max(end, this.#samples.length * 2));
      larger.set(this.#samples);
      this.#samples = larger;
    }
    this.#samples.set(samples, offset);
    this.#lengthSamples = Math.max(this.#lengthSamples, end);
  }
}
