import { createDecoder } from '../codec/audio-codec.ts';
import type { AudioDecoder } from '../codec/audio-codec.ts';
import { Concealment } from '../codec/concealment.ts';
import { GainRamp } from '../dsp/gain.ts';
import { LevelMeter, SILENCE_DBOV } from '../dsp/level-meter.ts';
import { VoiceActivity } from '../dsp/voice-activity.ts';
import type { LegMedia, MediaDirection, MicrophoneState } from '../protocol/mixer-command.ts';
import type { MonotonicMs } from '../protocol/units.ts';
import { JitterBuffer, JitterBufferPacket } from '../rtp/jitter-buffer.ts';
import { ReceptionStatistics } from '../rtp/reception-statistics.ts';
import type { RtpHeader } from '../rtp/rtp-packet.ts';
import { TelephoneEventReceiver } from '../rtp/telephone-event.ts';
import { FRAME_SAMPLES, MIX_RATE_HZ } from './mix-format.ts';

/** Delay beyond which audio is dropped: 200 ms. */
const MAX_DELAY_SAMPLES = 1600;
/** Longest packet that is decoded: 80 ms. */
const MAX_PACKET_SAMPLES = 640;
/** Loudest sample of a frame that says nothing: A-law has no zero, its idle codes are ±8. */
const IDLE_SAMPLE = 8;
/** No frame of idle codes is louder. Frames below are looked at sample by sample. */
const IDLE_DBOV = -70;

/** What a payload type carries. */
type Payload = 'none' | 'audio' | 'telephone-event' | 'comfort-noise';

/** The way of one leg's audio from its packets to the frame that it adds to the mix. */
export class LegIn {
  /** What the leg says in this tick: `FRAME_SAMPLES` int16, valid until the next `tick`. */
  readonly frame: Int16Array;
  readonly statistics = new ReceptionStatistics();
  /** `nothing`: the frame is silence, exactly, and need not be mixed. */
  contribution: 'sound' | 'nothing' = 'nothing';
  microphone: MicrophoneState = 'live';
  talkGainDb = 0;
  readonly #payloads: Payload[] = [];
  readonly #decoders: (AudioDecoder | undefined)[] = [];
  readonly #jitterBuffer = new JitterBuffer({
    frameSamples: FRAME_SAMPLES,
    maxDelaySamples: MAX_DELAY_SAMPLES,
  });
  readonly #view = new JitterBufferPacket();
  readonly #concealment = new Concealment(MIX_RATE_HZ);
  /** Decoded samples that no tick has taken yet. A packet may hold more than one tick needs. */
  readonly #fifo = new Int16Array(FRAME_SAMPLES + MAX_PACKET_SAMPLES);
  #fifoSamples = 0;
  readonly #meter = new LevelMeter();
  readonly #voiceActivity = new VoiceActivity();
  readonly #telephoneEvents = new TelephoneEventReceiver();
  readonly #gain = new GainRamp();
  #gainDb = 0;
  #direction: MediaDirection = 'sendrecv';
  /** The peer sends comfort noise instead of silence; nothing is made up for what it leaves out. */
  #pausing = false;

  constructor(media: LegMedia) {
    // The frame is the head of the FIFO: nothing is copied.
    this.frame = this.#fifo.subarray(0, FRAME_SAMPLES);
    this.update(media);
  }

  /** Takes what a new offer and answer agreed on. Audio goes on without a gap. */
  update(media: LegMedia): void {
    this.#direction = media.direction;
    this.#payloads.length = 0;
    this.#decoders.length = 0;
    for (let i = 0; i < 128; i += 1) {
      this.#payloads.push('none');
      this.#decoders.push(undefined);
    }
    for (const { payloadType, codec } of media.payloadTypesIn) {
      this.#payloads[payloadType & 0x7f] = 'audio';
      this.#decoders[payloadType & 0x7f] = createDecoder(codec);
    }
    if (media.telephoneEventPayloadType !== null) {
      this.#payloads[media.telephoneEventPayloadType & 0x7f] = 'telephone-event';
    }
    if (media.comfortNoisePayloadType !== null) {
      this.#payloads[media.comfortNoisePayloadType & 0x7f] = 'comfort-noise';
    }
  }

  /** Whether offer and answer agreed on packets of this type. */
  knows(payloadType: number): boolean {
    return this.#payloads[payloadType] !== 'none';
  }

  /** Whether the peer may send us audio now. */
  get receives(): boolean {
    return this.#direction === 'sendrecv' || this.#direction === 'recvonly';
  }

  /** Level and speech for displays; a muted leg shows nothing. */
  get levelDbov(): number {
    return this.microphone === 'muted' ? SILENCE_DBOV : this.#meter.integratedDbov;
  }

  get speaking(): boolean {
    return this.microphone === 'live' && this.#voiceActivity.activity === 'speech';
  }

  /** Takes one packet of a type that is known; the event code of a key that was pressed with it, else −1. */
  packet(header: RtpHeader, bytes: Uint8Array, atMs: MonotonicMs): number {
    const verdict = this.statistics.packet(header, atMs, MIX_RATE_HZ);
    if (verdict === 'restarted') this.#telephoneEvents.reset();
    const payload = this.#payloads[header.payloadType];
    if (payload === 'telephone-event') return this.#telephoneEvents.packet(header, bytes, atMs);
    if (payload === 'audio') this.#putAudio(header, bytes);
    else if (this.receives) this.#jitterBuffer.put(header, bytes, 0);
    return -1;
  }

  /** Makes the next frame. */
  tick(nowMs: MonotonicMs): void {
    this.#dropLastFrame();
    this.#jitterBuffer.startTick(this.#fifoSamples, this.#voiceActivity.activity);
    while (this.#fifoSamples < FRAME_SAMPLES) this.#take();
    const dbov = this.#meter.frame(this.frame, 0, FRAME_SAMPLES);
    this.#voiceActivity.frame(dbov);
    const idle = dbov < IDLE_DBOV && isIdle(this.frame);
    this.contribution = idle ? 'nothing' : this.#applyGain(nowMs);
  }

  #dropLastFrame(): void {
    const rest = this.#fifoSamples - FRAME_SAMPLES;
    if (rest > 0) this.#fifo.copyWithin(0, FRAME_SAMPLES, this.#fifoSamples);
    this.#fifoSamples = rest > 0 ? rest : 0;
  }

  /** Adds to the FIFO what comes next: at least one sample, but for comfort noise. */
  #take(): void {
    const view = this.#view;
    const outcome = this.#jitterBuffer.take(view);
    if (outcome === 'packet') this.#play(view);
    else this.#makeUp(Math.min(view.durationSamples, FRAME_SAMPLES - this.#fifoSamples));
  }

  #play(view: JitterBufferPacket): void {
    const decoder = this.#decoders[view.payloadType];
    if (decoder === undefined) {
      this.#pausing = true;
      return;
    }
    const at = this.#fifoSamples;
    const count = decoder.decode(view.bytes, view.offset, view.length, this.#fifo, at);
    if (view.continuity === 'jump') this.#concealment.jump();
    this.#concealment.good(this.#fifo, at, count);
    this.#fifoSamples += count;
    this.#pausing = false;
  }

  /** Fills a gap: with silence when the peer said that it pauses, else with what sounds like the audio before. */
  #makeUp(count: number): void {
    const at = this.#fifoSamples;
    this.#fifoSamples += count;
    if (this.#pausing) {
      this.#fifo.fill(0, at, at + count);
      this.#concealment.good(this.#fifo, at, count);
      return;
    }
    this.#concealment.conceal(this.#fifo, at, count);
  }

  /** Fades the frame out and in where a mute or a key begins and ends, so that nothing clicks. */
  #applyGain(nowMs: MonotonicMs): 'sound' | 'nothing' {
    const cut = this.microphone === 'muted' || this.#telephoneEvents.isHeld(nowMs);
    const wantedDb = cut ? Number.NEGATIVE_INFINITY : this.talkGainDb;
    const closed = cut && this.#gainDb === Number.NEGATIVE_INFINITY;
    if (wantedDb !== this.#gainDb) this.#gain.setDb(wantedDb);
    this.#gainDb = wantedDb;
    if (closed) return 'nothing';
    if (!this.#gain.isUnity) this.#gain.scaleInt16(this.frame, FRAME_SAMPLES);
    return 'sound';
  }

  #putAudio(header: RtpHeader, bytes: Uint8Array): void {
    const decoder = this.#decoders[header.payloadType];
    if (decoder === undefined || !this.receives) return;
    const { payloadOffset, payloadLength } = header;
    const durationSamples = decoder.durationSamples(bytes, payloadOffset, payloadLength);
    if (durationSamples <= 0 || durationSamples > MAX_PACKET_SAMPLES) return;
    this.#jitterBuffer.put(header, bytes, durationSamples);
  }
}

/** Whether a frame holds nothing but idle codes. */
function isIdle(frame: Int16Array): boolean {
  for (let i = 0; i < FRAME_SAMPLES; i += 1) {
    const sample = frame[i] ?? 0;
    if (sample > IDLE_SAMPLE || sample < -IDLE_SAMPLE) return false;
  }
  return true;
}
