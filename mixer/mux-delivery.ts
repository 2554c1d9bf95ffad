import type { MixerEvent } from './protocol/mixer-event.ts';
import type { LegSession } from './leg-session.ts';
import type { IceMuxHandler, MuxPacket } from './transport/ice/ice-mux.ts';
import type { IncomingPacket } from './transport/leg-transport.ts';

/** Brings the packets of the shared ports to their legs, by index, and tells which paths they take. */
export function muxDelivery(
  legs: readonly (LegSession | undefined)[],
  emit: (event: MixerEvent) => void,
): IceMuxHandler {
  // One object serves all packets, as in the ports below.
  const incoming: { -readonly [Key in keyof IncomingPacket]: IncomingPacket[Key] } = {
    kind: 'media',
    bytes: new Uint8Array(0),
    lengthBytes: 0,
    sourceHost: '',
    sourcePort: 0,
    atMs: 0,
  };
  const deliver = (kind: 'media' | 'dtls', packet: MuxPacket): void => {
    incoming.kind = kind;
    incoming.bytes = packet.bytes;
    incoming.lengthBytes = packet.lengthBytes;
    incoming.atMs = packet.atMs;
    legs[packet.legIndex]?.packet(incoming);
  };
  return {
    media: (packet) => deliver('media', packet),
    dtls: (packet) => deliver('dtls', packet),
    path(legIndex, path) {
      const session = legs[legIndex];
      if (session !== undefined) emit({ type: 'leg-path', legId: session.legId, path });
    },
  };
}
