import { GainRamp } from '../dsp/gain.ts';
import { Limiter } from '../dsp/limiter.ts';
import type { LegId, LegMedia, MicrophoneState } from '../protocol/mixer-command.ts';
import type { MonotonicMs } from '../protocol/units.ts';
import { LegIn } from './leg-in.ts';
import { LegOut } from './leg-out.ts';
import type { SenderState } from './leg-out.ts';
import { FRAME_SAMPLES, MIX_RATE_HZ } from './mix-format.ts';
import { MusicOnHold } from './music-on-hold.ts';
import type { PacketSink } from './packet-sink.ts';
import { PromptPlayer } from './prompt-player.ts';
import type { PlayEnded } from './prompt-player.ts';

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

/** One media endpoint: what comes in from it, and what it hears. Knows no room: the mix is given to it. */
export class Leg {
  readonly legId: LegId;
  readonly in: LegIn;
  readonly out: LegOut;
  readonly prompts: PromptPlayer;
  readonly music = new MusicOnHold();
  listenGainDb = 0;
  readonly #duck = new GainRamp();
  readonly #listenGain = new GainRamp();
  readonly #limiter = new Limiter(MIX_RATE_HZ);
  readonly #mix = new Int32Array(FRAME_SAMPLES);
  readonly #frame = new Int16Array(FRAME_SAMPLES);

  constructor(parts: LegParts) {
    this.legId = parts.legId;
    this.in = new LegIn(parts.media);
    this.out = new LegOut(parts.media, parts.sender, parts.sink);
    this.prompts = new PromptPlayer(parts.playEnded);
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
  }

  setMicrophone(microphone: MicrophoneState): void {
    this.in.microphone = microphone;
  }

  setMusic(music: 'on' | 'off'): void {
    this.music.wanted = music;
  }

  /** Where the room's mix for this leg goes, before `sendMix`: `FRAME_SAMPLES` int32. */
  get mix(): Int32Array {
    return this.#mix;
  }

  /** Whether the leg hears just what any other hears: then `mix` and `sendMix` are not needed. */
  get hearsOnlyTheRoom(): boolean {
    return (
      !this.prompts.playing &&
      this.#duck.isUnity &&
      this.#listenGain.isUnity &&
      !this.music.isAudible('allowed')
    );
  }

  /** Adds the leg's own playback and music to `mix`, and sends it. */
  sendMix(): void {
    const mix = this.#mix;
    const playing = this.prompts.playing;
    this.#duck.setDb(playing ? DUCK_DB : 0);
    if (!this.#duck.isUnity) this.#duck.scaleInt32(mix, FRAME_SAMPLES);
    const music = playing ? 'silenced' : 'allowed';
    if (this.music.isAudible(music)) this.music.addTo(mix, music);
    this.prompts.addTo(mix);
    if (!this.#listenGain.isUnity) this.#listenGain.scaleInt32(mix, FRAME_SAMPLES);
    this.#limiter.process(mix, this.#frame, FRAME_SAMPLES);
    this.out.sendFrame(this.#frame);
  }

  /** One tick of a leg that is in no room. */
  tickAlone(nowMs: MonotonicMs): void {
    this.in.tick(nowMs);
    if (!this.out.sends) {
      this.passTick();
      return;
    }
    if (this.hearsOnlyTheRoom) {
      this.out.sendSilence();
      return;
    }
    this.#mix.fill(0);
    this.sendMix();
  }

  /** Lets a tick pass for a leg that is on hold: playbacks go on, unheard, so that they end. */
  passTick(): void {
    if (this.prompts.playing) this.prompts.addTo(this.#mix.fill(0));
    this.out.skip(1);
  }
}
