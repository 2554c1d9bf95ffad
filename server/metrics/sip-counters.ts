/** Counts SIP messages where they come in and go out. Costs a microsecond or two each, and never throws. */
export interface SipCounters {
  received(bytes: Uint8Array): void;
  /** `again`: it was sent before. */
  sent(bytes: Uint8Array, kind: 'first' | 'again'): void;
}
