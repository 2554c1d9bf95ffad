import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { RoomMenuInput, RoomMenuOutput } from '../ivr/room-menu-message.ts';
import type { Core } from '../runtime/core.ts';
import type { ReleaseCause } from './release-cause.ts';

/**
 * One leg's life from INVITE to BYE. A trunk may want its calls to ring for a while first.
 *
 *     begin        leg-opened      (rings)      ACK            entered
 *   new ──▶ opening ──▶ (ringing) ──▶ answering ──▶ entry ──────────▶ room
 *              │            │             │           │                │  expelled, release
 *              │            └─────┬───────┴────┬──────┴────────────────┤
 *              │   peer is gone   │            │                       ▼
 *              └──────────────────┴──▶ closing ◀────────────────── farewell
 *                                         │ leg-closed
 *                                         ▼
 *                                        over
 */
export type CallState =
  | { readonly state: 'new' }
  | { readonly state: 'opening' }
  | { readonly state: 'ringing'; readonly deadlineMs: MonotonicMs }
  | { readonly state: 'answering' }
  | { readonly state: 'entry' }
  | {
      readonly state: 'room';
      readonly roomId: string;
      readonly menu: Core<RoomMenuInput, RoomMenuOutput>;
    }
  | {
      readonly state: 'farewell';
      readonly cause: ReleaseCause;
      readonly deadlineMs: MonotonicMs;
    }
  | { readonly state: 'closing'; readonly cause: ReleaseCause; readonly deadlineMs: MonotonicMs }
  | { readonly state: 'over' };

/** Whether keys are the entry dialogue's. It keeps those that come before it begins: while it rings, or ahead of the ACK. */
export function isBeforeRoom({ state }: CallState): boolean {
  return state === 'entry' || state === 'answering' || state === 'ringing' || state === 'opening';
}
