import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What a check of a full agent says. Left out: what browsers send, with the right signature. */
export interface CheckOptions {
  readonly localUfrag: string;
  readonly password: string;
  readonly remoteUfrag?: string;
  readonly nominates?: boolean;
  readonly role?: 'controlling' | 'controlled' | 'none';
  readonly transaction?: Uint8Array;
  /** Attributes before the integrity. */
  readonly extra?: readonly { readonly type: number; readonly value: Uint8Array }[];
  readonly fingerprint?: 'right' | 'wrong' | 'absent';
  /** Without PRIORITY and role: shorter than what anybody sends. */
  readonly bare?: 'bare';
}

const COOKIE = Buffer.from('2112a442', 'hex');

function attribute(type: number, value: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

function withLength(message: Buffer, bytes: number): Buffer {
  message.writeUInt16BE(bytes - 20, 2);
  return message;
}

/** A binding request as a browser writes one, made independently of the code under test. */
export function bindingRequest(options: CheckOptions): Buffer {
  const transaction = options.transaction ?? Buffer.alloc(12, 7);
  const username = `${options.localUfrag}:${options.remoteUfrag ?? 'peer'}`;
  const parts = [
    Buffer.from([0, 1, 0, 0]),
    COOKIE,
    transaction,
    attribute(0x0006, Buffer.from(username)),
  ];
  const role = options.role ?? 'controlling';
  if (role !== 'none' && options.bare === undefined)
    parts.push(attribute(role === 'controlling' ? 0x802a : 0x8029, Buffer.alloc(8, 9)));
  if (options.nominates === true) parts.push(attribute(0x0025, Buffer.alloc(0)));
  if (options.bare === undefined) parts.push(attribute(0x0024, Buffer.from([110, 0, 1, 255])));
  for (const { type, value } of options.extra ?? []) parts.push(attribute(type, value));
  const unsigned = Buffer.concat(parts);
  withLength(unsigned, unsigned.length + 24);
  const hmac = createHmac('sha1', options.password).update(unsigned).digest();
  const signed = Buffer.concat([unsigned, attribute(0x0008, hmac)]);
  if (options.fingerprint === 'absent') return signed;
  withLength(signed, signed.length + 8);
  const value = Buffer.alloc(4);
  const wrong = options.fingerprint === 'wrong' ? 1 : 0;
  value.writeUInt32BE((crc32(signed) ^ 0x5354554e ^ wrong) >>> 0);
  return Buffer.concat([signed, attribute(0x8028, value)]);
}

/** What an answer says; `integrity` and `fingerprint` are recomputed from its bytes. */
export interface ReadAnswer {
  readonly type: 'success' | 'error' | 'other';
  readonly transaction: string;
  readonly mapped: string | null;
  readonly errorCode: number | null;
  readonly unknown: readonly number[];
  readonly integrity: 'right' | 'wrong' | 'absent';
  readonly fingerprint: 'right' | 'wrong' | 'absent';
}

/** Reads an answer, independently of the code under test. */
export function readAnswer(bytes: Uint8Array, password: string): ReadAnswer {
  const packet = Buffer.from(bytes);
  const types: Record<number, ReadAnswer['type']> = { 0x0101: 'success', 0x0111: 'error' };
  let mapped: string | null = null;
  let errorCode: number | null = null;
  let integrity: ReadAnswer['integrity'] = 'absent';
  let fingerprint: ReadAnswer['fingerprint'] = 'absent';
  const unknown: number[] = [];
  for (let at = 20; at + 4 <= packet.length;) {
    const type = packet.readUInt16BE(at);
    const length = packet.readUInt16BE(at + 2);
    const value = packet.subarray(at + 4, at + 4 + length);
    if (type === 0x0020) mapped = readMapped(value, packet.subarray(4, 20));
    if (type === 0x0009) errorCode = value.readUInt8(2) * 100 + value.readUInt8(3);
    if (type === 0x000a)
      for (let each = 0; each < length; each += 2) unknown.push(value.readUInt16BE(each));
    const head = Buffer.from(packet.subarray(0, at));
    if (type === 0x0008) {
      withLength(head, at + 24);
      const expected = createHmac('sha1', password).update(head).digest();
      integrity = expected.equals(value) ? 'right' : 'wrong';
    }
    if (type === 0x8028) {
      const expected = (crc32(head) ^ 0x5354554e) >>> 0;
      fingerprint = value.readUInt32BE(0) === expected ? 'right' : 'wrong';
    }
    at += 4 + length + ((4 - (length % 4)) % 4);
  }
  const type = types[packet.readUInt16BE(0)] ?? 'other';
  const transaction = packet.subarray(8, 20).toString('hex');
  return { type, transaction, mapped, errorCode, unknown, integrity, fingerprint };
}

function readMapped(value: Buffer, mask: Buffer): string {
  const port = value.readUInt16BE(2) ^ 0x2112;
  const octets = value.subarray(4).map((octet, at) => octet ^ (mask[at] ?? 0));
  return `${octets.length === 4 ? octets.join('.') : Buffer.from(octets).toString('hex')} ${port}`;
}
