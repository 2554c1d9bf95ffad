import type { EntryAction } from './entry-message.ts';

/**
 * Leaves of all that concerns speech only the last: a `say` ends the one before by itself, and what another `say` or a
 * `stop-saying` of the same batch ends is never heard, as it happens when keys were typed ahead.
 */
export function heardOnly(actions: readonly EntryAction[]): readonly EntryAction[] {
  const last = actions.findLastIndex(isSpeech);
  return actions.filter((action, index) => index === last || !isSpeech(action));
}

function isSpeech(action: EntryAction): boolean {
  return action.type === 'say' || action.type === 'stop-saying';
}
