import type { DurationMs } from '../../mixer/protocol/units.ts';
import { NEVER } from '../../mixer/protocol/units.ts';
import type { Role } from '../reservation/reservation.ts';
import type { Core } from '../runtime/core.ts';
import type { RoomMenuInput, RoomMenuOutput } from './room-menu-message.ts';

/** What a room menu starts with. */
export interface RoomMenuOptions {
  readonly role: Role;
  /** From the last key, or the end of what was said after it, until the menu closes by itself. */
  readonly timeoutMs: DurationMs;
}

/** The keys of one participant in a room. */
export function createRoomMenu(_options: RoomMenuOptions): Core<RoomMenuInput, RoomMenuOutput> {
  return { handle: () => [], deadlineMs: NEVER };
}
