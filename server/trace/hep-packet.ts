import ipaddr from 'ipaddr.js';
import { literalAddress } from '../runtime/literal-address.ts';

/** What a copy of a SIP message tells besides the message. */
export interface HepCopy {
  readonly transport: 'udp' | 'tcp';
  /** Literal addresses; what is none is written as 0.0.0.0. */
  readonly sourceHost: string;
  readonly sourcePort: number;
  readonly destinationHost: string;
  readonly destinationPort: number;
  /** Milliseconds of the wall clock. */
  readonly atMs: number;
  readonly captureId: number;
  /** What the collector asks for, or null. */
  readonly password: string | null;
  readonly payload: Uint8Array;
}

/** Types of chunks of the generic vendor, HEP3 rev. 36 §2.2. */
const CHUNK = {
  ipFamily: 1,
  ipProtocol: 2,
  ipv4Source: 3,
  ipv4Destination: 4,
  ipv6Source: 5,
  ipv6Destination: 6,
  sourcePort: 7,
  destinationPort: 8,
  seconds: 9,
  microseconds: 10,
  protocolType: 11,
  captureId: 12,
  password: 14,
  payload: 15,
} as const;

/** AF_INET and AF_INET6, as HEP3 numbers them. */
const FAMILY = { ipv4: 2, ipv6: 10 } as const;
/** IANA's numbers of UDP and TCP; what TLS and WebSockets carry goes over TCP. */
const PROTOCOL = { udp: 17, tcp: 6 } as const;
const PROTOCOL_TYPE_SIP = 1;
/** `HEP3` and the total length. */
const HEADER_BYTES = 6;
const CHUNK_HEADER_BYTES = 6;
/** What fits into a datagram; a longer message is cut. */
const LONGEST_PACKET_BYTES = 65_000;

/**
 * A copy of a SIP message as a HEPv3 packet. A payload that no datagram holds is cut.
 *
 *      0                   1                   2                   3
 *     |'H'            |'E'            |'P'            |'3'            |
 *     |total length                   | chunks …
 *     chunk: vendor (16), type (16), length with this header (16), value
 */
export function encodeHep(copy: HepCopy): Uint8Array {
  const chunks = [...addressChunks(copy), ...factChunks(copy)];
  const beforeBytes = HEADER_BYTES + chunks.reduce((sum, { length }) => sum + length, 0);
  const mostBytes = LONGEST_PACKET_BYTES - beforeBytes - CHUNK_HEADER_BYTES;
  chunks.push(chunk(CHUNK.payload, copy.payload.subarray(0, Math.max(0, mostBytes))));
  const header = Buffer.from('HEP3\0\0', 'latin1');
  const packet = Buffer.concat([header, ...chunks]);
  packet.writeUInt16BE(packet.length, 4);
  return packet;
}

function addressChunks({ sourceHost, destinationHost }: HepCopy): Uint8Array[] {
  const source = addressOf(sourceHost);
  const destination = addressOf(destinationHost);
  const family = source.kind() === 'ipv6' || destination.kind() === 'ipv6' ? 'ipv6' : 'ipv4';
  const isSix = family === 'ipv6';
  return [
    chunk(CHUNK.ipFamily, [FAMILY[family]]),
    chunk(isSix ? CHUNK.ipv6Source : CHUNK.ipv4Source, octetsOf(source, family)),
    chunk(isSix ? CHUNK.ipv6Destination : CHUNK.ipv4Destination, octetsOf(destination, family)),
  ];
}

function factChunks(copy: HepCopy): Uint8Array[] {
  const seconds = Math.floor(copy.atMs / 1000);
  const microseconds = Math.floor((copy.atMs - seconds * 1000) * 1000);
  const { password } = copy;
  return [
    chunk(CHUNK.ipProtocol, [PROTOCOL[copy.transport]]),
    chunk(CHUNK.sourcePort, number16(copy.sourcePort)),
    chunk(CHUNK.destinationPort, number16(copy.destinationPort)),
    chunk(CHUNK.seconds, number32(seconds)),
    chunk(CHUNK.microseconds, number32(microseconds)),
    chunk(CHUNK.protocolType, [PROTOCOL_TYPE_SIP]),
    chunk(CHUNK.captureId, number32(copy.captureId)),
    ...(password === null ? [] : [chunk(CHUNK.password, Buffer.from(password, 'utf8'))]),
  ];
}

function chunk(type: number, value: ArrayLike<number>): Uint8Array {
  const bytes = Buffer.alloc(CHUNK_HEADER_BYTES + value.length);
  bytes.writeUInt16BE(type, 2);
  bytes.writeUInt16BE(bytes.length, 4);
  bytes.set(value, CHUNK_HEADER_BYTES);
  return bytes;
}

function number16(value: number): Uint8Array {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value & 0xffff);
  return bytes;
}

function number32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** An IPv4 address that is written as IPv6 counts as IPv4. */
function addressOf(host: string): Address {
  return literalAddress(host) ?? new ipaddr.IPv4([0, 0, 0, 0]);
}

function octetsOf(address: Address, family: 'ipv4' | 'ipv6'): readonly number[] {
  if (family === 'ipv6' && address instanceof ipaddr.IPv4) {
    return address.toIPv4MappedAddress().toByteArray();
  }
  return address.toByteArray();
}
