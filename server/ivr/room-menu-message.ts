import type { DtmfKey } from '../../mixer/protocol/dtmf.ts';
import type { Utterance } from '../prompt/utterance.ts';
import type { Role } from '../reservation/reservation.ts';
import type { RoomAction } from '../room/room-message.ts';

/** What one participant's room menu is fed. */
export type RoomMenuInput =
  | { readonly type: 'key'; readonly key: DtmfKey }
  /** Whatever was last said to this participant, by the menu or by the room, has been heard to its end. */
  | { readonly type: 'said' }
  /** The participant's role has changed. */
  | { readonly type: 'role'; readonly role: Role };

/** What one participant's room menu wants done. */
export type RoomMenuOutput =
  /** Feed the room `{ type: 'action', participantId, action }`. The room confirms it aloud. */
  | { readonly type: 'act'; readonly action: RoomAction }
  /** To this participant only; a key cuts it short. */
  | { readonly type: 'say'; readonly utterance: Utterance }
  /** A key was pressed: end whatever is being said to this participant. */
  | { readonly type: 'stop-saying' };
