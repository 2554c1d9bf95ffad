import type { Interruptible, LegId, PlayId } from '../protocol/mixer-command.ts';
import { ClipSequence } from './clip-sequence.ts';
import type { Clip } from './clip-sequence.ts';

/** How a playback came to its end. */
export type PlayOutcome = 'finished' | 'interrupted' | 'stopped';

/** Told once for each playback. */
export type PlayEnded = (playId: PlayId, outcome: PlayOutcome) => void;

/** One playback to one leg. */
export interface LegPlay {
  readonly playId: PlayId;
  readonly clips: readonly Clip[];
  readonly interruptible: Interruptible;
}

/** Plays recordings to one leg, one playback at a time. */
export class PromptPlayer {
  readonly #ended: PlayEnded;
  #play: LegPlay | null = null;
  #sequence: ClipSequence | null = null;

  constructor(ended: PlayEnded) {
    this.#ended = ended;
  }

  /** Whether something is being played. */
  get playing(): boolean {
    return this.#sequence !== null;
  }

  /** Begins a playback; one that is running ends as `stopped` before. */
  play(play: LegPlay): void {
    this.stop('stopped');
    this.#play = play;
    this.#sequence = new ClipSequence(play.clips);
  }

  /** A key was pressed: ends the playback if it may be interrupted. */
  key(): void {
    if (this.#play?.interruptible === 'by-key') this.stop('interrupted');
  }

  /** Ends the playback, if there is one. */
  stop(outcome: PlayOutcome): void {
    const play = this.#play;
    this.#play = null;
    this.#sequence = null;
    if (play !== null) this.#ended(play.playId, outcome);
  }

  /** Adds the next frame to `mix`. Reports the end in the tick in which the last sample was added. */
  addTo(mix: Int32Array): void {
    const sequence = this.#sequence;
    if (sequence === null) return;
    sequence.addTo(mix, 1);
    if (sequence.ended) this.stop('finished');
  }
}

/** One playback to everybody in a room but, perhaps, one leg. */
export interface RoomPlay {
  readonly playId: PlayId;
  readonly clips: readonly Clip[];
  readonly exceptLegId: LegId | null;
}

/** What a recording is turned down by so that it stays under the speech: −6 dB. */
const UNDER_SPEECH_GAIN = 0.5;

/** Plays recordings to a whole room, one playback after another. */
export class RoomPromptPlayer {
  readonly #ended: PlayEnded;
  readonly #waiting: RoomPlay[] = [];
  #sequence: ClipSequence | null = null;

  constructor(ended: PlayEnded) {
    this.#ended = ended;
  }

  /** Whether something is being played. */
  get playing(): boolean {
    return this.#waiting.length > 0;
  }

  /** The leg that must not hear what is being played now, or null. */
  get exceptLegId(): LegId | null {
    return this.#waiting[0]?.exceptLegId ?? null;
  }

  /** Adds a playback to the queue. */
  play(play: RoomPlay): void {
    this.#waiting.push(play);
  }

  /** Ends all playbacks. */
  stop(): void {
    for (const play of this.#waiting.splice(0)) this.#ended(play.playId, 'stopped');
    this.#sequence = null;
  }

  /** Adds the next frame to `mix`. */
  addTo(mix: Int32Array): void {
    const play = this.#waiting[0];
    if (play === undefined) return;
    this.#sequence ??= new ClipSequence(play.clips);
    this.#sequence.addTo(mix, UNDER_SPEECH_GAIN);
  }

  /** Ends the tick: what has been played to its end makes room for the next. */
  endTick(): void {
    if (this.#sequence?.ended !== true) return;
    this.#sequence = null;
    const play = this.#waiting.shift();
    if (play !== undefined) this.#ended(play.playId, 'finished');
  }
}
