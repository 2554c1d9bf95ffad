import type { LegId } from '../../mixer/protocol/mixer-command.ts';
import type { ParticipantId } from '../room/room-message.ts';
import type { DialogId } from '../sip/user-agent.ts';
import type { LiveCall } from './live-call.ts';

/** The calls that are not over, by every name that an event may call them. */
export class CallTable {
  readonly #byDialog = new Map<DialogId, LiveCall>();
  readonly #byLeg = new Map<LegId, LiveCall>();
  /** The call over which a participant entered last. */
  readonly #inside = new Map<ParticipantId, LiveCall>();
  readonly #bySeat = new Map<ParticipantId, Set<LiveCall>>();

  /** How many there are. */
  get size(): number {
    return this.#byDialog.size;
  }

  /** All of them, as they are now. */
  get all(): readonly LiveCall[] {
    return [...this.#byDialog.values()];
  }

  add(call: LiveCall): void {
    this.#byDialog.set(call.dialogId, call);
    this.#byLeg.set(call.legId, call);
    if (call.origin.via === 'phone') return;
    const calls = this.#bySeat.get(call.participantId) ?? new Set();
    this.#bySeat.set(call.participantId, calls.add(call));
  }

  remove(call: LiveCall): void {
    const { dialogId, legId, participantId } = call;
    this.#byDialog.delete(dialogId);
    this.#byLeg.delete(legId);
    if (this.#inside.get(participantId) === call) this.#inside.delete(participantId);
    const calls = this.#bySeat.get(participantId);
    calls?.delete(call);
    if (calls?.size === 0) this.#bySeat.delete(participantId);
  }

  byDialog(dialogId: DialogId): LiveCall | undefined {
    return this.#byDialog.get(dialogId);
  }

  byLeg(legId: LegId): LiveCall | undefined {
    return this.#byLeg.get(legId);
  }

  /** A participant is inside by this call from now on. */
  enter(call: LiveCall): void {
    this.#inside.set(call.participantId, call);
  }

  /** The call by which a participant is in a room. */
  inside(participantId: ParticipantId): LiveCall | undefined {
    return this.#inside.get(participantId);
  }

  /** The calls of one seat: one, or two while the newer takes the place of the older. */
  ofSeat(participantId: ParticipantId): readonly LiveCall[] {
    return [...(this.#bySeat.get(participantId) ?? [])];
  }
}
