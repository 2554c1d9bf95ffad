import type { LegId } from '../../mixer/protocol/mixer-command.ts';
import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { EntryDialogue } from '../ivr/entry-dialogue.ts';
import type { EntryPoint } from '../ivr/entry-message.ts';
import type { RoomMenuInput, RoomMenuOutput } from '../ivr/room-menu-message.ts';
import type { Language } from '../prompt/utterance.ts';
import type { Role } from '../reservation/reservation.ts';
import type { Core } from '../runtime/core.ts';
import type { DialogId } from '../sip/user-agent.ts';
import type { Session } from './session.ts';

/** What a call is made of. The dialogue and the menu are cores of `server/ivr`. */
export interface CallOptions {
  readonly dialogId: DialogId;
  readonly legId: LegId;
  readonly offer: string | null;
  readonly session: Session;
  readonly entryPoint: EntryPoint;
  readonly language: Language;
  /** For saying "today" instead of a date. */
  readonly wallclockMs: () => WallclockMs;
  /** Literal address for Contact. */
  readonly localHost: string;
  /** How long it rings before it is answered; 0: not at all. */
  readonly ringMs: DurationMs;
  readonly dialogue: EntryDialogue;
  /** Whether the end of the call is told in words; a browser shows it. */
  readonly farewell: 'spoken' | 'silent';
  readonly menuFor: (role: Role) => Core<RoomMenuInput, RoomMenuOutput>;
}
