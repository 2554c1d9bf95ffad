import { z } from 'zod';

/** Somebody in the room, as everybody in it sees them. Phone numbers are masked by the server. */
export interface LivePerson {
  readonly personId: string;
  /** The guest's name, or the masked number of a phone; empty when it is withheld. */
  readonly name: string;
  readonly kind: 'phone' | 'browser';
  readonly role: 'participant' | 'moderator';
  readonly microphone: 'live' | 'muted';
  /** Who muted it last; a person may always unmute themselves. */
  readonly mutedBy: 'self' | 'moderator' | null;
  readonly hand: 'raised' | 'lowered';
  /** `away`: the browser has lost its network; its seat is kept for a while. */
  readonly presence: 'here' | 'away';
  readonly speaking: boolean;
  /** −127…0. */
  readonly levelDbov: number;
}

/** What concerns the room as a whole. */
export interface LiveRoomState {
  readonly lock: 'open' | 'locked';
  /** ISO 8601 in UTC; null: no end. */
  readonly startedAt: string;
  readonly endAt: string | null;
  readonly nowAt: string;
}

/** Why the feed, and the seat with it, is over. */
export type LiveEnd =
  | 'removed'
  | 'ended-by-moderator'
  | 'reservation-ended'
  | 'reservation-deleted'
  | 'host-left'
  | 'left'
  | 'seat-expired'
  | 'taken-over'
  | 'server-stopping'
  | 'room-fault';

/**
 * Server to viewer, JSON text frames on the WebSocket `/live`. `seq` counts by 1 from the snapshot on; a viewer that
 * misses one asks for a new snapshot. Levels carry no `seq`: a lost one is replaced by the next.
 *
 * Who has no place in the room, here or away, is shown nobody: `people` is empty, and of changes only `room` and `end`
 * come. Whoever comes in or goes out gets a new snapshot, unasked.
 */
export type LiveServerMessage =
  | {
      readonly type: 'snapshot';
      readonly seq: number;
      readonly you: string;
      readonly room: LiveRoomState;
      /** In the order in which they came. */
      readonly people: readonly LivePerson[];
    }
  | { readonly type: 'person'; readonly seq: number; readonly person: LivePerson }
  | { readonly type: 'left'; readonly seq: number; readonly personId: string }
  | { readonly type: 'room'; readonly seq: number; readonly room: LiveRoomState }
  /** At most 4 a second: only those whose level or speaking has changed. */
  | {
      readonly type: 'levels';
      readonly levels: readonly {
        readonly personId: string;
        readonly levelDbov: number;
        readonly speaking: boolean;
      }[];
    }
  | { readonly type: 'done'; readonly requestId: number }
  | {
      readonly type: 'refused';
      readonly requestId: number;
      readonly why: 'moderator-only' | 'nobody-there' | 'not-in-the-room' | 'not-understood';
    }
  | { readonly type: 'pong' }
  | { readonly type: 'end'; readonly why: LiveEnd };

const requestId = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31);
const personId = z.string().max(64);

/** What a participant can do by a click; keys say the same in other words. */
export const liveActionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('set-microphone'), microphone: z.enum(['live', 'muted']) }),
  z.strictObject({ type: z.literal('set-hand'), hand: z.enum(['raised', 'lowered']) }),
  z.strictObject({ type: z.literal('mute-person'), personId }),
  z.strictObject({ type: z.literal('lower-hand-of'), personId }),
  z.strictObject({ type: z.literal('remove-person'), personId }),
  z.strictObject({ type: z.literal('mute-all') }),
  z.strictObject({ type: z.literal('set-lock'), lock: z.enum(['open', 'locked']) }),
  z.strictObject({ type: z.literal('end-for-all') }),
]);

/** Viewer to server. The first message must be `watch`, within 5 s. */
export const liveClientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('watch'), credential: z.string().max(128) }),
  z.strictObject({ type: z.literal('resync') }),
  z.strictObject({ type: z.literal('ping') }),
  z.strictObject({ type: z.literal('act'), requestId, action: liveActionSchema }),
]);

/** An action by click. */
export type LiveAction = z.infer<typeof liveActionSchema>;
/** Viewer to server. */
export type LiveClientMessage = z.infer<typeof liveClientMessageSchema>;
