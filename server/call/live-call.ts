import type { LegId } from '../../mixer/protocol/mixer-command.ts';
import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Drive } from '../runtime/drive.ts';
import type { DialogId, InboundInvite } from '../sip/user-agent.ts';
import type { Admission } from './admission.ts';
import type { CallInput } from './call-message.ts';

/** A call that is not over, with what is known of it outside its core. */
export interface LiveCall {
  readonly dialogId: DialogId;
  readonly legId: LegId;
  readonly invite: InboundInvite;
  readonly admission: Extract<Admission, { readonly outcome: 'admitted' }>;
  readonly localHost: string;
  readonly startedAtMs: MonotonicMs;
  answeredAtMs: MonotonicMs | null;
  /** The room that the caller made by phone, or null. */
  madeRoomId: string | null;
  readonly core: Drive<CallInput>;
}
