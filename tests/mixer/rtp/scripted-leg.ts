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
 * What is played is written the same way: the number of the packet, `L` for lost, `E` for empty; `n` behind a number:
 * marked as a jump.
 */
export class ScriptedLeg {
  readonly buffer: JitterBuffer;
  readonly header = new RtpHeader();
  readonly view = new JitterBufferPacket();
  readonly bytes = new Uint8Array(700);
  readonly held: number[] = [];
  readonly timestampOf = new Map<number, number>();
  readonly packetSamples: number;
  number = 0;
  rtpTimestamp: number;
  firstSequenceNumber: number;
  fifoSamples = 0;
  madeUpSamples = 0;
  /** Number of the packet that was taken last. */
  lastNumber = 0;
  activity: 'speech' | 'quiet' = 'speech';

  constructor(options: { packetSamples?: number; sequence?: number; timestamp?: number } = {}) {
    this.packetSamples = options.packetSamples ?? FRAME_SAMPLES;
    this.firstSequenceNumber = options.sequence ?? 100;
    this.rtpTimestamp = options.timestamp ?? 5000;
    this.buffer = new JitterBuffer({
      frameSamples: FRAME_SAMPLES,
      maxDelaySamples: MAX_DELAY_SAMPLES,
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
    this.header.payloadLength = this.packetSamples;
    this.bytes[12] = number & 0xff;
    this.bytes[13] = number >>> 8;
    return this.buffer.put(this.header, this.bytes, this.packetSamples);
  }

  tick(): string {
    let word = '';
    this.buffer.startTick(this.fifoSamples, this.activity);
    for (let turn = 0; this.fifoSamples < FRAME_SAMPLES; turn += 1) {
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
        word += outcome === 'lost' ? 'L' : 'E';
      }
    }
    this.fifoSamples -= FRAME_SAMPLES;
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
