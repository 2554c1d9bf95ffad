import { GainRamp } from '../dsp/gain.ts';
import { LevelMeter, SILENCE_DBOV } from '../dsp/level-meter.ts';
import { fadeOut, QuietGate } from '../dsp/quiet-gate.ts';
import { VoiceActivity } from '../dsp/voice-activity.ts';
import type { LegMedia, MediaDirection, MicrophoneState } from '../protocol/mixer-command.ts';
import type { Hz, MonotonicMs } from '../protocol/units.ts';
import { ReceptionStatistics } from '../rtp/reception-statistics.ts';
import type { RtpHeader } from '../rtp/rtp-packet.ts';
import { TelephoneEventReceiver } from '../rtp/telephone-event.ts';
import { DeclaredSilence } from './declared-silence.ts';
import { InboundAudio } from './inbound-audio.ts';
import { MIX_RATE_HZ, mixRateOf } from './mix-format.ts';
import { PayloadTable } from './payload-table.ts';
import type { Payload } from './payload-table.ts';
import { RateChange } from './rate-change.ts';

/**
 * The way of one leg's audio from its packets to the frame that it adds to the mix.
 *
 * A comfort noise packet (RFC 3389) is taken for what it says, "I am silent now", and the noise that it describes is not
 * made. In a call of two it keeps the line from sounding dead; in a room the noises of all who are silent would add up
 * under the one who speaks, 15 dB louder for 30 of them. It would also make talkers of them: each would need a mix without
 * its own noise, where all who are silent share one encoded frame now. For the same reasons a microphone with Opus, whose
 * noise is never exact silence, goes through a gate.
 */
export class LegIn {
  /** What the leg says in this tick: a frame of int16 at the rate of its codec, valid until the next `tick`. */
  frame: Int16Array;
  readonly statistics = new ReceptionStatistics();
  readonly telephoneEvents = new TelephoneEventReceiver();
  /** `nothing`: the frame is silence, or to be taken for it, and need not be mixed. */
  contribution: 'sound' | 'nothing' = 'nothing';
  microphone: MicrophoneState = 'live';
  talkGainDb = 0;
  readonly #table = new PayloadTable();
  /** What the peer sends now; one for each rate that it has sent at. */
  #audio: InboundAudio;
  readonly #audios: InboundAudio[] = [];
  #newestSequenceNumber = 0;
  #lastPayload: Payload = 'none';
  /** Set while the peer sends at another rate than it is sent. */
  #rateChange: RateChange | null = null;
  #rateHz: Hz;
  readonly #meter = new LevelMeter();
  readonly #voiceActivity = new VoiceActivity();
  readonly #gain = new GainRamp();
  #gainDb = 0;
  /** Spares legs that nobody turned up or down a look at their gain. */
  #gainRests: 'at-unity' | 'elsewhere' = 'at-unity';
  #key: 'perhaps-held' | 'free' = 'free';
  #direction: MediaDirection = 'sendrecv';
  readonly #gate = new QuietGate();
  /** Null where the peer declares no levels. */
  #declared: DeclaredSilence | null = null;

  constructor(media: LegMedia) {
    this.#rateHz = mixRateOf(media.codec);
    this.#audio = this.#audioAt(this.#rateHz);
    this.frame = this.#audio.frame;
    this.update(media);
  }

  /** Takes what a new offer and answer agreed on. Audio goes on without a gap, at the new codec's rate. */
  update(media: LegMedia): void {
    this.#direction = media.direction;
    this.#table.update(media);
    const levelId = media.extensions?.audioLevelId ?? null;
    this.#declared = levelId === null ? null : new DeclaredSilence(levelId);
    const rateHz = mixRateOf(media.codec);
    if (rateHz === this.#rateHz) return;
    this.#rateHz = rateHz;
    // Until the peer's first packet at the new rate, what still comes at the old one is brought to it.
    this.#follow(this.#audio);
  }

  /** Whether offer and answer agreed on packets of this type. */
  knows(payloadType: number): boolean {
    return this.#table.payload(payloadType) !== 'none';
  }

  /** Rate of the peer's RTP clock, as its last packets of audio had it: for jitter. */
  get clockRateHz(): Hz {
    return this.#audio.rateHz;
  }

  /**
   * Whether what the peer sends is heard now. A peer that sends and does not want to receive holds the call: what comes is
   * its music on hold, which a whole room must not listen to. Keys count all the same.
   */
  get receives(): boolean {
    return this.#direction === 'sendrecv';
  }

  /** Whether the last packet said that the peer is silent now, RFC 3389. */
  get silenceSaid(): boolean {
    return this.#lastPayload === 'comfort-noise';
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
    const payload = this.#table.payload(header.payloadType);
    this.#lastPayload = payload;
    if (payload === 'audio') this.#followRate(header);
    const verdict = this.statistics.packet(header, atMs, this.clockRateHz);
    if (verdict === 'restarted') this.telephoneEvents.reset();
    if (payload === 'telephone-event') {
      this.#key = 'perhaps-held';
      return this.telephoneEvents.packet(header, bytes, atMs);
    }
    if (!this.receives) return -1;
    const audio = this.#audio;
    if (payload === 'audio') {
      const samples = audio.put(header, bytes);
      if (samples > 0) this.#declared?.packet(header, bytes, (samples * 1000) / audio.rateHz);
    } else audio.putComfortNoise(header, bytes);
    return -1;
  }

  /** Makes the next frame. */
  tick(nowMs: MonotonicMs): void {
    const audio = this.#audio;
    audio.tick(this.#voiceActivity.activity, this.#isHeard() ? 'decoded' : 'skipped');
    const silent = audio.isSilent;
    if (audio.silentSamples < audio.settledSamples) this.#measure(silent ? 1 : audio.frame.length);
    const passes = this.#turnGain(nowMs);
    const rateChange = this.#rateChange;
    if (rateChange !== null) {
      this.#tickOtherRate(rateChange, silent || passes === 'nothing' ? 'nothing' : 'sound');
      return;
    }
    this.contribution = silent || passes === 'nothing' ? 'nothing' : 'sound';
    if (this.contribution === 'nothing') return;
    if (audio.rateHz !== MIX_RATE_HZ) this.#passGate();
    if (this.#gainRests === 'elsewhere') this.#scale();
  }

  /** Gives memory back at once: the leg is no more. */
  free(): void {
    this.#table.free();
  }

  /** Whether anything of this tick can be heard: if not, nothing need be decoded for it. */
  #isHeard(): boolean {
    if (this.#declared?.isSilent === true) return false;
    return this.microphone === 'live' || this.#gainDb !== Number.NEGATIVE_INFINITY;
  }

  /** Takes level and activity from the first `length` samples: of silence one is enough. */
  #measure(length: number): void {
    const dbov = this.#meter.frame(this.#audio.frame, 0, length);
    this.#voiceActivity.frame(dbov);
  }

  #passGate(): void {
    const { frame } = this.#audio;
    const passes = this.#gate.frame(this.#meter.frameDbov, this.#voiceActivity.activity);
    if (passes === 'shut') this.contribution = 'nothing';
    else if (passes === 'shutting') fadeOut(frame, frame.length);
  }

  #tickOtherRate(rateChange: RateChange, says: 'sound' | 'nothing'): void {
    if (says === 'sound' && this.#gainRests === 'elsewhere') this.#scale();
    const { frame } = this.#audio;
    this.contribution = rateChange.tick(says === 'sound' ? frame : null);
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
      if (this.#audio.isSilent) this.#scale();
    }
    return cut && wasDb === Number.NEGATIVE_INFINITY ? 'nothing' : 'something';
  }

  #scale(): void {
    const { frame } = this.#audio;
    this.#gain.scaleInt16(frame, frame.length);
    this.#gainRests = this.#gain.isUnity ? 'at-unity' : 'elsewhere';
  }

  /** Changes over to the rate of a packet, unless it is an old one. */
  #followRate(header: RtpHeader): void {
    const { payloadType, sequenceNumber } = header;
    const step = ((sequenceNumber - this.#newestSequenceNumber) << 16) >> 16;
    if (
      step <= 0 &&
      this.statistics.started &&
      this.#table.rateHz(payloadType) !== this.#audio.rateHz
    ) {
      return;
    }
    this.#newestSequenceNumber = sequenceNumber;
    const rateHz = this.#table.rateHz(payloadType);
    if (rateHz === this.#audio.rateHz) return;
    const audio = this.#audioAt(rateHz);
    audio.reset();
    this.#follow(audio);
  }

  #follow(audio: InboundAudio): void {
    this.#audio = audio;
    const same = audio.rateHz === this.#rateHz;
    this.#rateChange = same ? null : new RateChange(audio.rateHz, this.#rateHz);
    this.frame = this.#rateChange?.frame ?? audio.frame;
    this.contribution = 'nothing';
  }

  #audioAt(rateHz: Hz): InboundAudio {
    const known = this.#audios.find((audio) => audio.rateHz === rateHz);
    if (known !== undefined) return known;
    const made = new InboundAudio(rateHz, this.#table);
    this.#audios.push(made);
    return made;
  }
}
