import { NEVER } from '../../mixer/protocol/units.ts';
import type { Core } from '../runtime/core.ts';
import type { RoomInput, RoomOutput } from './room-message.ts';
import type { RoomOptions } from './room-options.ts';

/** A live room. */
export function createRoom(_options: RoomOptions): Core<RoomInput, RoomOutput> {
  return { handle: () => [], deadlineMs: NEVER };
}
