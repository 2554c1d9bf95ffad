import type { Interruptible, LegId, PlayId } from '../../mixer/protocol/mixer-command.ts';
import type { WallclockMs } from '../../mixer/protocol/units.ts';
import { speak } from '../prompt/speak.ts';
import type { Language, Utterance } from '../prompt/utterance.ts';
import type { CallAction } from './call-message.ts';
import { Voice } from './voice.ts';
import type { MixerCommandForVoice, VoiceEnd } from './voice.ts';

/** Whom is spoken to, and how. */
export interface SpeakerOptions {
  readonly legId: LegId;
  readonly language: Language;
  /** For saying "today" instead of a date. */
  readonly wallclockMs: () => WallclockMs;
}

/** Speaks to one caller in their language. Returns what is to be done for that. */
export class Speaker {
  readonly #options: SpeakerOptions;
  readonly #voice: Voice;

  constructor(options: SpeakerOptions) {
    this.#options = options;
    this.#voice = new Voice(options.legId);
  }

  /** Says this at once, instead of whatever is being said. */
  say(utterances: readonly Utterance[], interruptible: Interruptible): readonly CallAction[] {
    const { language, wallclockMs } = this.#options;
    const clips = utterances.flatMap((utterance) => speak(utterance, language, wallclockMs()));
    return asActions(this.#voice.say(clips, interruptible));
  }

  /** Says this when what is being said now has ended. */
  sayNext(utterance: Utterance): readonly CallAction[] {
    const { language, wallclockMs } = this.#options;
    return asActions(this.#voice.sayNext(speak(utterance, language, wallclockMs())));
  }

  stop(): readonly CallAction[] {
    return asActions(this.#voice.stop());
  }

  /** A key that the mixer knows nothing of cuts short what a key may. */
  key(): readonly CallAction[] {
    return asActions(this.#voice.key());
  }

  /** The mixer ended a playback. Returns what that means, and the actions that begin what waited. */
  ended(
    playId: PlayId,
    outcome: 'finished' | 'interrupted' | 'stopped',
  ): { readonly end: VoiceEnd; readonly actions: readonly CallAction[] } {
    const { end, commands } = this.#voice.ended(playId, outcome);
    return { end, actions: asActions(commands) };
  }
}

function asActions(commands: readonly MixerCommandForVoice[]): readonly CallAction[] {
  return commands.map((command) => ({ type: 'media', command }));
}
