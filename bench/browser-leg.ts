import { createDecoder } from '../mixer/codec/audio-codec.ts';
import type { RtpHeader } from '../mixer/rtp/rtp-packet.ts';
import { toneLevelDb } from '../tests/support/tones.ts';
import { askForSeat, WebCaller } from '../tests/support/web-caller/web-caller.ts';
import { FRAME_SAMPLES, isMarkerFrame, markerOnset } from './browser-sound.ts';
import type { TalkerSound } from './browser-sound.ts';

/**
 * What those send who do not talk: `dtx` two packets every 400 ms, `declared` a quiet room in every packet and its level as
 * browsers without DTX do, `undeclared` the same without the level, so that only decoding tells that it is quiet.
 */
export type Listening = 'dtx' | 'declared' | 'undeclared';

/** One talker of a room, and when the last burst of this one was sent. */
export interface RoomTalker {
  readonly talker: number;
  readonly sound: TalkerSound;
  state: 'talking' | 'silent';
  markerSentAtMs: number;
}

/** What all legs of a room have in common. */
export interface RoomSound {
  readonly talkers: readonly RoomTalker[];
  readonly quiet: readonly Uint8Array[];
  listening: Listening;
}

/** How long one leg took to join, from the request for a seat: until it had keys, and its first packet. */
export interface JoinTimes {
  readonly connectedMs: number;
  readonly firstPacketMs: number;
}

/** What a leg found since `measure`. */
export interface LegFindings {
  readonly packets: number;
  readonly lost: number;
  readonly refused: number;
  readonly delaysMs: readonly number[];
}

const OPUS_PAYLOAD_TYPE = 111;
/** In DTX a frame of noise every 400 ms, and after it a packet that says that nothing follows. */
const DTX_FRAMES = 20;
const TALKING_LEVEL = 20;
const QUIET_LEVEL = 70;
/** A second. */
const KEPT_SAMPLES = 48_000;
/** Longest that a leg in a room hears nothing at all. */
const FIRST_PACKET_MS = 5000;

/** One headless browser: talks, or sends what a listener sends, and looks at what comes back. */
export class BrowserLeg {
  readonly #caller: WebCaller;
  readonly #room: RoomSound;
  readonly #talker: RoomTalker | null;
  readonly #heard: Int16Array | null;
  readonly #frame = new Int16Array(FRAME_SAMPLES * 6);
  readonly #decoder: ReturnType<typeof createDecoder> | null;
  readonly #heardMarkerMs = new Map<number, number>();
  #heardAt = 0;
  #frames: number;
  #before = { packetsIn: 0, packetsLost: 0, refused: 0 };
  #delaysMs: number[] = [];

  private constructor(
    caller: WebCaller,
    room: RoomSound,
    role: { readonly talker: RoomTalker | null; readonly ear: 'decodes' | 'counts' },
  ) {
    this.#caller = caller;
    this.#room = room;
    this.#talker = role.talker;
    this.#frames = role.talker === null ? Math.floor(Math.random() * DTX_FRAMES) : 0;
    this.#decoder = role.ear === 'decodes' ? createDecoder('opus') : null;
    this.#heard = role.ear === 'decodes' ? new Int16Array(KEPT_SAMPLES) : null;
  }

  /** Takes a seat by number and PIN and calls. @throws when the server refuses, or nothing is heard of it. */
  static async join(
    entrance: { readonly url: string; readonly number: string; readonly pin: string },
    room: RoomSound,
    role: { readonly talker: RoomTalker | null; readonly ear: 'decodes' | 'counts' },
  ): Promise<{ readonly leg: BrowserLeg; readonly times: JoinTimes }> {
    const beganAtMs = performance.now();
    const { url, number, pin } = entrance;
    const reply = await askForSeat(url, { number, pin }, 'Bench');
    if (reply.seat === null) throw new Error(`no seat: ${reply.status} ${reply.code}`);
    const caller = await WebCaller.call(url, reply.seat);
    if (caller.answer.status !== 200) throw new Error(`refused: ${caller.answer.startLine}`);
    const connectedMs = performance.now() - beganAtMs;
    const leg = new BrowserLeg(caller, room, role);
    await new Promise<void>((resolve, reject) => {
      const giveUp = setTimeout(() => reject(new Error('no packet came')), FIRST_PACKET_MS);
      caller.media.onRtp = () => {
        clearTimeout(giveUp);
        resolve();
      };
    });
    const firstPacketMs = performance.now() - beganAtMs;
    caller.media.onRtp = (header, bytes) => leg.#receive(header, bytes);
    return { leg, times: { connectedMs, firstPacketMs } };
  }

  /** Whether the server has not hung up. */
  get isUp(): boolean {
    return this.#caller.byeReason === '' && !this.#caller.sip.requests.some(isBye);
  }

  get talker(): RoomTalker | null {
    return this.#talker;
  }

  /** Sends what is due; to be called every 20 ms. */
  send(): void {
    const { media } = this.#caller;
    const frame = this.#frames;
    this.#frames += 1;
    const own = this.#talker;
    if (own !== null && own.state === 'talking') {
      const at = frame % own.sound.packets.length;
      if (isMarkerFrame(own.talker, at) === 'first') own.markerSentAtMs = performance.now();
      media.declaredLevel = TALKING_LEVEL;
      media.sendOpus(own.sound.packets[at] ?? new Uint8Array(1));
      return;
    }
    const { quiet, listening } = this.#room;
    const sound = quiet[frame % quiet.length] ?? new Uint8Array(1);
    if (listening === 'dtx' && frame % DTX_FRAMES > 1) return media.pause(1);
    media.declaredLevel = listening === 'undeclared' ? null : QUIET_LEVEL;
    // The first frame that need not be sent is sent all the same, by browsers: its first byte alone says that they pause.
    const pauses = listening === 'dtx' && frame % DTX_FRAMES === 1;
    media.sendOpus(pauses ? Uint8Array.of((sound[0] ?? 0) & 0xfc) : sound);
  }

  /** What is found counts from now on. */
  measure(): void {
    this.#before = { ...this.#caller.media.figures };
    this.#delaysMs = [];
  }

  findings(): LegFindings {
    const { packetsIn, packetsLost, refused } = this.#caller.media.figures;
    return {
      packets: packetsIn - this.#before.packetsIn,
      lost: packetsLost - this.#before.packetsLost,
      refused: refused - this.#before.refused,
      delaysMs: this.#delaysMs,
    };
  }

  /** Level of a tone in the last second that was heard, dB; null for a leg that only counts. */
  levelDb(toneHz: number): number | null {
    if (this.#heard === null) return null;
    const inOrder = new Int16Array(KEPT_SAMPLES);
    inOrder.set(this.#heard.subarray(this.#heardAt));
    inOrder.set(this.#heard.subarray(0, this.#heardAt), KEPT_SAMPLES - this.#heardAt);
    return toneLevelDb(inOrder, toneHz, 48_000);
  }

  /** Hangs up. */
  async leave(): Promise<void> {
    await this.#caller.hangUp().catch(() => this.#caller.close());
  }

  #receive(header: RtpHeader, bytes: Uint8Array): void {
    if (this.#decoder === null || header.payloadType !== OPUS_PAYLOAD_TYPE) return;
    const { payloadOffset, payloadLength } = header;
    const nowMs = performance.now();
    const samples = this.#decoder.decode(bytes, payloadOffset, payloadLength, this.#frame, 0);
    for (let at = 0; at < samples; at += 1) this.#keep(this.#frame[at] ?? 0);
    for (const talker of this.#room.talkers) this.#lookForMarker(talker, nowMs);
  }

  #keep(sample: number): void {
    if (this.#heard === null) return;
    this.#heard[this.#heardAt] = sample;
    this.#heardAt = (this.#heardAt + 1) % KEPT_SAMPLES;
  }

  #lookForMarker(talker: RoomTalker, nowMs: number): void {
    const { markerSentAtMs } = talker;
    if (talker === this.#talker || markerSentAtMs === 0) return;
    if (this.#heardMarkerMs.get(talker.talker) === markerSentAtMs) return;
    const onset = markerOnset(this.#frame, talker.sound.markerHz);
    if (onset < 0) return;
    this.#heardMarkerMs.set(talker.talker, markerSentAtMs);
    this.#delaysMs.push(nowMs + onset / 48 - markerSentAtMs);
  }
}

function isBye({ method }: { readonly method: string | null }): boolean {
  return method === 'BYE';
}
