/* eslint-disable @typescript-eslint/max-params -- An object of options for each packet would be garbage. */
import { RTP_HEADER_BYTES } from './rtp-packet.ts';
import type { RtpHeader } from './rtp-packet.ts';

/** "Defined by profile" of the one-byte form, RFC 8285 §4.2. */
const ONE_BYTE_PROFILE = 0xbede;
/** Of the two-byte form, with four bits for the application in place of the last; RFC 8285 §4.3. */
const TWO_BYTE_PROFILE = 0x1000;
/** An identifier that ends the one-byte form, RFC 8285 §4.2. */
const STOP_ID = 15;
/** Longest data of the one-byte form. */
const MAX_ONE_BYTE_DATA = 16;

/**
 * Where the data of extension `id` (1–14, or up to 255 in the two-byte form) begin in `bytes`, the packet that was parsed
 * into `header`; −1 when it is not in there. How long they are tells `headerExtensionLength`.
 *
 * ```
 * one-byte form   |  ID   | len−1 | data ...        an ID of 0 is one byte of padding
 * two-byte form   |      ID       |     length    | data ...
 * ```
 * Source: RFC 8285 §4.2, §4.3.
 */
export function readHeaderExtension(bytes: Uint8Array, header: RtpHeader, id: number): number {
  const form = formOf(header);
  if (form === 'unknown') return -1;
  const end = header.extensionOffset + header.extensionLength;
  const headBytes = form === 'one-byte' ? 1 : 2;
  let at = header.extensionOffset;
  while (at + headBytes <= end) {
    const first = bytes[at] ?? 0;
    const elementId = form === 'one-byte' ? first >>> 4 : first;
    if (elementId === 0) {
      // In the one-byte form an ID of 0 with a length is an error, and all that follows is ignored.
      if (form === 'one-byte' && first !== 0) return -1;
      at += 1;
      continue;
    }
    if (form === 'one-byte' && elementId === STOP_ID) return -1;
    const dataAt = at + headBytes;
    const next = dataAt + headerExtensionLength(bytes, header, dataAt);
    if (next > end) return -1;
    if (elementId === id) return dataAt;
    at = next;
  }
  return -1;
}

/** Length in bytes of the data that `readHeaderExtension` found at `dataAt`. */
export function headerExtensionLength(
  bytes: Uint8Array,
  header: RtpHeader,
  dataAt: number,
): number {
  const before = bytes[dataAt - 1] ?? 0;
  return formOf(header) === 'one-byte' ? (before & 0x0f) + 1 : before;
}

/**
 * Begins the extensions of a packet whose header `writeRtpHeader` wrote at `headerOffset`, without any CSRC; returns where
 * the first goes. `finishHeaderExtensions` ends them.
 */
export function startHeaderExtensions(out: Uint8Array, headerOffset: number): number {
  const at = headerOffset + RTP_HEADER_BYTES;
  out[headerOffset] = (out[headerOffset] ?? 0) | 0x10;
  out[at] = ONE_BYTE_PROFILE >>> 8;
  out[at + 1] = ONE_BYTE_PROFILE & 0xff;
  return at + 4;
}

/** Writes an extension of the one-byte form (`id` 1–14, 1–16 bytes of `data`) at `at`; returns where the next goes. */
export function writeHeaderExtension(
  out: Uint8Array,
  at: number,
  id: number,
  data: Uint8Array,
): number {
  const length = data.length > MAX_ONE_BYTE_DATA ? MAX_ONE_BYTE_DATA : data.length;
  if (length === 0 || id < 1 || id >= STOP_ID) return at;
  out[at] = (id << 4) | (length - 1);
  for (let i = 0; i < length; i += 1) out[at + 1 + i] = data[i] ?? 0;
  return at + 1 + length;
}

/** Fills up to whole words and writes their count. `at` — behind the last extension; returns where the payload goes. */
export function finishHeaderExtensions(out: Uint8Array, headerOffset: number, at: number): number {
  const extensionsAt = headerOffset + RTP_HEADER_BYTES + 4;
  let end = at;
  while (((end - extensionsAt) & 3) !== 0) {
    out[end] = 0;
    end += 1;
  }
  const words = (end - extensionsAt) >>> 2;
  out[extensionsAt - 2] = words >>> 8;
  out[extensionsAt - 1] = words;
  return end;
}

function formOf(header: RtpHeader): 'one-byte' | 'two-byte' | 'unknown' {
  if (header.extensionLength === 0) return 'unknown';
  if (header.extensionProfile === ONE_BYTE_PROFILE) return 'one-byte';
  return (header.extensionProfile & 0xfff0) === TWO_BYTE_PROFILE ? 'two-byte' : 'unknown';
}
