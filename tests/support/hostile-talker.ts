import type { OpusDecoder, OpusEncoder } from '../../mixer/codec/opus-codec.ts';
import { opusLibrary } from '../../mixer/codec/opus-library.ts';
import { steadyToneLevelDb } from './tones.ts';
import { WebCaller } from './web-caller/web-caller.ts';
import type { SeatFacts } from './web-caller/web-caller.ts';

const FRAME_MS = 20;
const FRAME_SAMPLES = 960;
/** To 8 kHz, which tones are measured at. */
const DECIMATION = 6;
const HEARD_SAMPLES = 8000 * 4;
const AMPLITUDE = 6000;
/** After a pause of the test's own process the frames that are overdue go out at once, but no more than these. */
const MOST_OVERDUE = 100;

/** A guest who is there by browser, sings one tone for as long as it is there, and hears. */
export class HostileTalker {
  readonly caller: WebCaller;
  readonly toneHz: number;
  /** Every packet that was sent to the media port lately, as it was on the wire. */
  readonly sent: Uint8Array[] = [];
  readonly #encoder: OpusEncoder;
  readonly #decoder: OpusDecoder;
  readonly #wave: Int16Array;
  readonly #payload = new Uint8Array(1500);
  readonly #pcm = new Int16Array(5760);
  /** The last seconds at 8 kHz, a ring. */
  readonly #heard = new Int16Array(HEARD_SAMPLES);
  #heardSamples = 0;
  #nextAtMs = 0;
  #timer: NodeJS.Timeout | undefined;

  private constructor(caller: WebCaller, toneHz: number) {
    this.caller = caller;
    this.toneHz = toneHz;
    const library = opusLibrary();
    this.#encoder = library.createEncoder({
      bitrate: 32_000,
      complexity: 3,
      inbandFec: 'off',
      expectedLossPercent: 0,
      dtx: 'off',
      maxPlaybackRateHz: 48_000,
    });
    this.#decoder = library.createDecoder();
    // Tones are multiples of 50 Hz: whole periods fit into a frame.
    this.#wave = Int16Array.from({ length: FRAME_SAMPLES }, (_, index) =>
      Math.round(AMPLITUDE * Math.sin((2 * Math.PI * toneHz * index) / 48_000)),
    );
    this.#listen();
    this.#keepSent();
  }

  /** Calls with a seat and begins to sing. @throws when the call is not answered 200. */
  static async join(url: string, seat: SeatFacts, toneHz: number): Promise<HostileTalker> {
    const caller = await WebCaller.call(url, seat);
    if (caller.answer.status !== 200) throw new Error(`answered ${caller.answer.status}`);
    const talker = new HostileTalker(caller, toneHz);
    talker.#nextAtMs = performance.now();
    talker.#tick();
    return talker;
  }

  /** Level of a tone over the last 2 s that were heard, in dB. */
  levelDb(toneHz: number): number {
    const end = this.#heardSamples;
    const length = Math.min(end, 16_000);
    const last = Int16Array.from(
      { length },
      (_, index) => this.#heard[(end - length + index) % HEARD_SAMPLES] ?? 0,
    );
    return steadyToneLevelDb(last, toneHz);
  }

  /** Sings no more, without hanging up. */
  silence(): void {
    clearTimeout(this.#timer);
  }

  close(): void {
    this.silence();
    this.caller.close();
    this.#encoder.free();
    this.#decoder.free();
  }

  #tick(): void {
    const { media } = this.caller;
    for (let frame = 0; frame < MOST_OVERDUE && this.#nextAtMs <= performance.now(); frame += 1) {
      const bytes = this.#encoder.encode(this.#wave, 0, FRAME_SAMPLES, this.#payload, 0);
      media.sendOpus(this.#payload.subarray(0, bytes));
      this.#nextAtMs += FRAME_MS;
    }
    const waitMs = Math.max(1, this.#nextAtMs - performance.now());
    this.#timer = setTimeout(() => this.#tick(), waitMs);
  }

  #listen(): void {
    this.caller.media.onRtp = (header, bytes) => {
      const { payloadOffset, payloadLength } = header;
      const samples = this.#decoder.decode(bytes, payloadOffset, payloadLength, this.#pcm, 0);
      for (let at = 0; at + DECIMATION <= samples; at += DECIMATION) {
        let sum = 0;
        for (let index = 0; index < DECIMATION; index += 1) sum += this.#pcm[at + index] ?? 0;
        this.#heard[this.#heardSamples % HEARD_SAMPLES] = sum / DECIMATION;
        this.#heardSamples += 1;
      }
    };
  }

  #keepSent(): void {
    const { media } = this.caller;
    const sendRaw = media.sendRaw.bind(media);
    media.sendRaw = (bytes) => {
      this.sent.push(Uint8Array.from(bytes));
      if (this.sent.length > 500) this.sent.splice(0, 250);
      sendRaw(bytes);
    };
  }
}
