import type { OpusSettings } from '../protocol/mixer-command.ts';

/** Until the config has said otherwise. */
const DEFAULT_SETTINGS: OpusSettings = { bitrate: 24_000, complexity: 5 };

/** How a worker encodes Opus. One object for all its legs and rooms; each stream notices a change by itself. */
export class OpusTuning {
  #settings = DEFAULT_SETTINGS;
  #revision = 0;

  /** Takes what the config says: for all streams, from their next frame on. */
  set(settings: OpusSettings): void {
    this.#settings = settings;
    this.#revision += 1;
  }

  get settings(): OpusSettings {
    return this.#settings;
  }

  /** Another number after each change. */
  get revision(): number {
    return this.#revision;
  }
}
