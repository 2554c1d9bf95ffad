import type { DurationMs, MonotonicMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Config } from '../config/config.ts';
import type { Contacts } from '../contact/contacts.ts';
import type { JoinLinks } from '../guest/join-links.ts';
import type { GuestEntrance } from '../guest/seat.ts';
import type { AccessNumberText, Organiser } from '../notice/notice.ts';
import type { Notices } from '../notice/notices.ts';
import type { CallLog } from '../reservation/call-record.ts';
import type { ProfileId, ReservationRules } from '../reservation/reservation.ts';
import type { Reservations } from '../reservation/reservations.ts';
import type { BanFigures } from './ban-routes.ts';
import type { TrunkFigures } from './trunk-view.ts';

/** What the panel asks of the calls that stand now. */
export interface LiveFigures {
  /** People in the room of a reservation. */
  people(reservationId: string): number;
  /** Whether a moderator has locked it. A room with nobody in it is open. */
  lock(reservationId: string): 'open' | 'locked';
  totals(): { readonly rooms: number; readonly people: number };
  /** Every trunk of the settings. */
  trunks(): readonly TrunkFigures[];
}

/** What the routes of reservations, contacts, the join page and the administrator's page work with. */
export interface PanelServices {
  readonly reservations: Reservations;
  readonly notices: Notices;
  readonly callLog: Pick<CallLog, 'ofRoom'>;
  readonly contacts: Contacts;
  readonly live: LiveFigures;
  readonly bans: BanFigures;
  readonly rules: ReservationRules;
  /** As it is now: it may be reloaded. */
  readonly config: () => Config;
  /** Numbers to dial, those that anybody may call first. */
  readonly accessNumbers: () => readonly AccessNumberText[];
  /** Who organises; null for reservations of the command line. */
  readonly organiserOf: (profileId: ProfileId) => Organiser | null;
  /** Links into rooms. */
  readonly joinLinks: JoinLinks;
  /** Where guests get their seats. */
  readonly guests: GuestEntrance;
  /** What addresses of this server begin with, without a slash at the end. */
  readonly publicUrl: string;
  /** Comes back after so long. */
  readonly pause: (durationMs: DurationMs) => Promise<void>;
  /** A reservation was written, and the transaction is over: live rooms look again, notices go out. */
  readonly onChanged: (reservationId: string) => void;
  readonly version: string;
  readonly startedAtMs: MonotonicMs;
  readonly monotonicMs: () => MonotonicMs;
}

/** An instant as the REST interface writes it. */
export function instantText(atMs: WallclockMs): string {
  return new Date(atMs).toISOString();
}
