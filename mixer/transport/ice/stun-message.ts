import type { KeyObject } from 'node:crypto';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { PacketSource } from './shared-port-io.ts';

/*
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |0 0|     message type          |        message length         |
 * |                         magic cookie                          |
 * |                  transaction id (96 bits)                     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+  RFC 8489 §5
 * |        attribute type         |       attribute length        |
 * |                value, padded to 32 bits ...                   |  RFC 8489 §14
 */
const HEADER_BYTES = 20;
const ATTRIBUTE_HEADER_BYTES = 4;
const MAGIC_COOKIE = 0x2112a442;
const TRANSACTION_AT = 8;
const TRANSACTION_BYTES = 12;
const INTEGRITY_BYTES = 20;
/** What FINGERPRINT is XORed with, RFC 8489 §14.7. */
const FINGERPRINT_XOR = 0x5354554e;
/** More attributes than any honest message has. */
const MAX_ATTRIBUTES = 64;
const MAX_UNKNOWN = 8;

const USERNAME = 0x0006;
const MESSAGE_INTEGRITY = 0x0008;
const ERROR_CODE = 0x0009;
const UNKNOWN_ATTRIBUTES = 0x000a;
const XOR_MAPPED_ADDRESS = 0x0020;
const PRIORITY = 0x0024;
const USE_CANDIDATE = 0x0025;
const FINGERPRINT = 0x8028;
const ICE_CONTROLLED = 0x8029;
const ICE_CONTROLLING = 0x802a;
/** MAPPED-ADDRESS, REALM, NONCE, MESSAGE-INTEGRITY-SHA256: understood as far as that they change nothing here. */
const WITHOUT_MEANING: readonly number[] = [0x0001, 0x0014, 0x0015, 0x001c];
/** From here on an attribute that is not understood may be ignored, RFC 8489 §14. */
const OPTIONAL_FROM = 0x8000;

/** Types of messages with the Binding method, RFC 8489 §5. */
export const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const BINDING_ERROR = 0x0111;

/** Errors a check can be answered with: RFC 8489 §14.8, and 487 of RFC 8445 §7.3.1.1. */
export type StunErrorCode = 400 | 401 | 420 | 487;

/**
 * Where the parts of a message lie. Offsets are from the start of the message, −1 for what is not there; of attributes
 * that come twice the first counts. One object is filled again and again.
 */
export interface StunMessage {
  type: number;
  lengthBytes: number;
  usernameAt: number;
  usernameBytes: number;
  /** −1 without PRIORITY. */
  priority: number;
  nominates: boolean;
  role: 'controlling' | 'controlled' | 'none';
  /** Of the attributes' headers. */
  integrityAt: number;
  fingerprintAt: number;
  /** An attribute that has not the length it must have. */
  malformed: boolean;
  /** Attributes that must be understood and are not; the first `unknownCount` of `unknown`. */
  unknownCount: number;
  readonly unknown: Uint16Array;
}

/** What a request is answered with. `source`: where it came from. */
export type StunAnswer =
  | { readonly kind: 'success'; readonly source: PacketSource }
  | { readonly kind: 'error'; readonly code: StunErrorCode };

/** An empty message for `parseStun` to fill. */
export function createStunMessage(): StunMessage {
  return {
    type: 0,
    lengthBytes: 0,
    usernameAt: -1,
    usernameBytes: 0,
    priority: -1,
    nominates: false,
    role: 'none',
    integrityAt: -1,
    fingerprintAt: -1,
    malformed: false,
    unknownCount: 0,
    unknown: new Uint16Array(MAX_UNKNOWN),
  };
}

/**
 * Finds the parts of a message in the first `lengthBytes` of `bytes`. `not-stun`: it is no message of RFC 8489, or its
 * lengths contradict each other; `out` then means nothing. Neither integrity nor fingerprint are checked here.
 */
export function parseStun(
  bytes: Uint8Array,
  lengthBytes: number,
  out: StunMessage,
): 'stun' | 'not-stun' {
  if (lengthBytes < HEADER_BYTES || lengthBytes > bytes.length || lengthBytes % 4 !== 0)
    return 'not-stun';
  const type = u16(bytes, 0);
  if (type > 0x3fff || u16(bytes, 2) !== lengthBytes - HEADER_BYTES) return 'not-stun';
  if (u16(bytes, 4) * 0x10000 + u16(bytes, 6) !== MAGIC_COOKIE) return 'not-stun';
  clear(out, type, lengthBytes);
  let at = HEADER_BYTES;
  for (let count = 0; at < lengthBytes; count += 1) {
    if (count === MAX_ATTRIBUTES) return 'not-stun';
    const valueBytes = u16(bytes, at + 2);
    const next = at + ATTRIBUTE_HEADER_BYTES + padded(valueBytes);
    if (next > lengthBytes) return 'not-stun';
    // FINGERPRINT is the last one, RFC 8489 §14.7.
    if (out.fingerprintAt >= 0) return 'not-stun';
    readAttribute(bytes, at, out);
    at = next;
  }
  return 'stun';
}

function clear(out: StunMessage, type: number, lengthBytes: number): void {
  out.type = type;
  out.lengthBytes = lengthBytes;
  out.usernameAt = -1;
  out.usernameBytes = 0;
  out.priority = -1;
  out.nominates = false;
  out.role = 'none';
  out.integrityAt = -1;
  out.fingerprintAt = -1;
  out.malformed = false;
  out.unknownCount = 0;
}

function readAttribute(bytes: Uint8Array, at: number, out: StunMessage): void {
  const type = u16(bytes, at);
  const valueBytes = u16(bytes, at + 2);
  if (type === FINGERPRINT) {
    if (valueBytes === 4) out.fingerprintAt = at;
    else out.malformed = true;
    return;
  }
  // What comes behind MESSAGE-INTEGRITY is not protected by it and is ignored, RFC 8489 §14.5.
  if (out.integrityAt >= 0) return;
  const valueAt = at + ATTRIBUTE_HEADER_BYTES;
  switch (type) {
    case USERNAME:
      if (out.usernameAt < 0) {
        out.usernameAt = valueAt;
        out.usernameBytes = valueBytes;
      }
      break;
    case PRIORITY:
      if (valueBytes !== 4) out.malformed = true;
      else if (out.priority < 0) out.priority = u32(bytes, valueAt);
      break;
    case USE_CANDIDATE:
      if (valueBytes === 0) out.nominates = true;
      else out.malformed = true;
      break;
    case ICE_CONTROLLING:
    case ICE_CONTROLLED:
      if (valueBytes !== 8) out.malformed = true;
      else if (out.role === 'none')
        out.role = type === ICE_CONTROLLING ? 'controlling' : 'controlled';
      break;
    case MESSAGE_INTEGRITY:
      if (valueBytes === INTEGRITY_BYTES) out.integrityAt = at;
      else out.malformed = true;
      break;
    default:
      noteUnknown(type, out);
  }
}

function noteUnknown(type: number, out: StunMessage): void {
  if (type >= OPTIONAL_FROM || WITHOUT_MEANING.includes(type)) return;
  if (type === XOR_MAPPED_ADDRESS || type === ERROR_CODE || type === UNKNOWN_ATTRIBUTES) return;
  if (out.unknownCount === MAX_UNKNOWN) return;
  out.unknown[out.unknownCount] = type;
  out.unknownCount += 1;
}

/**
 * Whether FINGERPRINT has the value it must have (RFC 8489 §14.7). `absent` is not held against a message: what
 * tells STUN from other packets here is the first byte, and what proves it is its integrity.
 */
export function fingerprintOf(
  bytes: Uint8Array,
  message: StunMessage,
): 'right' | 'wrong' | 'absent' {
  const at = message.fingerprintAt;
  if (at < 0) return 'absent';
  const expected = (crc32(bytes.subarray(0, at)) ^ FINGERPRINT_XOR) >>> 0;
  return u32(bytes, at + ATTRIBUTE_HEADER_BYTES) === expected ? 'right' : 'wrong';
}

/** Whether the message was made by who knows the password: RFC 8489 §9.1.3 and §14.5. Takes the same time always. */
export function hasIntegrity(bytes: Uint8Array, message: StunMessage, key: KeyObject): boolean {
  const at = message.integrityAt;
  if (at < 0) return false;
  const expected = integrityOf(bytes, at, key);
  const valueAt = at + ATTRIBUTE_HEADER_BYTES;
  return timingSafeEqual(expected, bytes.subarray(valueAt, valueAt + INTEGRITY_BYTES));
}

/** The user name's part before the colon: the fragment that the receiver has given out. Null without a colon. */
export function localUfragOf(bytes: Uint8Array, message: StunMessage): string | null {
  const { usernameAt, usernameBytes } = message;
  // 256 characters at most, RFC 8839 §5.4.
  const last = usernameAt + Math.min(usernameBytes, 257);
  for (let at = usernameAt; at >= 0 && at < last; at += 1) {
    if (bytes[at] === 0x3a) return String.fromCharCode(...bytes.subarray(usernameAt, at));
  }
  return null;
}

/** How a request is answered: what it asked, with what, signed by whom. */
export interface AnswerRequest {
  readonly bytes: Uint8Array;
  readonly message: StunMessage;
  readonly answer: StunAnswer;
  readonly key: KeyObject;
}

/**
 * Writes the answer to a request into `out`, with integrity and fingerprint and nothing that could be left out, and
 * returns its length. `out` has room for 128 bytes.
 */
export function writeAnswer(request: AnswerRequest, out: Uint8Array): number {
  const { bytes, message, answer, key } = request;
  const transaction = bytes.subarray(TRANSACTION_AT, TRANSACTION_AT + TRANSACTION_BYTES);
  putU16(out, 0, answer.kind === 'success' ? BINDING_SUCCESS : BINDING_ERROR);
  putU32(out, 4, MAGIC_COOKIE);
  out.set(transaction, TRANSACTION_AT);
  const at =
    answer.kind === 'success'
      ? writeXorMapped(out, HEADER_BYTES, answer.source)
      : writeError(out, answer.code, message);
  const integrityEnd = writeIntegrity(out, at, key);
  return writeFingerprint(out, integrityEnd);
}

/** RFC 8489 §14.2: the port with the cookie's upper half, the address with the cookie and the transaction id. */
function writeXorMapped(out: Uint8Array, at: number, source: PacketSource): number {
  const addressBytes = source.family === 4 ? 4 : 16;
  putU16(out, at, XOR_MAPPED_ADDRESS);
  putU16(out, at + 2, 4 + addressBytes);
  putU16(out, at + 4, source.family === 4 ? 1 : 2);
  putU16(out, at + 6, source.port ^ (MAGIC_COOKIE >>> 16));
  for (let octet = 0; octet < addressBytes; octet += 1) {
    // Cookie and transaction id lie one behind the other from byte 4 on.
    out[at + 8 + octet] = (source.octets[octet] ?? 0) ^ (out[4 + octet] ?? 0);
  }
  return at + 8 + addressBytes;
}

/** RFC 8489 §14.8 without a reason phrase, and §14.9. */
function writeError(out: Uint8Array, code: StunErrorCode, message: StunMessage): number {
  let at = HEADER_BYTES;
  putU16(out, at, ERROR_CODE);
  putU16(out, at + 2, 4);
  putU16(out, at + 4, 0);
  putU16(out, at + 6, Math.floor(code / 100) * 256 + (code % 100));
  at += 8;
  if (code !== 420) return at;
  const count = message.unknownCount;
  putU16(out, at, UNKNOWN_ATTRIBUTES);
  putU16(out, at + 2, 2 * count);
  at += ATTRIBUTE_HEADER_BYTES;
  // The padding of an odd number of them.
  putU16(out, at + 2 * count, 0);
  for (let each = 0; each < count; each += 1)
    putU16(out, at + 2 * each, message.unknown[each] ?? 0);
  return at + padded(2 * count);
}

function writeIntegrity(out: Uint8Array, at: number, key: KeyObject): number {
  putU16(out, at, MESSAGE_INTEGRITY);
  putU16(out, at + 2, INTEGRITY_BYTES);
  out.set(integrityOf(out, at, key), at + ATTRIBUTE_HEADER_BYTES);
  return at + ATTRIBUTE_HEADER_BYTES + INTEGRITY_BYTES;
}

function writeFingerprint(out: Uint8Array, at: number): number {
  const end = at + ATTRIBUTE_HEADER_BYTES + 4;
  putU16(out, 2, end - HEADER_BYTES);
  putU16(out, at, FINGERPRINT);
  putU16(out, at + 2, 4);
  putU32(out, at + 4, (crc32(out.subarray(0, at)) ^ FINGERPRINT_XOR) >>> 0);
  return end;
}

/** HMAC-SHA1 over what lies before the attribute at `at`, with a length that ends behind it. */
function integrityOf(bytes: Uint8Array, at: number, key: KeyObject): Uint8Array {
  const length = u16(bytes, 2);
  putU16(bytes, 2, at + ATTRIBUTE_HEADER_BYTES + INTEGRITY_BYTES - HEADER_BYTES);
  const digest = createHmac('sha1', key).update(bytes.subarray(0, at)).digest();
  putU16(bytes, 2, length);
  return digest;
}

function padded(bytes: number): number {
  return (bytes + 3) & ~3;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function u32(bytes: Uint8Array, at: number): number {
  return u16(bytes, at) * 0x10000 + u16(bytes, at + 2);
}

function putU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

function putU32(bytes: Uint8Array, at: number, value: number): void {
  putU16(bytes, at, value >>> 16);
  putU16(bytes, at + 2, value & 0xffff);
}
