import type { LegId, LegMedia } from '../../mixer/protocol/mixer-command.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Seat } from '../guest/seat.ts';
import type { EntryPoint } from '../ivr/entry-message.ts';
import type { MediaPool } from '../media/media-pool.ts';
import type { ParticipantId } from '../room/room-message.ts';
import type { Drive } from '../runtime/drive.ts';
import { nameOfCaller } from '../runtime/mask.ts';
import type { DialogId, InboundInvite } from '../sip/user-agent.ts';
import type { Admission } from './admission.ts';
import type { CallInput } from './call-message.ts';
import type { Entrant } from './live-rooms.ts';

/** How a call came: over a trunk, or from a browser that has a seat. */
export type CallOrigin =
  | {
      readonly via: 'phone';
      readonly admission: Extract<Admission, { readonly outcome: 'admitted' }>;
    }
  | { readonly via: 'browser'; readonly seat: Seat };

/** A call that is not over, with what is known of it outside its core. */
export interface LiveCall {
  readonly dialogId: DialogId;
  readonly legId: LegId;
  /** Who it is in a room: the seat, which outlives its calls, or the leg of a phone. */
  readonly participantId: ParticipantId;
  readonly invite: InboundInvite;
  readonly origin: CallOrigin;
  readonly localHost: string;
  readonly startedAtMs: MonotonicMs;
  answeredAtMs: MonotonicMs | null;
  /** The room that the caller made by phone, or null. */
  madeRoomId: string | null;
  readonly core: Drive<CallInput>;
}

/** Where a call begins. A guest's begins at the room of the seat. */
export function entryPointOf(origin: CallOrigin): EntryPoint {
  if (origin.via === 'phone') return origin.admission.entryPoint;
  return { type: 'room', number: origin.seat.terms.number, pin: 'not-asked' };
}

/** Who wants in by this call. `countryCode` — of callers' numbers that are written without one. */
export function entrantOf(call: LiveCall, countryCode: string): Entrant {
  const { participantId, legId, origin } = call;
  if (origin.via === 'browser') {
    return { participantId, legId, kind: 'browser', name: origin.seat.name };
  }
  const name = nameOfCaller(origin.admission.caller.number, countryCode);
  return { participantId, legId, kind: 'phone', name };
}

/** Where those of the calls come from that came over trunks. */
export function phoneHosts(calls: readonly LiveCall[]): readonly string[] {
  const phones = calls.filter((call) => call.origin.via === 'phone');
  return phones.map((call) => call.invite.flow.remoteHost);
}

/** Opens the leg of a call: a browser's on the worker of its room, which is known. */
export function openLeg(call: LiveCall, media: LegMedia, pool: MediaPool): void {
  const { legId, localHost, origin } = call;
  if (origin.via === 'phone') return pool.openLeg({ legId, host: localHost, media });
  pool.openIceLeg({ legId, media, roomId: origin.seat.terms.roomId });
}
