import { NodeCmCipher } from './node-cm-cipher.ts';
import { NodeGcmCipher } from './node-gcm-cipher.ts';
import { ENCRYPTED_BIT, MAX_RTCP_INDEX, RTCP_CLEAR_BYTES } from './packet-cipher.ts';
import type { CipherJob, PacketCipher } from './packet-cipher.ts';
import { isRtcp, readWord, rtpHeaderBytes } from './packet-shape.ts';
import { deriveSessionKeys } from './session-keys.ts';
import { SRTCP_OVERHEAD_BYTES, SRTP_OVERHEAD_BYTES } from './srtp-session.ts';
import type { CreateSrtpSession, SrtpSession, SrtpSessionKeys } from './srtp-session.ts';
import type { SrtpKeying, SrtpSnapshot } from '../../protocol/media-security.ts';
import { StreamTable } from './stream-table.ts';

const SEQUENCE_NUMBERS = 65_536;
/** A new SSRC with a number below this may have rolled over before its first packet got through. */
const EARLY_SEQUENCE_NUMBER = SEQUENCE_NUMBERS / 2;
const NO_BYTES = new Uint8Array(0);

/** SRTP by `node:crypto`, which always works. A few short-lived objects per packet cannot be avoided with it. */
export const createNodeSrtpSession: CreateSrtpSession = (keys) => new NodeSrtpSession(keys);

class NodeSrtpSession implements SrtpSession {
  readonly #inbound: PacketCipher;
  readonly #outbound: PacketCipher;
  readonly #streamsIn = new StreamTable('replace-quietest');
  // A forgotten SSRC that came back would be given key stream a second time.
  readonly #streamsOut = new StreamTable('refuse');
  #rtcpIndexOut = 0;
  readonly #job: CipherJob = {
    packet: NO_BYTES,
    lengthBytes: 0,
    headerBytes: 0,
    ssrc: 0,
    rolloverCounter: 0,
    sequenceNumber: 0,
    rtcpWord: 0,
    out: NO_BYTES,
  };

  constructor(keys: SrtpSessionKeys) {
    this.#inbound = cipherOf(keys.inbound);
    this.#outbound = cipherOf(keys.outbound);
  }

  protectRtp(packet: Uint8Array, lengthBytes: number, out: Uint8Array): number {
    checkRoom(packet, lengthBytes, out.length - SRTP_OVERHEAD_BYTES);
    const job = this.#rtpJob(packet, lengthBytes, out);
    if (job.headerBytes === 0) return 0;
    const streams = this.#streamsOut;
    const at = streams.claim(job.ssrc);
    const index = at < 0 ? -1 : streams.estimateRtp(at, job.sequenceNumber);
    // The same index twice would give away what was encrypted.
    if (index < 0 || !streams.isFreshRtp(at, index)) return 0;
    streams.markRtp(at, index);
    job.rolloverCounter = Math.floor(index / SEQUENCE_NUMBERS);
    return this.#outbound.protectRtp(job);
  }

  unprotectRtp(packet: Uint8Array, lengthBytes: number, out: Uint8Array): number {
    checkRoom(packet, lengthBytes, out.length);
    const job = this.#rtpJob(packet, lengthBytes, out);
    const { headerBytes } = job;
    if (headerBytes === 0 || lengthBytes < headerBytes + this.#inbound.rtpTagBytes) return 0;
    const at = this.#streamsIn.find(job.ssrc);
    const index = this.#streamsIn.estimateRtp(at, job.sequenceNumber);
    const written = this.#tryRtp(job, at, index);
    if (written > 0 || this.#streamsIn.knowsRtp(at)) return written;
    if (job.sequenceNumber >= EARLY_SEQUENCE_NUMBER) return 0;
    return this.#tryRtp(job, at, index + SEQUENCE_NUMBERS);
  }

  protectRtcp(packet: Uint8Array, lengthBytes: number, out: Uint8Array): number {
    checkRoom(packet, lengthBytes, out.length - SRTCP_OVERHEAD_BYTES);
    if (!isRtcp(packet, lengthBytes) || this.#rtcpIndexOut > MAX_RTCP_INDEX) return 0;
    const job = this.#rtcpJob(packet, lengthBytes, out);
    job.rtcpWord = (ENCRYPTED_BIT | this.#rtcpIndexOut) >>> 0;
    this.#rtcpIndexOut += 1;
    return this.#outbound.protectRtcp(job);
  }

  unprotectRtcp(packet: Uint8Array, lengthBytes: number, out: Uint8Array): number {
    checkRoom(packet, lengthBytes, out.length);
    const cipher = this.#inbound;
    if (!isRtcp(packet, lengthBytes)) return 0;
    if (lengthBytes < RTCP_CLEAR_BYTES + cipher.rtcpTrailerBytes) return 0;
    const job = this.#rtcpJob(packet, lengthBytes, out);
    job.rtcpWord = readWord(packet, lengthBytes - cipher.rtcpWordFromEnd);
    const index = job.rtcpWord % ENCRYPTED_BIT;
    if (!this.#streamsIn.isFreshRtcp(this.#streamsIn.find(job.ssrc), index)) return 0;
    const written = cipher.unprotectRtcp(job);
    if (written > 0) this.#streamsIn.markRtcp(this.#streamsIn.claim(job.ssrc), index);
    return written;
  }

  snapshot(): SrtpSnapshot {
    return {
      rtcpIndexOut: this.#rtcpIndexOut,
      streamsOut: this.#streamsOut.snapshot(),
      streamsIn: this.#streamsIn.snapshot(),
    };
  }

  restore(snapshot: SrtpSnapshot): void {
    this.#rtcpIndexOut = snapshot.rtcpIndexOut;
    this.#streamsOut.restore(snapshot.streamsOut);
    this.#streamsIn.restore(snapshot.streamsIn);
  }

  #tryRtp(job: CipherJob, at: number, index: number): number {
    if (index < 0 || !this.#streamsIn.isFreshRtp(at, index)) return 0;
    job.rolloverCounter = Math.floor(index / SEQUENCE_NUMBERS);
    const written = this.#inbound.unprotectRtp(job);
    if (written > 0) this.#streamsIn.markRtp(this.#streamsIn.claim(job.ssrc), index);
    return written;
  }

  #rtpJob(packet: Uint8Array, lengthBytes: number, out: Uint8Array): CipherJob {
    const job = this.#job;
    job.packet = packet;
    job.lengthBytes = lengthBytes;
    job.headerBytes = rtpHeaderBytes(packet, lengthBytes);
    job.sequenceNumber = ((packet[2] ?? 0) << 8) | (packet[3] ?? 0);
    job.ssrc = readWord(packet, 8);
    job.out = out;
    return job;
  }

  #rtcpJob(packet: Uint8Array, lengthBytes: number, out: Uint8Array): CipherJob {
    const job = this.#job;
    job.packet = packet;
    job.lengthBytes = lengthBytes;
    job.ssrc = readWord(packet, 4);
    job.out = out;
    return job;
  }
}

function cipherOf(keying: SrtpKeying): PacketCipher {
  const keys = deriveSessionKeys(keying);
  return keys.profile === 'AEAD_AES_128_GCM' ? new NodeGcmCipher(keys) : new NodeCmCipher(keys);
}

/** A buffer that is too small is a mistake of ours, not of the peer. */
function checkRoom(packet: Uint8Array, lengthBytes: number, roomBytes: number): void {
  if (lengthBytes > packet.length || lengthBytes > roomBytes) {
    throw new RangeError('a packet does not fit its buffer');
  }
}
