import ipaddr from 'ipaddr.js';

/** Magic cookie, RFC 8489 §5. */
const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const TRANSACTION_ID_BYTES = 12;
const MAPPED_ADDRESS = 0x0001;
const XOR_MAPPED_ADDRESS = 0x0020;
/** What some servers of the time before RFC 5389 called it. */
const OLD_XOR_MAPPED_ADDRESS = 0x8020;
/** Comprehension-required in RFC 3489 or RFC 8489, and of no meaning here. */
const HARMLESS: ReadonlySet<number> = new Set([0x0002, 0x0003, 0x0004, 0x0005, 0x0008, 0x000b]);
const FIRST_OPTIONAL = 0x8000;
const FAMILIES = { 1: 4, 2: 16 } as const;
/** Far more than any answer to a binding request. */
const MAX_BYTES = 1500;

/** What a server said. `transactionId`: 24 hexadecimal digits. */
export interface BindingAnswer {
  readonly transactionId: string;
  /** Our address as the server sees it; null: an error, or nothing that we can read. */
  readonly mapped: { readonly host: string; readonly port: number } | null;
}

/**
 * Writes a binding request without attributes, RFC 8489 §5. `transactionId`: 24 hexadecimal digits.
 *
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-----------------------------+-------------------------------+
 * |0 0|   message type: 0x0001      |  length of the attributes: 0  |
 * +-+-+-----------------------------+-------------------------------+
 * |                  magic cookie: 0x2112A442                       |
 * +-----------------------------------------------------------------+
 * |                  transaction id (96 bits)                       |
 * +-----------------------------------------------------------------+
 */
export function writeBindingRequest(transactionId: string): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt16BE(0x0001, 0);
  bytes.writeUInt32BE(MAGIC_COOKIE, 4);
  bytes.write(transactionId, 8, TRANSACTION_ID_BYTES, 'hex');
  return bytes;
}

/** Reads an answer to a binding request; null for anything else. Never throws. */
export function readBindingAnswer(packet: Uint8Array): BindingAnswer | null {
  if (packet.length < HEADER_BYTES || packet.length > MAX_BYTES) return null;
  const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
  const type = bytes.readUInt16BE(0);
  const isError = type === 0x0111;
  if (type !== 0x0101 && !isError) return null;
  if (bytes.readUInt32BE(4) !== MAGIC_COOKIE) return null;
  if (HEADER_BYTES + bytes.readUInt16BE(2) !== bytes.length) return null;
  const transactionId = bytes.toString('hex', 8, HEADER_BYTES);
  return { transactionId, mapped: isError ? null : readMapped(bytes) };
}

/** XOR-MAPPED-ADDRESS before the plain one, which some NATs rewrite (RFC 8489 §14.2). */
function readMapped(bytes: Buffer): BindingAnswer['mapped'] {
  let plain: BindingAnswer['mapped'] = null;
  let veiled: BindingAnswer['mapped'] = null;
  for (let at = HEADER_BYTES; at + 4 <= bytes.length;) {
    const type = bytes.readUInt16BE(at);
    const length = bytes.readUInt16BE(at + 2);
    const value = bytes.subarray(at + 4, at + 4 + length);
    if (value.length < length) return null;
    if (type === MAPPED_ADDRESS) plain ??= readAddress(value);
    else if (type === XOR_MAPPED_ADDRESS || type === OLD_XOR_MAPPED_ADDRESS) {
      veiled ??= readAddress(unveil(value, bytes));
    } else if (type < FIRST_OPTIONAL && !HARMLESS.has(type)) return null;
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return veiled ?? plain;
}

/** Port and address are XORed with the cookie and the transaction id, RFC 8489 §14.2. */
function unveil(value: Buffer, message: Buffer): Buffer {
  const plain = Buffer.from(value);
  for (let i = 2; i < 4 && i < plain.length; i += 1) {
    plain[i] = (value[i] ?? 0) ^ (message[i + 2] ?? 0);
  }
  for (let i = 4; i < plain.length; i += 1) plain[i] = (value[i] ?? 0) ^ (message[i] ?? 0);
  return plain;
}

/** Zero, family, port, address: RFC 8489 §14.1. */
function readAddress(value: Buffer): BindingAnswer['mapped'] {
  const family = value[1];
  if (family !== 1 && family !== 2) return null;
  if (value.length !== 4 + FAMILIES[family]) return null;
  const host = ipaddr.fromByteArray([...value.subarray(4)]).toString();
  return { host, port: value.readUInt16BE(2) };
}
