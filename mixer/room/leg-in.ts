import { createDecoder, createEncoder } from '../codec/audio-codec.ts';
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
/** After so much silence in a row concealment remembers nothing else: more of it need not be told. */
const FORGOTTEN_SAMPLES = 1600;
/** After so much silence in a row level and activity have come to rest: 2 s. */
const SETTLED_SAMPLES = 16_000;

/** Bit of a G.711 code that tells positive from negative. */
const SIGN = 0x80;

/** What a payload type carries. */
type Payload = 'none' | 'audio' | 'telephone-event' | 'comfort-noise';

/** What the jitter buffer serves. One for all legs of the thread: it holds only until the next `take`. */
const VIEW = new JitterBufferPacket();

/**
 * The way of one leg's audio from its packets to the frame that it adds to the mix.
 *
 * A comfort noise packet (RFC 3389) is taken for what it says, "I am silent now", and the noise that it describes is not
 * made. In a call of two it keeps the line from sounding dead; in a room the noises of all who are silent would add up
 * under the one who speaks, 15 dB louder for 30 of them. It would also make talkers of them: each would need a mix without
 * its own noise, where all who are silent share one encoded frame now.
 */
export class LegIn {
  /** What the leg says in this tick: `FRAME_SAMPLES` int16, valid until the next `tick`. */
  readonly frame: Int16Array;
  readonly statistics = new ReceptionStatistics();
  readonly telephoneEvents = new TelephoneEventReceiver();
  /** `nothing`: the frame is silence, exactly, and need not be mixed. */
  contribution: 'sound' | 'nothing' = 'nothing';
  microphone: MicrophoneState = 'live';
  talkGainDb = 0;
  readonly #payloads: Payload[] = [];
  readonly #decoders: (AudioDecoder | undefined)[] = [];
  /** By payload type: the codec's byte of silence. G.711 has two, which differ in the sign, bit 7. */
  readonly #idleBytes = new Uint8Array(128);
  readonly #jitterBuffer = new JitterBuffer({
    frameSamples: FRAME_SAMPLES,
    maxDelaySamples: MAX_DELAY_SAMPLES,
  });
  readonly #concealment = new Concealment(MIX_RATE_HZ);
  /** Decoded samples that no tick has taken yet. A packet may hold more than one tick needs. */
  readonly #fifo = new Int16Array(FRAME_SAMPLES + MAX_PACKET_SAMPLES);
  #fifoSamples = 0;
  readonly #meter = new LevelMeter();
  readonly #voiceActivity = new VoiceActivity();
  readonly #gain = new GainRamp();
  #gainDb = 0;
  /** Spares legs that nobody turned up or down a look at their gain. */
  #gainRests: 'at-unity' | 'elsewhere' = 'at-unity';
  #key: 'perhaps-held' | 'free' = 'free';
  #direction: MediaDirection = 'sendrecv';
  /** Exact silence in a row at the end of the FIFO. */
  #silentSamples = 0;
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
      this.#idleBytes[payloadType & 0x7f] = createEncoder(codec).silenceByte | SIGN;
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
    if (verdict === 'restarted') this.telephoneEvents.reset();
    const payload = this.#payloads[header.payloadType];
    if (payload === 'telephone-event') {
      this.#key = 'perhaps-held';
      return this.telephoneEvents.packet(header, bytes, atMs);
    }
    if (payload === 'audio') this.#putAudio(header, bytes);
    else if (this.receives) this.#jitterBuffer.put(header, bytes, 0);
    return -1;
  }

  /** Makes the next frame. */
  tick(nowMs: MonotonicMs): void {
    this.#dropLastFrame();
    this.#jitterBuffer.startTick(this.#fifoSamples, this.#voiceActivity.activity);
    while (this.#fifoSamples < FRAME_SAMPLES) this.#take();
    const silent = this.#silentSamples >= this.#fifoSamples;
    if (this.#silentSamples < SETTLED_SAMPLES) {
      const dbov = this.#meter.frame(this.frame, 0, silent ? 1 : FRAME_SAMPLES);
      this.#voiceActivity.frame(dbov);
    }
    const passes = this.#turnGain(nowMs);
    this.contribution = silent || passes === 'nothing' ? 'nothing' : 'sound';
    if (this.contribution === 'nothing' || this.#gainRests === 'at-unity') return;
    this.#scale();
  }

  #dropLastFrame(): void {
    const rest = this.#fifoSamples - FRAME_SAMPLES;
    if (rest > 0) this.#fifo.copyWithin(0, FRAME_SAMPLES, this.#fifoSamples);
    this.#fifoSamples = rest > 0 ? rest : 0;
  }

  /** Adds to the FIFO what comes next: at least one sample, but for comfort noise. */
  #take(): void {
    const outcome = this.#jitterBuffer.take(VIEW);
    if (outcome === 'packet') this.#play(VIEW);
    else this.#makeUp(Math.min(VIEW.durationSamples, FRAME_SAMPLES - this.#fifoSamples));
  }

  #play(view: JitterBufferPacket): void {
    const decoder = this.#decoders[view.payloadType];
    if (decoder === undefined) {
      // Comfort noise: nothing else without a decoder is put into the buffer.
      this.#pausing = true;
      return;
    }
    if (view.continuity === 'jump') this.#concealment.jump();
    this.#pausing = false;
    if (isIdle(view, this.#idleBytes[view.payloadType] ?? 0)) {
      this.#silence(view.durationSamples);
      return;
    }
    const at = this.#fifoSamples;
    const count = decoder.decode(view.bytes, view.offset, view.length, this.#fifo, at);
    this.#concealment.good(this.#fifo, at, count);
    this.#fifoSamples += count;
    this.#silentSamples = 0;
  }

  /** Fills a gap: with silence when the peer said that it pauses, else with what sounds like the audio before. */
  #makeUp(count: number): void {
    if (this.#pausing) {
      this.#silence(count);
      return;
    }
    const at = this.#fifoSamples;
    this.#silentSamples = this.#concealment.faded ? this.#silentSamples + count : 0;
    this.#concealment.conceal(this.#fifo, at, count);
    this.#fifoSamples += count;
  }

  /** Adds silence that the peer has sent. */
  #silence(count: number): void {
    const at = this.#fifoSamples;
    const long = this.#silentSamples >= FORGOTTEN_SAMPLES;
    // After long silence the frame is silence already, and so is all that concealment remembers.
    if (!long || at + count > FRAME_SAMPLES) this.#fifo.fill(0, at, at + count);
    if (!long) this.#concealment.good(this.#fifo, at, count);
    this.#fifoSamples += count;
    if (this.#silentSamples > 0) this.#silentSamples += count;
    // The first silence after sound may have been blended with it, all but the end.
    else this.#silentSamples = this.#fifo[at + count - 1] === 0 ? 1 : 0;
  }

  /** Whether mute and keys let anything through in this frame. A change is spread over it, so that nothing clicks. */
  #turnGain(nowMs: MonotonicMs): 'something' | 'nothing' {
    if (this.#key === 'perhaps-held' && !this.telephoneEvents.isHeld(nowMs)) this.#key = 'free';
    const cut = this.microphone === 'muted' || this.#key === 'perhaps-held';
    const wantedDb = cut ? Number.NEGATIVE_INFINITY : this.talkGainDb;
    const wasDb = this.#gainDb;
    if (wantedDb !== wasDb) {
      this.#gain.setDb(wantedDb);
      this.#gainDb = wantedDb;
      this.#gainRests = 'elsewhere';
      // In silence there is nothing to spread: a mute that begins there must not let the next word through.
      if (this.#silentSamples >= this.#fifoSamples) this.#scale();
    }
    return cut && wasDb === Number.NEGATIVE_INFINITY ? 'nothing' : 'something';
  }

  #scale(): void {
    this.#gain.scaleInt16(this.frame, FRAME_SAMPLES);
    this.#gainRests = this.#gain.isUnity ? 'at-unity' : 'elsewhere';
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

/** Whether a packet holds nothing but codes of silence. Ends at the first that is not. */
function isIdle(view: JitterBufferPacket, idleByte: number): boolean {
  const { bytes } = view;
  const end = view.offset + view.length;
  for (let i = view.offset; i < end; i += 1) {
    if (((bytes[i] ?? 0) | SIGN) !== idleByte) return false;
  }
  return true;
}
