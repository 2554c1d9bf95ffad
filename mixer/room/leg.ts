import { GainRamp } from '../dsp/gain.ts';
import { Limiter } from '../dsp/limiter.ts';
import type { LegId, LegMedia, MicrophoneState } from '../protocol/mixer-command.ts';
import type { Hz, MonotonicMs } from '../protocol/units.ts';
import { ClipChannel } from './clip-channel.ts';
import type { Clip } from './clip-sequence.ts';
import { LegIn } from './leg-in.ts';
import { LegOut } from './leg-out.ts';
import { frameSamplesAt, MIX_RATE_HZ, MIX_RATES_HZ, mixRateOf, rateIndexOf } from './mix-format.ts';
import { MusicOnHold } from './music-on-hold.ts';
import { OpusTuning } from './opus-tuning.ts';
import type { SenderState } from './packet-sender.ts';
import type { PacketSink } from './packet-sink.ts';
import { PromptPlayer } from './prompt-player.ts';
import type { LegPlay, PlayEnded } from './prompt-player.ts';

/** What the room is turned down by while a prompt plays to one leg. */
const DUCK_DB = -12;

/** What a leg is made from. */
export interface LegParts {
  readonly legId: LegId;
  readonly media: LegMedia;
  readonly sender: SenderState;
  readonly sink: PacketSink;
  readonly playEnded: PlayEnded;
  /** How Opus is encoded: one object for the whole worker. Left out: as if the config said nothing. */
  readonly tuning?: OpusTuning;
}

/** Volumes of one leg. */
export interface LegGains {
  readonly talkGainDb: number;
  readonly listenGainDb: number;
}

/** What a leg hears in a tick, by rate. For all legs of the thread: it is filled and sent before the next leg's turn. */
const MIXES = MIX_RATES_HZ.map((rateHz) => new Int32Array(frameSamplesAt(rateHz)));
const FRAMES = MIX_RATES_HZ.map((rateHz) => new Int16Array(frameSamplesAt(rateHz)));
const NO_MIX = new Int32Array(0);
const NO_FRAME = new Int16Array(0);

/** One media endpoint: what comes in from it, and what it hears. Knows no room: the mix is given to it. */
export class Leg {
  readonly legId: LegId;
  readonly in: LegIn;
  readonly out: LegOut;
  listenGainDb = 0;
  /**
   * `only-the-room`: just what any other leg hears that says nothing. Kept as a field, so that a leg which only listens
   * costs no look at its players and gains.
   */
  hears: 'only-the-room' | 'of-its-own' = 'only-the-room';
  readonly #prompts: PromptPlayer;
  readonly #music = new MusicOnHold();
  readonly #duck = new GainRamp();
  readonly #listenGain = new GainRamp();
  #limiter = new Limiter(MIX_RATE_HZ);
  /** Where recordings go by a resampler to what the leg hears; null where they are at its rate. */
  #clipChannel: ClipChannel | null = null;
  #rateHz: Hz = 0;
  #rateIndex = 0;
  #mix: Int32Array = NO_MIX;
  #frame: Int16Array = NO_FRAME;

  constructor(parts: LegParts) {
    this.legId = parts.legId;
    this.in = new LegIn(parts.media);
    this.out = new LegOut({ ...parts, tuning: parts.tuning ?? new OpusTuning() });
    this.#prompts = new PromptPlayer(parts.playEnded);
    this.#setRate(mixRateOf(parts.media.codec));
  }

  /** Takes what a new offer and answer agreed on. */
  update(media: LegMedia): void {
    this.in.update(media);
    this.out.update(media);
    this.#setRate(mixRateOf(media.codec));
    this.#judgeWhatIsHeard();
  }

  /** Where the rate that the leg is mixed at stands in `MIX_RATES_HZ`. A new offer and answer may change it. */
  get rateIndex(): number {
    return this.#rateIndex;
  }

  /** How loud the others hear this leg, and how loud it hears everything. */
  setGains(gains: LegGains): void {
    this.in.talkGainDb = gains.talkGainDb;
    this.listenGainDb = gains.listenGainDb;
    this.#listenGain.setDb(gains.listenGainDb);
    this.#judgeWhatIsHeard();
  }

  setMicrophone(microphone: MicrophoneState): void {
    this.in.microphone = microphone;
  }

  setMusic(music: 'on' | 'off'): void {
    this.#music.wanted = music;
    this.#judgeWhatIsHeard();
  }

  get music(): 'on' | 'off' {
    return this.#music.wanted;
  }

  /** Takes the recording to play as music on hold, or null for none. */
  loadMusic(clip: Clip | null): void {
    this.#music.load(clip);
    this.#judgeWhatIsHeard();
  }

  /** Begins a playback to this leg; one that is running ends as `stopped`. */
  play(play: LegPlay): void {
    this.#prompts.play(play);
    this.#judgeWhatIsHeard();
  }

  /** Ends the playback to this leg, if there is one. */
  stopPlay(): void {
    this.#prompts.stop('stopped');
  }

  /** The peer has pressed a key: ends a playback that may be interrupted. */
  key(): void {
    this.#prompts.key();
  }

  /** Where the room's mix for this leg goes, right before `sendMix`: a frame of its rate in int32. */
  get mix(): Int32Array {
    return this.#mix;
  }

  /** Adds the leg's own playback and music to `mix`, and sends it. `roomPrompt`: whether one is in `mix` already. */
  sendMix(roomPrompt: 'heard' | 'none'): void {
    const mix = this.#mix;
    const samples = mix.length;
    this.#duck.setDb(this.#prompts.playing ? DUCK_DB : 0);
    if (!this.#duck.isUnity) this.#duck.scaleInt32(mix, samples);
    this.#addClips(roomPrompt);
    if (!this.#listenGain.isUnity) this.#listenGain.scaleInt32(mix, samples);
    this.#limiter.process(mix, this.#frame, samples);
    const hasItsOwn = this.#hasItsOwn();
    if (hasItsOwn) this.out.keepOwnStream();
    this.out.sendFrame(this.#frame);
    this.hears = hasItsOwn ? 'of-its-own' : 'only-the-room';
  }

  /** One tick of a leg that is in no room. */
  tickAlone(nowMs: MonotonicMs): void {
    this.in.tick(nowMs);
    if (!this.out.sends) {
      this.passTick();
      return;
    }
    if (this.hears === 'only-the-room') {
      this.out.sendSilence();
      return;
    }
    this.#mix.fill(0);
    this.sendMix('none');
  }

  /** Lets a tick pass for a leg that is on hold: playbacks go on, unheard, so that they end. */
  passTick(): void {
    if (this.#prompts.playing) this.#prompts.addTo(this.#mix.fill(0));
    this.out.skip(1);
  }

  /** Gives memory back at once: the leg is no more. */
  free(): void {
    this.in.free();
    this.out.free();
  }

  #setRate(rateHz: Hz): void {
    if (rateHz === this.#rateHz) return;
    this.#rateHz = rateHz;
    this.#rateIndex = rateIndexOf(rateHz);
    this.#mix = MIXES[this.#rateIndex] ?? NO_MIX;
    this.#frame = FRAMES[this.#rateIndex] ?? NO_FRAME;
    this.#limiter = new Limiter(rateHz);
    this.#clipChannel = rateHz === MIX_RATE_HZ ? null : new ClipChannel(rateHz);
  }

  #addClips(roomPrompt: 'heard' | 'none'): void {
    const channel = this.#clipChannel;
    const playing = this.#prompts.playing;
    const music = playing || roomPrompt === 'heard' ? 'silenced' : 'allowed';
    const hasMusic = this.#music.isAudible(music);
    if (channel !== null && !playing && !hasMusic) {
      channel.flushTo(this.#mix);
      return;
    }
    const clips = channel === null ? this.#mix : channel.clips;
    if (hasMusic) this.#music.addTo(clips, music);
    this.#prompts.addTo(clips);
    channel?.addTo(this.#mix);
  }

  #judgeWhatIsHeard(): void {
    this.hears = this.#hasItsOwn() ? 'of-its-own' : 'only-the-room';
  }

  #hasItsOwn(): boolean {
    if (this.#prompts.playing || this.#music.isAudible('allowed')) return true;
    if (this.#clipChannel?.isRinging === true) return true;
    return !this.#duck.isUnity || !this.#listenGain.isUnity;
  }
}
