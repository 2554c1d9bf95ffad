/** What the sockets have counted since the start; see `SocketFigures`. Each socket adds to it. */
export interface SocketCounts {
  strangers: number;
  refused: number;
  dropped: number;
  handshakesFailed: number;
  connectsFailed: number;
  sendsFailed: number;
  pingsUnanswered: number;
}

/** Nothing counted yet. */
export function noCounts(): SocketCounts {
  return {
    strangers: 0,
    refused: 0,
    dropped: 0,
    handshakesFailed: 0,
    connectsFailed: 0,
    sendsFailed: 0,
    pingsUnanswered: 0,
  };
}
