import type { EntryAction } from './entry-message.ts';

/**
 * Leaves out what would be cut off before its first sound: a `say` that another `say` or a `stop-saying` of the same
 * batch ends, as it happens when keys were typed ahead.
 */
export function heardOnly(actions: readonly EntryAction[]): readonly EntryAction[] {
  const last = actions.findLastIndex(endsSpeech);
  return actions.filter((action, index) => action.type !== 'say' || index === last);
}

function endsSpeech(action: EntryAction): boolean {
  return action.type === 'say' || action.type === 'stop-saying';
}
