import type { Role, RoomTerms } from '../reservation/reservation.ts';
import { NEVER } from '../../mixer/protocol/units.ts';
import type { EntryDialogue } from './entry-dialogue.ts';
import type { EntryEnd } from './entry-message.ts';

/**
 * The dialogue of a guest whose seat says all that a phone is asked for: it enters the room at once and says nothing,
 * since the page shows why when the room refuses.
 */
export function createGuestDialogue(seat: {
  readonly terms: RoomTerms;
  readonly role: Role;
  readonly whenFull: 'refuse' | 'remove-last';
}): EntryDialogue {
  const { terms, role, whenFull } = seat;
  let leavingFor: EntryEnd | null = null;
  return {
    handle(input) {
      if (input.type === 'start') {
        return [{ type: 'enter', terms, role, whenFull, tie: 'guest' }];
      }
      if (input.type !== 'not-entered') return [];
      leavingFor = input.why;
      return [{ type: 'hang-up', why: input.why }];
    },
    deadlineMs: NEVER,
    // Before it is inside, the page's keypad is for nothing.
    typedAhead: [],
    get leavingFor() {
      return leavingFor;
    },
    closesEntry: () => false,
  };
}
