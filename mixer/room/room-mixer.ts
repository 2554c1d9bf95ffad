import type { RoomId } from '../protocol/mixer-command.ts';
import type { MonotonicMs } from '../protocol/units.ts';
import type { Leg } from './leg.ts';
import { FRAME_SAMPLES } from './mix-format.ts';
import { MixBus } from './mix-bus.ts';
import { RoomPromptPlayer } from './prompt-player.ts';
import type { PlayEnded } from './prompt-player.ts';
import { SharedFrame } from './shared-frame.ts';

/**
 * Mixes one room. In each tick everybody hears the sum of all voices without their own. Legs that say nothing hear the
 * same, so it is limited once and encoded once for each codec; only talkers, and legs with something of their own to
 * hear, cost a mix each.
 */
export class RoomMixer {
  readonly roomId: RoomId;
  readonly legs: Leg[] = [];
  readonly prompts: RoomPromptPlayer;
  readonly #bus = new MixBus();
  readonly #prompt = new Int32Array(FRAME_SAMPLES);
  readonly #shared = new SharedFrame();

  constructor(roomId: RoomId, playEnded: PlayEnded) {
    this.roomId = roomId;
    this.prompts = new RoomPromptPlayer(playEnded);
  }

  add(leg: Leg): void {
    this.legs.push(leg);
  }

  remove(leg: Leg): void {
    const index = this.legs.indexOf(leg);
    if (index !== -1) this.legs.splice(index, 1);
  }

  /** Mixes and sends one frame to every leg. */
  tick(nowMs: MonotonicMs): void {
    const legs = this.legs;
    this.#bus.clear();
    for (const leg of legs) {
      leg.in.tick(nowMs);
      if (leg.in.contribution === 'sound') this.#bus.add(leg.in.frame);
    }
    if (this.prompts.playing) this.prompts.addTo(this.#prompt.fill(0));
    this.#shared.clear();
    for (const leg of legs) this.#send(leg);
    if (this.prompts.playing) this.prompts.endTick();
  }

  #send(leg: Leg): void {
    if (!leg.out.sends) {
      leg.passTick();
      return;
    }
    const hearsPrompt = this.prompts.playing && this.prompts.exceptLegId !== leg.legId;
    const hearsAll = leg.in.contribution === 'nothing' && hearsPrompt === this.prompts.playing;
    if (hearsAll && leg.hears === 'only-the-room') {
      this.#sendShared(leg);
      return;
    }
    if (leg.in.contribution === 'sound') this.#bus.mixMinus(leg.in.frame, leg.mix);
    else this.#bus.all(leg.mix);
    if (hearsPrompt) this.#addPrompt(leg.mix);
    leg.sendMix(hearsPrompt ? 'heard' : 'none');
  }

  #sendShared(leg: Leg): void {
    if (this.#bus.talkers === 0 && !this.prompts.playing) {
      leg.out.sendSilence();
      return;
    }
    if (!this.#shared.isMixed) {
      this.#bus.all(this.#shared.mix);
      if (this.prompts.playing) this.#addPrompt(this.#shared.mix);
      this.#shared.limit();
    }
    leg.out.sendEncoded(this.#shared.encodedFor(leg.out.codec));
  }

  #addPrompt(mix: Int32Array): void {
    const prompt = this.#prompt;
    for (let i = 0; i < FRAME_SAMPLES; i += 1) mix[i] = (mix[i] ?? 0) + (prompt[i] ?? 0);
  }
}
