import { hasInterface, loadAddOn } from '../../add-on/load-add-on.ts';
import type {
  SrtpKeying,
  SrtpSnapshot,
  SrtpStreamSnapshot,
} from '../../protocol/media-security.ts';
import { deriveSessionKeys } from './session-keys.ts';
import type { KeySet } from './session-keys.ts';
import type { CreateSrtpSession, SrtpSession, SrtpSessionKeys } from './srtp-session.ts';
import { MAX_STREAMS } from './stream-table.ts';

/** A session in native memory; only the add-on knows what is in it. */
type Handle = object;

/** What `native/srtp.c` exports; what arguments mean stands there. */
interface SrtpAddOn {
  readonly interfaceVersion: number;
  create(profileIn: 0 | 1, keysIn: Uint8Array, profileOut: 0 | 1, keysOut: Uint8Array): Handle;
  protectRtp(session: Handle, packet: Uint8Array, lengthBytes: number, out: Uint8Array): number;
  unprotectRtp(session: Handle, packet: Uint8Array, lengthBytes: number, out: Uint8Array): number;
  protectRtcp(session: Handle, packet: Uint8Array, lengthBytes: number, out: Uint8Array): number;
  unprotectRtcp(session: Handle, packet: Uint8Array, lengthBytes: number, out: Uint8Array): number;
  read(session: Handle, numbers: Float64Array): void;
  write(session: Handle, numbers: Float64Array): void;
}

/** The same numbers stand in srtp.c. */
const INTERFACE_VERSION = 1;
const KEY_SET_BYTES = 50;
const SALT_AT = 16;
const AUTH_KEY_AT = 30;
const STREAM_NUMBERS = 3;
const HEAD_NUMBERS = 3;
const SEQUENCE_NUMBERS = 65_536;

/** SRTP by the native add-on; null where it was not built. */
export function loadNativeSrtp(): CreateSrtpSession | null {
  const addOn = loadAddOn('transport/srtp/native/srtp', isSrtpAddOn);
  return addOn === null ? null : (keys) => new NativeSrtpSession(addOn, keys);
}

function isSrtpAddOn(loaded: unknown): loaded is SrtpAddOn {
  return hasInterface(loaded, INTERFACE_VERSION);
}

class NativeSrtpSession implements SrtpSession {
  readonly #addOn: SrtpAddOn;
  readonly #handle: Handle;

  constructor(addOn: SrtpAddOn, keys: SrtpSessionKeys) {
    this.#addOn = addOn;
    const keysIn = packed(keys.inbound);
    const keysOut = packed(keys.outbound);
    this.#handle = addOn.create(number(keys.inbound), keysIn, number(keys.outbound), keysOut);
    keysIn.fill(0);
    keysOut.fill(0);
  }

  protectRtp(packet: Uint8Array, lengthBytes: number, out: Uint8Array): number {
    return this.#addOn.protectRtp(this.#handle, packet, lengthBytes, out);
  }

  unprotectRtp(packet: Uint8Array, lengthBytes: number, out: Uint8Array): number {
    return this.#addOn.unprotectRtp(this.#handle, packet, lengthBytes, out);
  }

  protectRtcp(packet: Uint8Array, lengthBytes: number, out: Uint8Array): number {
    return this.#addOn.protectRtcp(this.#handle, packet, lengthBytes, out);
  }

  unprotectRtcp(packet: Uint8Array, lengthBytes: number, out: Uint8Array): number {
    return this.#addOn.unprotectRtcp(this.#handle, packet, lengthBytes, out);
  }

  snapshot(): SrtpSnapshot {
    const numbers = new Float64Array(HEAD_NUMBERS + 2 * MAX_STREAMS * STREAM_NUMBERS);
    this.#addOn.read(this.#handle, numbers);
    const [rtcpIndexOut = 0, countOut = 0, countIn = 0] = numbers;
    return {
      rtcpIndexOut,
      streamsOut: Array.from({ length: countOut }, (_, at) => streamOf(numbers, at)),
      streamsIn: Array.from({ length: countIn }, (_, at) => streamOf(numbers, countOut + at)),
    };
  }

  restore(snapshot: SrtpSnapshot): void {
    const out = snapshot.streamsOut.slice(0, MAX_STREAMS);
    const inbound = snapshot.streamsIn.slice(0, MAX_STREAMS);
    const numbers = new Float64Array(HEAD_NUMBERS + 2 * MAX_STREAMS * STREAM_NUMBERS);
    numbers.set([snapshot.rtcpIndexOut, out.length, inbound.length]);
    numbers.set([...out, ...inbound].flatMap(numbersOf), HEAD_NUMBERS);
    this.#addOn.write(this.#handle, numbers);
  }
}

function streamOf(numbers: Float64Array, at: number): SrtpStreamSnapshot {
  const start = HEAD_NUMBERS + at * STREAM_NUMBERS;
  const [ssrc = 0, highest = -1, rtcpIndex = -1] = numbers.subarray(start);
  return {
    ssrc,
    rolloverCounter: highest < 0 ? 0 : Math.floor(highest / SEQUENCE_NUMBERS),
    highestSequenceNumber: highest < 0 ? -1 : highest % SEQUENCE_NUMBERS,
    rtcpIndex,
  };
}

function numbersOf(stream: SrtpStreamSnapshot): readonly number[] {
  const last = stream.highestSequenceNumber;
  const highest = last < 0 ? -1 : stream.rolloverCounter * SEQUENCE_NUMBERS + last;
  return [stream.ssrc, highest, stream.rtcpIndex];
}

function number(keying: SrtpKeying): 0 | 1 {
  return keying.profile === 'AEAD_AES_128_GCM' ? 1 : 0;
}

/** Session keys as the add-on takes them. */
function packed(keying: SrtpKeying): Uint8Array {
  const bytes = new Uint8Array(2 * KEY_SET_BYTES);
  const keys = deriveSessionKeys(keying);
  pack(keys.rtp, bytes.subarray(0, KEY_SET_BYTES));
  pack(keys.rtcp, bytes.subarray(KEY_SET_BYTES));
  return bytes;
}

function pack(keys: KeySet, bytes: Uint8Array): void {
  bytes.set(keys.key);
  bytes.set(keys.salt, SALT_AT);
  bytes.set(keys.authKey, AUTH_KEY_AT);
}
