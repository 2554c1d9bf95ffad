/** Sizes of a buffer. Samples are units of the RTP clock. */
export interface JitterBufferOptions {
  /** What a leg plays in one tick: 160 at 8 kHz and 20 ms. */
  readonly frameSamples: number;
  /** Audio beyond this is dropped at once: 1,600 is 200 ms at 8 kHz. */
  readonly maxDelaySamples: number;
  /** Longest payload that is taken; 640 when left out. Memory is 64 times as much. */
  readonly maxPayloadBytes?: number;
  /**
   * `in-next-packet`: the packet after a loss may repeat what was lost (in-band FEC). Then `lost` right before such a
   * packet is served in one piece as long as that packet, which may be more than the tick lacks; and while packets
   * get lost again and again one packet of delay is kept, without which the next one comes too late to help.
   */
  readonly redundancy?: 'in-next-packet' | 'none';
}
