import type {
  ClipName,
  Interruptible,
  LegId,
  MixerCommand,
  PlayId,
} from '../../mixer/protocol/mixer-command.ts';

/** Most sayings that wait for their turn; what comes on top is dropped, oldest first. */
const MAX_WAITING = 4;

/** What an end of a playback means to whoever asked for it. */
export type VoiceEnd =
  /** It was the last thing to be said, and it was heard to its end. */
  | 'all-said'
  /** More is being said now, or a key cut it short. */
  | 'not-all-said'
  /** Not the playback that runs: an echo of one that was replaced. */
  | 'stale';

/**
 * What one leg is told, one saying at a time. It knows which playback runs and returns the commands that begin the next.
 */
export class Voice {
  readonly #legId: LegId;
  #lastPlayId: PlayId = 0;
  #running: PlayId | null = null;
  #interruptible: Interruptible = 'not-by-key';
  #waiting: (readonly ClipName[])[] = [];

  constructor(legId: LegId) {
    this.#legId = legId;
  }

  /** Says this at once, instead of whatever is being said. */
  say(clips: readonly ClipName[], interruptible: Interruptible): readonly MixerCommandForVoice[] {
    this.#waiting = [];
    return [this.#play(clips, interruptible)];
  }

  /** Says this when what is being said now has ended. Only `stop` and `say` cut it short. */
  sayNext(clips: readonly ClipName[]): readonly MixerCommandForVoice[] {
    if (this.#running === null) return [this.#play(clips, 'not-by-key')];
    this.#waiting = [...this.#waiting, clips].slice(-MAX_WAITING);
    return [];
  }

  /** Ends what is being said and what waits. */
  stop(): readonly MixerCommandForVoice[] {
    this.#waiting = [];
    if (this.#running === null) return [];
    this.#running = null;
    return [{ type: 'stop-play', legId: this.#legId }];
  }

  /** A key that the mixer knows nothing of (INFO): it ends what a key may end, as if the mixer had seen it. */
  key(): readonly MixerCommandForVoice[] {
    if (this.#running === null || this.#interruptible === 'not-by-key') return [];
    return [{ type: 'stop-play', legId: this.#legId }];
  }

  /** The mixer ended a playback. Returns what that means, and the commands that begin what waited. */
  ended(
    playId: PlayId,
    outcome: 'finished' | 'interrupted' | 'stopped',
  ): { readonly end: VoiceEnd; readonly commands: readonly MixerCommandForVoice[] } {
    if (playId !== this.#running) return { end: 'stale', commands: [] };
    this.#running = null;
    const next = this.#waiting.shift();
    if (next !== undefined) {
      return { end: 'not-all-said', commands: [this.#play(next, 'not-by-key')] };
    }
    return { end: outcome === 'finished' ? 'all-said' : 'not-all-said', commands: [] };
  }

  #play(clips: readonly ClipName[], interruptible: Interruptible): MixerCommandForVoice {
    this.#lastPlayId += 1;
    this.#running = this.#lastPlayId;
    this.#interruptible = interruptible;
    return { type: 'play-to-leg', legId: this.#legId, playId: this.#running, clips, interruptible };
  }
}

/** What the mixer is asked for a voice. */
export type MixerCommandForVoice = Extract<
  MixerCommand,
  { readonly type: 'play-to-leg' | 'stop-play' }
>;
