import { PHRASE_TABLES } from '../../../server/prompt/phrase-table.ts';
import { speak } from '../../../server/prompt/speak.ts';
import type { Language, Utterance } from '../../../server/prompt/utterance.ts';

/** What is heard, as one text. A recording without a text shows as its name in angle brackets. */
export function transcript(utterance: Utterance, language: Language, nowMs?: number): string {
  return speak(utterance, language, nowMs)
    .map((clip) => textOf(clip, language) ?? `<${clip}>`)
    .join(' ');
}

function textOf(clip: string, language: Language): string | undefined {
  const prefix = `${language}/`;
  return clip.startsWith(prefix) ? PHRASE_TABLES[language][clip.slice(prefix.length)] : undefined;
}
