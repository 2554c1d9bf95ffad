/** Content types of records, RFC 5246 §6.2.1. */
export const CONTENT = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
} as const;

/** A record as it stood in a datagram, RFC 6347 §4.1. */
export interface DtlsRecord {
  readonly contentType: number;
  readonly epoch: number;
  readonly sequenceNumber: number;
  readonly fragment: Uint8Array;
  /** Header and fragment. */
  readonly bytes: Uint8Array;
}

/** DTLS 1.2 as it is written: the ones' complement of 1.2, RFC 6347 §4.1. */
export const DTLS_1_2 = 0xfefd;
/** The version that stands in the records of a first hello, RFC 6347 §4.2.1. */
const DTLS_1_0 = 0xfeff;
const HEADER_BYTES = 13;

/**
 * The records of a datagram. What is no record ends it: nothing behind can be made out.
 *
 *      0      1       3       5                 11      13
 *     | type | version | epoch | sequence number | length | fragment …
 */
export function readRecords(datagram: Uint8Array): readonly DtlsRecord[] {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  const records: DtlsRecord[] = [];
  let at = 0;
  while (at + HEADER_BYTES <= datagram.length) {
    const end = at + HEADER_BYTES + view.getUint16(at + 11);
    const version = view.getUint16(at + 1);
    if (end > datagram.length || (version !== DTLS_1_2 && version !== DTLS_1_0)) break;
    records.push({
      contentType: view.getUint8(at),
      epoch: view.getUint16(at + 3),
      sequenceNumber: view.getUint16(at + 5) * 2 ** 32 + view.getUint32(at + 7),
      fragment: datagram.subarray(at + HEADER_BYTES, end),
      bytes: datagram.subarray(at, end),
    });
    at = end;
  }
  return records;
}

/** An unprotected record (epoch 0). `sequenceNumber` below 2³². */
export function writeRecord(
  contentType: number,
  sequenceNumber: number,
  fragment: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + fragment.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, contentType);
  view.setUint16(1, DTLS_1_2);
  view.setUint32(7, sequenceNumber);
  view.setUint16(11, fragment.length);
  bytes.set(fragment, HEADER_BYTES);
  return bytes;
}
