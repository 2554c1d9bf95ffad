import type { LiveClientMessage, LiveServerMessage } from '../panel/api/live-api.ts';

/** One viewer of a room, as long as its connection stands. */
export interface LiveViewer {
  /** What the viewer sent after `watch`. Never throws on what it is. */
  receive(message: Exclude<LiveClientMessage, { readonly type: 'watch' }>): void;
  /** The connection is gone. Nothing is sent from then on. */
  close(): void;
}

/** Where the live feed comes from. Implemented by the switchboard's side (`server/call`). */
export interface LiveWatch {
  /**
   * Begins to send to the viewer who holds this credential: a snapshot first, also from within this call. Null: it is
   * no credential of a seat that holds. After `end` nothing more is sent, and the connection is closed.
   */
  watch(credential: string, send: (message: LiveServerMessage) => void): LiveViewer | null;
}
