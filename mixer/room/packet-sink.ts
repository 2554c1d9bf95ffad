/** Where a leg's packets go out. The bytes are the leg's again when a call returns. */
export interface PacketSink {
  sendRtp(packet: Uint8Array): void;
  sendRtcp(packet: Uint8Array): void;
}
