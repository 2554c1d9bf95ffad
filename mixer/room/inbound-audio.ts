import type { AudioDecoder } from '../codec/audio-codec.ts';
import { Concealment } from '../codec/concealment.ts';
import type { Hz } from '../protocol/units.ts';
import { JitterBuffer, JitterBufferPacket, OPUS_PAYLOAD_BYTES } from '../rtp/jitter-buffer.ts';
import type { RtpHeader } from '../rtp/rtp-packet.ts';
import { DecoderGap } from './decoder-gap.ts';
import { frameSamplesAt, MIX_RATE_HZ } from './mix-format.ts';
import { SIGN } from './payload-table.ts';
import type { PayloadTable } from './payload-table.ts';

/** Delay beyond which audio is dropped. */
const MAX_DELAY_MS = 200;
/** Longest packet that is decoded: four frames of G.711, and six of 20 ms or two of 60 of Opus. */
const MAX_PACKET_MS = 120;
/** Longest packet of G.711. */
const MAX_G711_PACKET_MS = 80;
/** After so much silence in a row concealment remembers nothing else: more of it need not be told. */
const FORGOTTEN_MS = 200;
/** After so much silence in a row level and activity have come to rest. */
const SETTLED_MS = 2000;
/** An Opus packet up to this says that nothing follows for a while, RFC 6716 §3.2.1. */
const MAX_PAUSE_BYTES = 2;

/** What the jitter buffer serves. One for all legs of the thread: it holds only until the next `take`. */
const VIEW = new JitterBufferPacket();

/**
 * The audio of one leg at one rate, from its packets to frames of 20 ms: put in order, decoded, and made up where it is
 * missing. G.711 is made up by `Concealment`, Opus by its own decoder, or from what the next packet repeats.
 */
export class InboundAudio {
  readonly rateHz: Hz;
  /** What the leg says in this tick: the head of the FIFO, so that nothing is copied. Valid until the next `tick`. */
  readonly frame: Int16Array;
  /** So much silence that what is measured of it changes no more. */
  readonly settledSamples: number;
  /** Exact silence in a row at the end of what has been decoded. */
  silentSamples = 0;
  readonly #table: PayloadTable;
  readonly #frameSamples: number;
  readonly #maxPacketSamples: number;
  readonly #forgottenSamples: number;
  readonly #jitterBuffer: JitterBuffer;
  readonly #concealment: Concealment;
  readonly #gap: DecoderGap;
  /** Decoded samples that no tick has taken yet. A packet may hold more than one tick needs. */
  readonly #fifo: Int16Array;
  #fifoSamples = 0;
  #want: 'decoded' | 'skipped' = 'decoded';
  /** The decoder of the last packet, where it makes audio up itself. */
  #concealer: AudioDecoder | null = null;
  /** The peer has said that it sends nothing for a while; nothing is made up for what it leaves out. */
  #pausing = false;

  constructor(rateHz: Hz, table: PayloadTable) {
    const perMs = rateHz / 1000;
    const isTelephone = rateHz === MIX_RATE_HZ;
    this.rateHz = rateHz;
    this.settledSamples = SETTLED_MS * perMs;
    this.#table = table;
    this.#frameSamples = frameSamplesAt(rateHz);
    this.#maxPacketSamples = (isTelephone ? MAX_G711_PACKET_MS : MAX_PACKET_MS) * perMs;
    this.#forgottenSamples = FORGOTTEN_MS * perMs;
    const sizes = { frameSamples: this.#frameSamples, maxDelaySamples: MAX_DELAY_MS * perMs };
    this.#jitterBuffer = new JitterBuffer(
      isTelephone
        ? sizes
        : { ...sizes, maxPayloadBytes: OPUS_PAYLOAD_BYTES, redundancy: 'in-next-packet' },
    );
    this.#concealment = new Concealment(rateHz);
    this.#gap = new DecoderGap(rateHz);
    this.#fifo = new Int16Array(this.#frameSamples + this.#maxPacketSamples);
    this.frame = this.#fifo.subarray(0, this.#frameSamples);
  }

  /** Whether the frame is silence, exactly. */
  get isSilent(): boolean {
    return this.silentSamples >= this.#fifoSamples;
  }

  /** Takes one packet of audio; the samples in it, 0 when it is refused. */
  put(header: RtpHeader, bytes: Uint8Array): number {
    const decoder = this.#table.decoder(header.payloadType);
    if (decoder === undefined) return 0;
    const { payloadOffset, payloadLength } = header;
    const durationSamples = decoder.durationSamples(bytes, payloadOffset, payloadLength);
    if (durationSamples <= 0 || durationSamples > this.#maxPacketSamples) return 0;
    this.#jitterBuffer.put(header, bytes, durationSamples);
    return durationSamples;
  }

  /** Takes one packet of comfort noise. */
  putComfortNoise(header: RtpHeader, bytes: Uint8Array): void {
    this.#jitterBuffer.put(header, bytes, 0);
  }

  /** Makes the next frame. `skipped`: nobody is to hear it, so that it is silence and nothing is decoded. */
  tick(activity: 'speech' | 'quiet', want: 'decoded' | 'skipped'): void {
    this.#dropLastFrame();
    this.#want = want;
    this.#jitterBuffer.startTick(this.#fifoSamples, activity);
    while (this.#fifoSamples < this.#frameSamples) this.#take();
  }

  /** Forgets everything: the peer sends at another rate now. */
  reset(): void {
    this.#jitterBuffer.reset();
    this.#concealment.reset();
    this.#gap.reset();
    this.#fifo.fill(0);
    this.#fifoSamples = 0;
    this.silentSamples = 0;
    this.#pausing = false;
  }

  #dropLastFrame(): void {
    const rest = this.#fifoSamples - this.#frameSamples;
    if (rest > 0) this.#fifo.copyWithin(0, this.#frameSamples, this.#fifoSamples);
    this.#fifoSamples = rest > 0 ? rest : 0;
  }

  /** Adds to the FIFO what comes next: at least one sample, but for comfort noise. */
  #take(): void {
    const outcome = this.#jitterBuffer.take(VIEW);
    const concealer = this.#concealer;
    if (outcome === 'packet') this.#play(VIEW);
    else if (outcome === 'lost' && concealer !== null) this.#mend(concealer, VIEW.durationSamples);
    else this.#makeUp(Math.min(VIEW.durationSamples, this.#frameSamples - this.#fifoSamples));
  }

  #play(view: JitterBufferPacket): void {
    const decoder = this.#table.decoder(view.payloadType);
    if (decoder === undefined) {
      // Comfort noise: nothing else without a decoder is put into the buffer.
      this.#pausing = true;
      return;
    }
    if (decoder.conceal !== undefined) {
      this.#playOpus(decoder, view);
      return;
    }
    this.#concealer = null;
    if (view.continuity === 'jump') this.#concealment.jump();
    this.#pausing = false;
    const idle = isIdle(view, this.#table.idleByte(view.payloadType));
    if (idle || this.#want === 'skipped') {
      this.#silence(view.durationSamples);
      return;
    }
    const at = this.#fifoSamples;
    const count = decoder.decode(view.bytes, view.offset, view.length, this.#fifo, at);
    this.#concealment.good(this.#fifo, at, count);
    this.#fifoSamples += count;
    this.silentSamples = 0;
  }

  #playOpus(decoder: AudioDecoder, view: JitterBufferPacket): void {
    this.#concealer = decoder;
    this.#pausing = view.length <= MAX_PAUSE_BYTES;
    if (this.#want === 'skipped') this.#gap.skip(view);
    if (this.#want === 'skipped' || (this.#pausing && this.silentSamples > 0)) {
      this.#exactSilence(view.durationSamples);
      return;
    }
    const at = this.#fifoSamples;
    this.#gap.close(decoder, view);
    const count = decoder.decode(view.bytes, view.offset, view.length, this.#fifo, at);
    // A packet that cannot be decoded has its time all the same.
    if (count < view.durationSamples) this.#fifo.fill(0, at + count, at + view.durationSamples);
    this.#gap.blend(this.#fifo, at, view.durationSamples);
    this.#fifoSamples += view.durationSamples;
    this.silentSamples = 0;
  }

  /** Fills what was lost from the packet after it, if that repeats it; otherwise as any gap. */
  #mend(decoder: AudioDecoder, count: number): void {
    const at = this.#fifoSamples;
    const room = this.#fifo.length - at;
    if (count <= room && this.#repeats(decoder)) {
      const { bytes, offset, length } = VIEW;
      const mended = decoder.decodeRedundancy?.(bytes, offset, length, this.#fifo, at, count) ?? 0;
      if (mended === count) {
        this.#fifoSamples += count;
        this.silentSamples = 0;
        return;
      }
    }
    this.#makeUp(Math.min(count, room));
  }

  /** Whether the packet after the loss is there, in `VIEW` then, and is to be decoded by the same decoder. */
  #repeats(decoder: AudioDecoder): boolean {
    if (this.#want === 'skipped') return false;
    if (this.#jitterBuffer.peekAfterLoss(VIEW) === 'nothing') return false;
    return this.#table.decoder(VIEW.payloadType) === decoder;
  }

  /** Fills a gap: with silence when the peer said that it pauses, else with what sounds like the audio before. */
  #makeUp(count: number): void {
    const concealer = this.#concealer;
    if (concealer !== null) {
      this.#makeUpOpus(concealer, count);
      return;
    }
    if (this.#pausing || this.#want === 'skipped') {
      this.#silence(count);
      return;
    }
    const at = this.#fifoSamples;
    this.silentSamples = this.#concealment.faded ? this.silentSamples + count : 0;
    this.#concealment.conceal(this.#fifo, at, count);
    this.#fifoSamples += count;
  }

  #makeUpOpus(concealer: AudioDecoder, count: number): void {
    const at = this.#fifoSamples;
    const kind = this.#pausing ? 'pause' : 'loss';
    const skips = this.#want === 'skipped';
    if (skips || this.#gap.conceal(concealer, this.#fifo, at, count, kind) === 'silence') {
      this.#exactSilence(count);
      return;
    }
    this.#fifoSamples += count;
    this.silentSamples = 0;
  }

  /** Adds silence that the peer has sent. */
  #silence(count: number): void {
    const at = this.#fifoSamples;
    const long = this.silentSamples >= this.#forgottenSamples;
    // After long silence the frame is silence already, and so is all that concealment remembers.
    if (!long || at + count > this.#frameSamples) this.#fifo.fill(0, at, at + count);
    if (!long) this.#concealment.good(this.#fifo, at, count);
    this.#fifoSamples += count;
    if (this.silentSamples > 0) this.silentSamples += count;
    // The first silence after sound may have been blended with it, all but the end.
    else this.silentSamples = this.#fifo[at + count - 1] === 0 ? 1 : 0;
  }

  #exactSilence(count: number): void {
    const at = this.#fifoSamples;
    this.#fifo.fill(0, at, at + count);
    this.#fifoSamples += count;
    this.silentSamples += count;
  }
}

/** Whether a packet holds nothing but codes of silence. Ends at the first that is not. */
function isIdle(view: JitterBufferPacket, idleByte: number): boolean {
  const { bytes } = view;
  const end = view.offset + view.length;
  for (let i = view.offset; i < end; i += 1) {
    if (((bytes[i] ?? 0) | SIGN) !== idleByte) return false;
  }
  return true;
}
