import type { EntryEnd } from '../ivr/entry-message.ts';
import type { ExpelWhy } from '../room/room-message.ts';
import type { DialogEvent } from '../sip/user-agent.ts';
import type { ReleaseCause } from './release-cause.ts';

/** Which cause an end of the entry dialogue is. */
export const ENTRY_ENDS: Readonly<Record<EntryEnd, ReleaseCause>> = {
  'no-input': 'no-input',
  'too-many-tries': 'too-many-tries',
  'refused-for-a-while': 'refused-for-a-while',
  'too-early': 'too-early',
  over: 'reservation-over',
  locked: 'room-locked',
  full: 'room-full',
  fault: 'internal-fault',
};

/** Which cause a way out of a room is. */
export const EXPEL_CAUSES: Readonly<Record<ExpelWhy, ReleaseCause>> = {
  removed: 'removed-by-moderator',
  'reservation-ended': 'reservation-ended',
  'ended-by-moderator': 'ended-by-moderator',
  'host-left': 'host-left',
  deleted: 'reservation-deleted',
};

/** Ends after which a guest's seat waits: nobody wanted them. */
const UNWANTED: ReadonlySet<ReleaseCause> = new Set([
  'no-ack',
  'connection-lost',
  'session-expired',
  'no-audio-from-caller',
  'media-not-secured',
  'media-fault',
]);

/** Whether somebody leaves a room for good when the call ends for this cause. */
export function leavingBy(cause: ReleaseCause): 'left' | 'lost' {
  return UNWANTED.has(cause) ? 'lost' : 'left';
}

/** Which cause the end of a dialog is. `us` was decided before, with its cause. */
export const DIALOG_ENDS: Readonly<
  Record<Extract<DialogEvent, { readonly type: 'ended' }>['by'], ReleaseCause>
> = {
  peer: 'caller-hung-up',
  'no-ack': 'no-ack',
  us: 'caller-hung-up',
  transport: 'connection-lost',
  'session-expired': 'session-expired',
};
