import { chooseDevice, type Device } from './device-choice.ts';
import { listDevices, MicrophoneError, type Microphone } from './microphone.ts';
import type { MicrophoneNews } from './room-view.ts';
import { isSpeech, SILENCE, stepVoice } from './voice.ts';

/** What the watch of a microphone needs and tells. */
export interface MicrophoneWatchOptions {
  readonly open: (wanted: Device | null) => Promise<Microphone>;
  /** Another one is open; the one before is closed. */
  readonly changed: (microphone: Microphone) => void;
  readonly news: (news: MicrophoneNews) => void;
  readonly talking: (talking: 'no' | 'yes') => void;
}

/** Looks after the microphone of a call. */
export interface MicrophoneWatch {
  readonly microphone: Microphone;
  readonly setMode: (mode: 'live' | 'muted') => void;
  /** Opens another one in its place. */
  readonly use: (device: Device | null) => Promise<void>;
  readonly devicesChanged: () => void;
  readonly close: () => void;
}

const READ_MS = 100;
/** How long the hint stays, and how long it is not given again. */
const HINT_MS = 4000;
const HINT_PAUSE_MS = 12_000;

/** Notices an unplugged microphone and takes another one, and whoever talks while muted. */
export function watchMicrophone(
  first: Microphone,
  options: MicrophoneWatchOptions,
): MicrophoneWatch {
  return new Watch(first, options);
}

class Watch implements MicrophoneWatch {
  readonly #options: MicrophoneWatchOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #microphone: Microphone;
  #mode: 'live' | 'muted' = 'live';
  #life: 'open' | 'closed' = 'open';
  #turn = 0;
  #voice = SILENCE;
  #hintAtMs = -Infinity;
  #hint: 'no' | 'yes' = 'no';

  constructor(first: Microphone, options: MicrophoneWatchOptions) {
    this.#options = options;
    this.#microphone = first;
    this.#listen(first);
    this.#timer = setInterval(() => this.#read(performance.now()), READ_MS);
  }

  get microphone(): Microphone {
    return this.#microphone;
  }

  readonly setMode = (mode: 'live' | 'muted'): void => {
    this.#mode = mode;
    this.#voice = SILENCE;
    this.#hintAtMs = -Infinity;
    this.#setHint('no');
  };

  readonly use = async (device: Device | null): Promise<void> => {
    const turn = (this.#turn += 1);
    let microphone: Microphone;
    try {
      microphone = await this.#options.open(device);
    } catch (error) {
      if (!(error instanceof MicrophoneError) || this.#life === 'closed') return;
      this.#options.news({ news: 'problem', problem: error.problem });
      return;
    }
    if (turn !== this.#turn || this.#isClosed()) {
      microphone.close();
      return;
    }
    const before = this.#microphone;
    this.#microphone = microphone;
    this.#listen(microphone);
    this.#options.news({ news: 'none' });
    this.#options.changed(microphone);
    before.close();
  };

  readonly devicesChanged = (): void => {
    // An old device that is back, or a new one, heals a microphone that is gone.
    if (this.#microphone.track.readyState === 'ended') void this.#replace();
  };

  readonly close = (): void => {
    this.#life = 'closed';
    clearInterval(this.#timer);
    this.#microphone.close();
  };

  #isClosed(): boolean {
    return this.#life === 'closed';
  }

  #listen(microphone: Microphone): void {
    const { track } = microphone;
    const isCurrent = (): boolean => microphone === this.#microphone && !this.#isClosed();
    track.addEventListener('ended', () => {
      if (isCurrent()) void this.#replace();
    });
    track.addEventListener('mute', () => {
      if (isCurrent()) this.#options.news({ news: 'silenced-by-device' });
    });
    track.addEventListener('unmute', () => {
      if (isCurrent()) this.#options.news({ news: 'none' });
    });
  }

  async #replace(): Promise<void> {
    const gone = this.#microphone.device;
    const { microphones } = await listDevices();
    const other = chooseDevice(microphones, gone);
    if (this.#isClosed()) return;
    if (other === null) {
      this.#options.news({ news: 'problem', problem: 'device-gone' });
      return;
    }
    await this.use(other);
    if (this.#microphone.track.readyState !== 'live') return;
    this.#options.news({ news: 'switched', name: this.#microphone.device.label });
  }

  #read(nowMs: number): void {
    if (this.#mode === 'live') return;
    const level = this.#microphone.level();
    if (level === null) return;
    this.#voice = stepVoice(this.#voice, level, nowMs);
    if (isSpeech(this.#voice) && nowMs - this.#hintAtMs > HINT_PAUSE_MS) {
      this.#hintAtMs = nowMs;
      this.#setHint('yes');
    } else if (nowMs - this.#hintAtMs > HINT_MS) {
      this.#setHint('no');
    }
  }

  #setHint(hint: 'no' | 'yes'): void {
    if (this.#hint === hint) return;
    this.#hint = hint;
    this.#options.talking(hint);
  }
}
