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
  worker: number;
  tries: number;
  handover: LegHandover | null;
  readonly waiting: LegCommand[];
}

/** What is carried out for one leg, in order. */
export type LegCommand =
  | Extract<PooledCommand, { readonly legId: LegId }>
  | Extract<MixerCommand, { readonly type: 'send-dtls' | 'set-srtp-keys' }>;

/** What a room counts in the load of a worker, in legs: those who will come. */
const ROOM_WEIGHT = 8;

/** A leg that is asked for. */
export function newPooledLeg(
  leg: Pick<PooledLeg, 'legId' | 'homeRoomId' | 'host' | 'media'>,
): PooledLeg {
  return { ...leg, state: 'opening', port: 0, worker: 0, tries: 0, handover: null, waiting: [] };
}

/** What a leg is to do next. A command may bring the leg back to waiting: then the rest waits on. */
export function nextCommand(leg: PooledLeg): LegCommand | undefined {
  return leg.state === 'open' ? leg.waiting.shift() : undefined;
}

/** What a worker has to do: the legs, and the workers where rooms live. */
interface Load {
  readonly legs: Iterable<PooledLeg>;
  readonly homes: Iterable<number>;
}

/**
 * The worker with the least to do, null when none runs. For a room, each room there is counts as many legs; a leg goes
 * where fewest are now.
 */
export function leastLoaded(
  running: readonly number[],
  { legs, homes }: Load,
  forWhat: 'leg' | 'room',
): number | null {
  const loads = new Map<number, number>(running.map((worker) => [worker, 0]));
  const add = (worker: number, load: number): void => {
    const known = loads.get(worker);
    if (known !== undefined) loads.set(worker, known + load);
  };
  // A leg without a port is looking for one, and has no worker yet.
  for (const leg of legs) if (leg.port !== 0 || leg.homeRoomId !== null) add(leg.worker, 1);
  if (forWhat === 'room') for (const worker of homes) add(worker, ROOM_WEIGHT);
  let best: number | null = null;
  for (const [worker, load] of loads) {
    if (best === null || load < (loads.get(best) ?? 0)) best = worker;
  }
  return best;
}
