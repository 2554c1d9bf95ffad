import { createHmac } from 'node:crypto';

/** What checks are made with: the names and passwords of both sides, RFC 8445 §7.2.2. */
export interface CheckCredentials {
  readonly localUfrag: string;
  readonly remoteUfrag: string;
  /** The other side's: checks are signed with it. */
  readonly remotePassword: string;
}

const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;

/** A connectivity check as a controlling browser sends it, with nomination. Apart from the product's code. */
export function writeCheck(
  transactionId: Buffer,
  credentials: CheckCredentials,
  nominate: 'nominate' | 'probe' = 'nominate',
): Buffer {
  const { localUfrag, remoteUfrag, remotePassword } = credentials;
  const priority = Buffer.alloc(4);
  priority.writeUInt32BE(0x6e7f1eff);
  const attributes = [
    attribute(0x0006, Buffer.from(`${remoteUfrag}:${localUfrag}`)),
    attribute(0x0024, priority),
    attribute(0x802a, Buffer.alloc(8, 7)),
    ...(nominate === 'nominate' ? [attribute(0x0025, Buffer.alloc(0))] : []),
  ];
  return seal(transactionId, attributes, remotePassword);
}

/** Whether this is the success response to one of our checks, signed as it must be. */
export function isSuccessOf(
  transactionId: Buffer,
  packet: Buffer,
  remotePassword: string,
): boolean {
  if (packet.length < HEADER_BYTES || packet.readUInt16BE(0) !== BINDING_SUCCESS) return false;
  if (!packet.subarray(8, 20).equals(transactionId)) return false;
  const at = findAttribute(packet, 0x0008);
  if (at === -1) return false;
  const signed = Buffer.from(packet.subarray(0, at));
  signed.writeUInt16BE(at - HEADER_BYTES + 24, 2);
  const expected = createHmac('sha1', remotePassword).update(signed).digest();
  return expected.equals(packet.subarray(at + 4, at + 24));
}

function seal(transactionId: Buffer, attributes: Buffer[], password: string): Buffer {
  const body = Buffer.concat(attributes);
  const signed = Buffer.concat([head(BINDING_REQUEST, body.length + 24, transactionId), body]);
  const integrity = attribute(0x0008, createHmac('sha1', password).update(signed).digest());
  const printed = Buffer.concat([
    head(BINDING_REQUEST, body.length + 24 + 8, transactionId),
    body,
    integrity,
  ]);
  const print = Buffer.alloc(4);
  print.writeUInt32BE((crcOf(printed) ^ 0x5354554e) >>> 0);
  return Buffer.concat([printed, attribute(0x8028, print)]);
}

function head(type: number, length: number, transactionId: Buffer): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(length, 2);
  bytes.writeUInt32BE(MAGIC_COOKIE, 4);
  return Buffer.concat([bytes, transactionId]);
}

function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

function findAttribute(packet: Buffer, type: number): number {
  let at = HEADER_BYTES;
  while (at + 4 <= packet.length) {
    if (packet.readUInt16BE(at) === type) return at;
    at += 4 + Math.ceil(packet.readUInt16BE(at + 2) / 4) * 4;
  }
  return -1;
}

/** CRC-32 of ITU-T V.42, as the fingerprint has it. */
function crcOf(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
