import type { LegId, RoomId } from '../protocol/mixer-command.ts';
import type { MonotonicMs } from '../protocol/units.ts';
import type { Leg } from './leg.ts';
import { FRAME_SAMPLES, MIX_RATES_HZ } from './mix-format.ts';
import { OpusTuning } from './opus-tuning.ts';
import { RoomPromptPlayer } from './prompt-player.ts';
import type { PlayEnded } from './prompt-player.ts';
import { RateBridge } from './rate-bridge.ts';
import { RoomBus } from './room-bus.ts';

/** Ticks between two looks at what the listeners of a stream lose: 1 s. */
const ADAPT_TICKS = 50;

/**
 * Mixes one room. In each tick everybody hears the sum of all voices without their own. Legs that say nothing hear the
 * same, so it is limited once and encoded once for each codec; only talkers, and legs with something of their own to
 * hear, cost a mix each.
 *
 * There is one bus for each rate that some leg in the room has. A voice goes to the bus of its own rate as it is, and
 * from there in the sum of that rate's voices to the others; so what is taken out again for its owner is exactly what
 * was put in.
 *
 * ```
 *   8 kHz legs ──▶ voices ──┬─────────────────▶ sum ──▶ 8 kHz legs, each minus its own
 *                           ╲ ╱ bridges
 *                           ╱ ╲
 *  48 kHz legs ──▶ voices ──┴─────────────────▶ sum ──▶ 48 kHz legs, each minus its own
 * ```
 */
export class RoomMixer {
  readonly roomId: RoomId;
  readonly legs: Leg[] = [];
  readonly prompts: RoomPromptPlayer;
  readonly #tuning: OpusTuning;
  /** By rate; null until a leg of that rate has come. */
  readonly #buses: (RoomBus | null)[] = MIX_RATES_HZ.map(() => null);
  readonly #bridges: RateBridge[] = [];
  readonly #clips = new Int32Array(FRAME_SAMPLES);
  /** Whether a recording, or the end of one, is heard in this tick, and who must not hear it. */
  #prompt: 'none' | 'sounds' = 'none';
  #promptExcept: LegId | null = null;
  #ticks = 0;

  /** `tuning` — one object for the whole worker. Left out: as if the config said nothing. */
  constructor(roomId: RoomId, playEnded: PlayEnded, tuning = new OpusTuning()) {
    this.roomId = roomId;
    this.prompts = new RoomPromptPlayer(playEnded);
    this.#tuning = tuning;
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
    for (const bus of this.#buses) bus?.clear();
    for (const leg of legs) {
      leg.in.tick(nowMs);
      const bus = this.#busOf(leg);
      bus.legs += 1;
      if (leg.in.contribution === 'sound') bus.voices.add(leg.in.frame);
    }
    for (const bridge of this.#bridges) bridge.take();
    for (const bridge of this.#bridges) bridge.deliver();
    this.#playPrompt();
    for (const bus of this.#buses) if (bus !== null) this.#settle(bus);
    for (const leg of legs) this.#send(leg, this.#busOf(leg));
    if (this.prompts.playing) this.prompts.endTick();
    this.#ticks = (this.#ticks + 1) % ADAPT_TICKS;
    if (this.#ticks === 0) this.#adapt();
  }

  /** Gives memory back at once: the room is no more. */
  free(): void {
    for (const bus of this.#buses) bus?.shared.free();
  }

  #send(leg: Leg, bus: RoomBus): void {
    if (!leg.out.sends) {
      leg.passTick();
      return;
    }
    const sounds = this.#prompt === 'sounds';
    const hearsPrompt = sounds && this.#promptExcept !== leg.legId;
    const says = leg.in.contribution === 'sound';
    if (!says && hearsPrompt === sounds && leg.hears === 'only-the-room') {
      this.#sendToListener(leg, bus);
      return;
    }
    if (says) bus.voices.mixMinus(leg.in.frame, leg.mix);
    else bus.voices.all(leg.mix);
    if (hearsPrompt) bus.addPrompt(leg.mix);
    leg.out.keepOwnStream();
    leg.sendMix(hearsPrompt ? 'heard' : 'none');
  }

  /** Sends what all hear who only listen. */
  #sendToListener(leg: Leg, bus: RoomBus): void {
    if (bus.silence === 'settled') {
      leg.out.sendSilence();
      return;
    }
    const { shared } = bus;
    if (leg.out.stream === 'own') {
      this.#writeAll(bus, leg.mix);
      leg.sendMix(this.#prompt === 'sounds' ? 'heard' : 'none');
      return;
    }
    if (!shared.isMixed) {
      this.#writeAll(bus, shared.mix);
      shared.limit();
    }
    leg.out.sendShared(shared.encodedFor(leg.out.codec));
  }

  #writeAll(bus: RoomBus, mix: Int32Array): void {
    bus.voices.all(mix);
    if (this.#prompt === 'sounds') bus.addPrompt(mix);
  }

  /** The bus of a leg's rate; made when a first leg of that rate is there. */
  #busOf(leg: Leg): RoomBus {
    return this.#buses[leg.rateIndex] ?? this.#addBus(leg.rateIndex);
  }

  #addBus(rateIndex: number): RoomBus {
    const added = new RoomBus(MIX_RATES_HZ[rateIndex] ?? 0, this.#tuning);
    for (const bus of this.#buses) {
      if (bus === null) continue;
      this.#bridges.push(new RateBridge(bus, added), new RateBridge(added, bus));
    }
    this.#buses[rateIndex] = added;
    return added;
  }

  #playPrompt(): void {
    const playing = this.prompts.playing;
    this.#prompt = playing || this.#somePromptRings() ? 'sounds' : 'none';
    if (this.#prompt === 'none') return;
    if (playing) {
      this.#promptExcept = this.prompts.exceptLegId;
      this.prompts.addTo(this.#clips.fill(0));
    }
    for (const bus of this.#buses) {
      if (bus === null || bus.legs === 0) continue;
      if (playing) bus.playPrompt(this.#clips);
      else bus.endPrompt();
    }
  }

  #somePromptRings(): boolean {
    for (const bus of this.#buses) if (bus?.promptRings === true) return true;
    return false;
  }

  #settle(bus: RoomBus): void {
    if (bus.legs === 0) bus.rest();
    const something = bus.voices.talkers > 0 || this.#prompt === 'sounds';
    bus.settle(something ? 'something' : 'nothing');
  }

  /** Fits each shared stream to the worst of those who may hear it. */
  #adapt(): void {
    for (const bus of this.#buses) {
      if (bus === null) continue;
      let expectedLossPercent = 0;
      let bitratePercent = 100;
      for (const leg of this.legs) {
        if (this.#busOf(leg) !== bus) continue;
        const { adaptation } = leg.out;
        expectedLossPercent = Math.max(expectedLossPercent, adaptation.expectedLossPercent);
        bitratePercent = Math.min(bitratePercent, adaptation.bitratePercent);
      }
      bus.shared.adapt(expectedLossPercent, bitratePercent);
    }
  }
}
