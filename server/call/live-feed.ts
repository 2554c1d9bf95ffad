import type { LiveClientMessage, LiveServerMessage } from '../panel/api/live-api.ts';

/** One viewer's feed, from `watch` until `close` or an `end` message, after which nothing is sent any more. */
export interface LiveWatch {
  /** A message of the viewer, checked by `liveClientMessageSchema`. */
  receive(message: LiveClientMessage): void;
  /** The viewer is gone. */
  close(): void;
}

/** Where the shell of the WebSocket `/live` gets its feeds: `Switchboard.live`. */
export interface LiveFeeds {
  /**
   * Begins a feed for the holder of a credential; the snapshot is sent before this returns. Null: the credential is not,
   * or not any more, that of a seat. A later watch of the same seat ends this one with `taken-over`.
   */
  watch(credential: string, send: (message: LiveServerMessage) => void): LiveWatch | null;
}
