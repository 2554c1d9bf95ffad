/** Fits any path that carries IPv6 (1,280 bytes) with a relay's header on top. */
const MAX_DATAGRAM_BYTES = 1150;

/**
 * Puts records that are sent at the same time into one datagram (RFC 6347 §4.1.1): a flight in five datagrams gets
 * through a bad network far more rarely than one.
 */
export class DatagramPacker {
  readonly #send: (datagram: Uint8Array) => void;
  #records: Uint8Array[] = [];
  #bytes = 0;

  constructor(send: (datagram: Uint8Array) => void) {
    this.#send = send;
  }

  /** Takes a record; it goes out with `flush`, or at the end of this turn. */
  add(record: Uint8Array): void {
    if (this.#bytes + record.length > MAX_DATAGRAM_BYTES) this.flush();
    if (this.#records.length === 0) queueMicrotask(() => this.flush());
    this.#records.push(record);
    this.#bytes += record.length;
  }

  flush(): void {
    if (this.#records.length === 0) return;
    const datagram = new Uint8Array(Buffer.concat(this.#records));
    this.drop();
    this.#send(datagram);
  }

  /** Forgets what is not sent yet. */
  drop(): void {
    this.#records = [];
    this.#bytes = 0;
  }
}
