import { GainRamp } from '../dsp/gain.ts';
import { Limiter } from '../dsp/limiter.ts';
import type { LegId, LegMedia, MicrophoneState } from '../protocol/mixer-command.ts';
import type { MonotonicMs } from '../protocol/units.ts';
import type { Clip } from './clip-sequence.ts';
import { LegIn } from './leg-in.ts';
import { LegOut } from './leg-out.ts';
import type { SenderState } from './leg-out.ts';
import { FRAME_SAMPLES, MIX_RATE_HZ } from './mix-format.ts';
import { MusicOnHold } from './music-on-hold.ts';
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
}

/** Volumes of one leg. */
export interface LegGains {
  readonly talkGainDb: number;
  readonly listenGainDb: number;
}

/** What a leg hears in this tick. One for all legs of the thread: it is filled and sent before the next leg's turn. */
const MIX = new Int32Array(FRAME_SAMPLES);
const FRAME = new Int16Array(FRAME_SAMPLES);

/** One media endpoint: what comes in from it, and what it hears. Knows no room: the mix is given to it. */
export class Leg {
  readonly legId: LegId;
  readonly in: LegIn;
  readonly out: LegOut;
  listenGainDb = 0;
  /**
   * `only-the-room`: just what any other leg hears that says nothing. Kept as a field, so that a leg which only listens
   * costs no look at its players and gains; `of-its-own` until a tick has shown that there is nothing.
   */
  hears: 'only-the-room' | 'of-its-own' = 'of-its-own';
  readonly #prompts: PromptPlayer;
  readonly #music = new MusicOnHold();
  readonly #duck = new GainRamp();
  readonly #listenGain = new GainRamp();
  readonly #limiter = new Limiter(MIX_RATE_HZ);

  constructor(parts: LegParts) {
    this.legId = parts.legId;
    this.in = new LegIn(parts.media);
    this.out = new LegOut(parts.media, parts.sender, parts.sink);
    this.#prompts = new PromptPlayer(parts.playEnded);
  }

  /** Takes what a new offer and answer agreed on. */
  update(media: LegMedia): void {
    this.in.update(media);
    this.out.update(media);
  }

  /** How loud the others hear this leg, and how loud it hears everything. */
  setGains(gains: LegGains): void {
    this.in.talkGainDb = gains.talkGainDb;
    this.listenGainDb = gains.listenGainDb;
    this.#listenGain.setDb(gains.listenGainDb);
    this.hears = 'of-its-own';
  }

  setMicrophone(microphone: MicrophoneState): void {
    this.in.microphone = microphone;
  }

  setMusic(music: 'on' | 'off'): void {
    this.#music.wanted = music;
    this.hears = 'of-its-own';
  }

  get music(): 'on' | 'off' {
    return this.#music.wanted;
  }

  /** Takes the recording to play as music on hold, or null for none. */
  loadMusic(clip: Clip | null): void {
    this.#music.load(clip);
    this.hears = 'of-its-own';
  }

  /** Begins a playback to this leg; one that is running ends as `stopped`. */
  play(play: LegPlay): void {
    this.#prompts.play(play);
    this.hears = 'of-its-own';
  }

  /** Ends the playback to this leg, if there is one. */
  stopPlay(): void {
    this.#prompts.stop('stopped');
  }

  /** The peer has pressed a key: ends a playback that may be interrupted. */
  key(): void {
    this.#prompts.key();
  }

  /** Where the room's mix for this leg goes, right before `sendMix`: `FRAME_SAMPLES` int32. */
  get mix(): Int32Array {
    return MIX;
  }

  /** Adds the leg's own playback and music to `mix`, and sends it. `roomPrompt`: whether one is in `mix` already. */
  sendMix(roomPrompt: 'heard' | 'none'): void {
    const playing = this.#prompts.playing;
    this.#duck.setDb(playing ? DUCK_DB : 0);
    if (!this.#duck.isUnity) this.#duck.scaleInt32(MIX, FRAME_SAMPLES);
    const music = playing || roomPrompt === 'heard' ? 'silenced' : 'allowed';
    if (this.#music.isAudible(music)) this.#music.addTo(MIX, music);
    this.#prompts.addTo(MIX);
    if (!this.#listenGain.isUnity) this.#listenGain.scaleInt32(MIX, FRAME_SAMPLES);
    this.#limiter.process(MIX, FRAME, FRAME_SAMPLES);
    this.out.sendFrame(FRAME);
    this.hears = this.#hasItsOwn() ? 'of-its-own' : 'only-the-room';
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
    MIX.fill(0);
    this.sendMix('none');
  }

  /** Lets a tick pass for a leg that is on hold: playbacks go on, unheard, so that they end. */
  passTick(): void {
    if (this.#prompts.playing) this.#prompts.addTo(MIX.fill(0));
    this.out.skip(1);
  }

  #hasItsOwn(): boolean {
    if (this.#prompts.playing || this.#music.isAudible('allowed')) return true;
    return !this.#duck.isUnity || !this.#listenGain.isUnity;
  }
}
