import * as assert from 'uvu/assert';
import { JitterBuffer, JitterBufferPacket } from '../../../mixer/rtp/jitter-buffer.ts';
import { RtpHeader } from '../../../mixer/rtp/rtp-packet.ts';

/** 20 ms at 8 kHz. */
export const FRAME_SAMPLES = 160;
/** 200 ms at 8 kHz. */
export const MAX_DELAY_SAMPLES = 1600;

/**
 * A peer, a network and a leg in a small language. A script has one word for each tick; its letters are what happens
 * before that tick, in order:
 *
 * ```
 * p  the next packet comes        x  the next packet is lost      s  the peer pauses for a frame (time goes on)
 * h  the next packet is held up   r  the oldest held up comes     d  the last packet comes once more
 * m  like p, with the marker bit  .  nothing comes (the peer sends nothing either, and its time stands still)
 * ```
 * What is played is written the same way: the number of the packet, `L` for lost, `F` for lost with the packet at hand
 * that may repeat it, `E` for empty; `n` behind a number: marked as a jump.
 */
export class ScriptedLeg {
  readonly buffer: JitterBuffer;
  readonly header = new RtpHeader();
  readonly view = new JitterBufferPacket();
  readonly bytes = new Uint8Array(700);
  readonly held: number[] = [];
  readonly timestampOf = new Map<number, number>();
  readonly packetSamples: number;
  readonly frameSamples: number;
  readonly redundancy: 'in-next-packet' | 'none';
  number = 0;
  rtpTimestamp: number;
  firstSequenceNumber: number;
  fifoSamples = 0;
  madeUpSamples = 0;
  /** Number of the packet that was taken last. */
  lastNumber = 0;
  /** Number of the packet that was said to repeat the last `F`. */
  repeatingNumber = -1;
  activity: 'speech' | 'quiet' = 'speech';

  /** `frameSamples` — 20 ms at the rate of the RTP clock; the longest delay is ten of them. */
  constructor(
    options: {
      packetSamples?: number;
      sequence?: number;
      timestamp?: number;
      frameSamples?: number;
      redundancy?: 'in-next-packet' | 'none';
    } = {},
  ) {
    this.frameSamples = options.frameSamples ?? FRAME_SAMPLES;
    this.packetSamples = options.packetSamples ?? this.frameSamples;
    this.redundancy = options.redundancy ?? 'none';
    this.firstSequenceNumber = options.sequence ?? 100;
    this.rtpTimestamp = options.timestamp ?? 5000;
    this.buffer = new JitterBuffer({
      frameSamples: this.frameSamples,
      maxDelaySamples: 10 * this.frameSamples,
      redundancy: this.redundancy,
    });
    this.header.ssrc = 7;
    this.header.payloadOffset = 12;
  }

  play(script: string): string {
    const played: string[] = [];
    for (const word of script.trim().split(/\s+/)) {
      for (const letter of word) this.event(letter);
      played.push(this.tick());
    }
    return played.join(' ');
  }

  event(letter: string): void {
    if (letter === 'p' || letter === 'm') {
      this.arrive(this.send(), letter === 'm' ? 'marker' : 'plain');
    } else if (letter === 'x') this.send();
    else if (letter === 'h') this.held.push(this.send());
    else if (letter === 's') this.rtpTimestamp += this.packetSamples;
    else if (letter === 'd') this.arrive(this.number - 1, 'plain');
    else if (letter === 'r') this.arrive(this.held.shift() ?? 0, 'plain');
  }

  /** The number of the packet that the peer sends now. */
  send(): number {
    const number = this.number;
    this.timestampOf.set(number, this.rtpTimestamp);
    this.number += 1;
    this.rtpTimestamp += this.packetSamples;
    return number;
  }

  arrive(number: number, kind: 'plain' | 'marker'): string {
    this.header.marker = kind === 'marker';
    this.header.sequenceNumber = (this.firstSequenceNumber + number) & 0xffff;
    this.header.rtpTimestamp = (this.timestampOf.get(number) ?? 0) >>> 0;
    this.header.payloadLength = Math.min(this.packetSamples, 320);
    this.bytes[12] = number & 0xff;
    this.bytes[13] = number >>> 8;
    return this.buffer.put(this.header, this.bytes, this.packetSamples);
  }

  tick(): string {
    let word = '';
    this.buffer.startTick(this.fifoSamples, this.activity);
    for (let turn = 0; this.fifoSamples < this.frameSamples; turn += 1) {
      assert.ok(turn < 20, 'a tick ends');
      const outcome = this.buffer.take(this.view);
      const { bytes, offset, continuity, durationSamples } = this.view;
      this.fifoSamples += durationSamples;
      if (word !== '') word += '+';
      if (outcome === 'packet') {
        this.lastNumber = (bytes[offset] ?? 0) + 256 * (bytes[offset + 1] ?? 0);
        word += String(this.lastNumber);
        if (continuity === 'jump') word += 'n';
      } else {
        this.madeUpSamples += durationSamples;
        if (outcome === 'empty') word += 'E';
        else if (this.redundancy === 'none' || this.buffer.peekAfterLoss(this.view) === 'nothing')
          word += 'L';
        else {
          const { bytes: repeating, offset: at } = this.view;
          this.repeatingNumber = (repeating[at] ?? 0) + 256 * (repeating[at + 1] ?? 0);
          word += 'F';
        }
      }
    }
    this.fifoSamples -= this.frameSamples;
    return word === '' ? '-' : word;
  }

  /** Delay on top of the wait for the tick, after a tick. */
  get delaySamples(): number {
    return this.fifoSamples + this.buffer.bufferedSamples;
  }
}

/** A word as often as asked. */
export function times(count: number, word: string): string {
  return Array.from({ length: count }, () => word).join(' ');
}
