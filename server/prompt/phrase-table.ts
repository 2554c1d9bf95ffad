import { PHRASES_EN } from './phrases-en.ts';
import { PHRASES_PL } from './phrases-pl.ts';
import { PIECES_EN } from './pieces-en.ts';
import { PIECES_PL } from './pieces-pl.ts';
import type { Language, SoundName } from './utterance.ts';

/** Texts by recording. */
export type PhraseTable = Readonly<Record<string, string>>;

/** Languages in the order in which they are listed. */
export const LANGUAGES: readonly Language[] = ['pl', 'en'];

/** Everything that is recorded, by language: whole phrases first, then the pieces that others are made of. */
export const PHRASE_TABLES: Readonly<Record<Language, PhraseTable>> = {
  pl: { ...PHRASES_PL, ...PIECES_PL },
  en: { ...PHRASES_EN, ...PIECES_EN },
};

/** Whether a recording ends a sentence and a breath follows; else it goes on with the next recording. */
export function endsSentence(text: string): boolean {
  return text.endsWith('.') || text.endsWith(':');
}

/** What each sound is, for people. */
export const SOUNDS: Readonly<Record<SoundName, string>> = {
  'tone-enter': 'A soft rising pair of tones: somebody has come in.',
  'tone-leave': 'A soft falling pair of tones: somebody has left.',
  music: 'Music on hold; the end joins the beginning.',
};
