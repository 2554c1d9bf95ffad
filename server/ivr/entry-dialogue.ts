import type { DtmfKey } from '../../mixer/protocol/dtmf.ts';
import { NEVER } from '../../mixer/protocol/units.ts';
import type { Core } from '../runtime/core.ts';
import type { EntryAction, EntryInput } from './entry-message.ts';
import type { EntryOptions } from './entry-options.ts';

/** The entry dialogue of one call. */
export interface EntryDialogue extends Core<EntryInput, EntryAction> {
  /** Keys typed ahead that no step has used. After `entered` they are for the room menu, in this order. */
  readonly typedAhead: readonly DtmfKey[];
}

/** The dialogue that leads a caller into a room. */
export function createEntryDialogue(_options: EntryOptions): EntryDialogue {
  return { handle: () => [], deadlineMs: NEVER, typedAhead: [] };
}
