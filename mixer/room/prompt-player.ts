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
  /** `once`: while an equal one waits for its turn, this one sounds together with it. */
  readonly whenWaiting: 'once' | 'each';
}

/** Playbacks that sound as one: the first of them, and what was asked for while it waited. */
interface Turn {
  readonly first: RoomPlay;
  readonly playIds: PlayId[];
  exceptLegId: LegId | null;
}

/** What a recording is turned down by so that it stays under the speech: −6 dB. */
const UNDER_SPEECH_GAIN = 0.5;

/**
 * Plays recordings to a whole room, one playback after another. Thirty people who enter together make two tones, not
 * twelve seconds of them: see `RoomPlay.whenWaiting`. What is said is said each time.
 */
export class RoomPromptPlayer {
  readonly #ended: PlayEnded;
  readonly #turns: Turn[] = [];
  /** Of the first turn; null until it begins. */
  #sequence: ClipSequence | null = null;

  constructor(ended: PlayEnded) {
    this.#ended = ended;
  }

  /** Whether something is being played. */
  get playing(): boolean {
    return this.#turns.length > 0;
  }

  /** The leg that must not hear what is being played now, or null. */
  get exceptLegId(): LegId | null {
    return this.#turns[0]?.exceptLegId ?? null;
  }

  /** Adds a playback to the queue, or to one that waits there. Its end is told in either case. */
  play(play: RoomPlay): void {
    const { playId, exceptLegId } = play;
    const turn = this.#waitingLike(play);
    if (turn === undefined) {
      this.#turns.push({ first: play, playIds: [playId], exceptLegId });
      return;
    }
    turn.playIds.push(playId);
    // It is the tone of several now, and each may hear the others'.
    if (turn.exceptLegId !== exceptLegId) turn.exceptLegId = null;
  }

  /** Ends all playbacks. */
  stop(): void {
    this.#sequence = null;
    for (const turn of this.#turns.splice(0)) this.#end(turn, 'stopped');
  }

  /** Adds the next frame to `mix`. */
  addTo(mix: Int32Array): void {
    const turn = this.#turns[0];
    if (turn === undefined) return;
    this.#sequence ??= new ClipSequence(turn.first.clips);
    this.#sequence.addTo(mix, UNDER_SPEECH_GAIN);
  }

  /** Ends the tick: what has been played to its end makes room for the next. */
  endTick(): void {
    if (this.#sequence?.ended !== true) return;
    this.#sequence = null;
    const turn = this.#turns.shift();
    if (turn !== undefined) this.#end(turn, 'finished');
  }

  #end(turn: Turn, outcome: PlayOutcome): void {
    for (const playId of turn.playIds) this.#ended(playId, outcome);
  }

  /** The turn that has not begun and that sounds the same, if `play` may be merged with it. */
  #waitingLike(play: RoomPlay): Turn | undefined {
    if (play.whenWaiting === 'each') return undefined;
    const begun = this.#sequence === null ? undefined : this.#turns[0];
    return this.#turns.find(
      (turn) =>
        turn !== begun &&
        turn.first.whenWaiting === 'once' &&
        haveEqualClips(turn.first.clips, play.clips),
    );
  }
}

/** Whether two playbacks sound the same. The bank makes one view for each clip, so views are compared, not samples. */
function haveEqualClips(one: readonly Clip[], other: readonly Clip[]): boolean {
  return one.length === other.length && one.every((clip, at) => clip === other[at]);
}
