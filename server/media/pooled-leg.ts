import type { LegHandover } from '../../mixer/protocol/leg-handover.ts';
import type { LegId, LegMedia, MixerCommand, RoomId } from '../../mixer/protocol/mixer-command.ts';
import type { PooledCommand } from './media-pool.ts';

/**
 * What the pool knows of a leg:
 *
 *   opening ──leg-opened──▶ open ──join-room elsewhere──▶ detaching ──leg-detached──▶ attaching ──leg-opened──▶ open
 *      │  └─port-taken─▶ opening  └──close-leg──▶ closing ──leg-closed──▶ (gone)
 *      └──no port, failed──▶ (gone)
 *
 * In `opening`, `detaching` and `attaching` commands wait, and are carried out in order when the leg is open. A leg with
 * ICE is opened where its room lives and never moves.
 */
export interface PooledLeg {
  readonly legId: LegId;
  /** The room whose worker a leg with ICE is on; null for a leg with ports of its own. */
  readonly homeRoomId: RoomId | null;
  /** Where its own ports are bound; empty for a leg with ICE. */
  readonly host: string;
  media: LegMedia;
  state: 'opening' | 'open' | 'detaching' | 'attaching' | 'closing';
  /** Its own RTP port; 0 while there is none. */
  port: number;
  /** Set by `LegTable.place`. */
  worker: number;
  tries: number;
  handover: LegHandover | null;
  readonly waiting: LegCommand[];
}

/** What is carried out for one leg, in order. */
export type LegCommand =
  | Extract<PooledCommand, { readonly legId: LegId }>
  | Extract<MixerCommand, { readonly type: 'send-dtls' | 'set-srtp-keys' }>;

/** Stands for a worker where a leg has none yet. */
export const NO_WORKER = -1;

/** A leg that is asked for. */
export function newPooledLeg(
  leg: Pick<PooledLeg, 'legId' | 'homeRoomId' | 'host' | 'media'>,
): PooledLeg {
  const worker = NO_WORKER;
  return { ...leg, state: 'opening', port: 0, worker, tries: 0, handover: null, waiting: [] };
}

/** What a leg is to do next. A command may bring the leg back to waiting: then the rest waits on. */
export function nextCommand(leg: PooledLeg): LegCommand | undefined {
  return leg.state === 'open' ? leg.waiting.shift() : undefined;
}
