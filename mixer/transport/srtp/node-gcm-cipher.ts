import { createCipheriv, createDecipheriv } from 'node:crypto';
import { ENCRYPTED_BIT, RTCP_CLEAR_BYTES } from './packet-cipher.ts';
import type { CipherJob, PacketCipher } from './packet-cipher.ts';
import { writeWord } from './packet-shape.ts';
import type { SessionKeys } from './session-keys.ts';

const TAG_BYTES = 16;
const WORD_BYTES = 4;
const NOTHING = new Uint8Array(0);

/**
 * AEAD_AES_128_GCM by `node:crypto`. Node has no way to use a cipher twice, so each packet makes one: most of the cost.
 *
 *     SRTP:   header | encrypted payload | tag
 *     SRTCP:  first 8 bytes | encrypted rest | tag | E and index
 *
 * @see RFC 7714 §8, §9
 */
export class NodeGcmCipher implements PacketCipher {
  readonly rtpTagBytes = TAG_BYTES;
  readonly rtcpTrailerBytes = TAG_BYTES + WORD_BYTES;
  readonly rtcpWordFromEnd = WORD_BYTES;
  readonly #keys: SessionKeys;
  readonly #iv = new Uint8Array(12);
  readonly #rtcpHead = new Uint8Array(RTCP_CLEAR_BYTES + WORD_BYTES);

  constructor(keys: SessionKeys) {
    this.#keys = keys;
  }

  protectRtp(job: CipherJob): number {
    const { packet, headerBytes, lengthBytes, out } = job;
    const header = packet.subarray(0, headerBytes);
    out.set(header);
    this.#setRtpIv(job);
    const cipher = createCipheriv('aes-128-gcm', this.#keys.rtp.key, this.#iv);
    cipher.setAAD(header);
    out.set(cipher.update(packet.subarray(headerBytes, lengthBytes)), headerBytes);
    cipher.final();
    out.set(cipher.getAuthTag(), lengthBytes);
    return lengthBytes + TAG_BYTES;
  }

  unprotectRtp(job: CipherJob): number {
    const { packet, headerBytes, out } = job;
    const tagAt = job.lengthBytes - TAG_BYTES;
    this.#setRtpIv(job);
    const header = packet.subarray(0, headerBytes);
    const plain = this.#open(this.#keys.rtp.key, header, {
      payload: packet.subarray(headerBytes, tagAt),
      tag: packet.subarray(tagAt, tagAt + TAG_BYTES),
    });
    if (plain === null) return 0;
    out.set(header);
    out.set(plain, headerBytes);
    return tagAt;
  }

  protectRtcp(job: CipherJob): number {
    const { packet, lengthBytes, out } = job;
    this.#setRtcp(job);
    out.set(packet.subarray(0, RTCP_CLEAR_BYTES));
    const cipher = createCipheriv('aes-128-gcm', this.#keys.rtcp.key, this.#iv);
    cipher.setAAD(this.#rtcpHead);
    out.set(cipher.update(packet.subarray(RTCP_CLEAR_BYTES, lengthBytes)), RTCP_CLEAR_BYTES);
    cipher.final();
    out.set(cipher.getAuthTag(), lengthBytes);
    writeWord(out, lengthBytes + TAG_BYTES, job.rtcpWord);
    return lengthBytes + TAG_BYTES + WORD_BYTES;
  }

  unprotectRtcp(job: CipherJob): number {
    const { packet, lengthBytes, out } = job;
    const tagAt = lengthBytes - TAG_BYTES - WORD_BYTES;
    const tag = packet.subarray(tagAt, tagAt + TAG_BYTES);
    this.#setRtcp(job);
    const body = packet.subarray(RTCP_CLEAR_BYTES, tagAt);
    if ((job.rtcpWord & ENCRYPTED_BIT) !== 0) {
      const plain = this.#open(this.#keys.rtcp.key, this.#rtcpHead, { payload: body, tag });
      if (plain === null) return 0;
      out.set(plain, RTCP_CLEAR_BYTES);
    } else {
      // Authenticated only: the whole packet is associated data, RFC 7714 §9.3.
      const head = new Uint8Array(tagAt + WORD_BYTES);
      head.set(packet.subarray(0, tagAt));
      writeWord(head, tagAt, job.rtcpWord);
      if (this.#open(this.#keys.rtcp.key, head, { payload: NOTHING, tag }) === null) return 0;
      out.set(body, RTCP_CLEAR_BYTES);
    }
    out.set(packet.subarray(0, RTCP_CLEAR_BYTES));
    return tagAt;
  }

  /** The plaintext, null when it is not genuine. */
  #open(
    key: Uint8Array,
    head: Uint8Array,
    sealed: { readonly payload: Uint8Array; readonly tag: Uint8Array },
  ): Uint8Array | null {
    const decipher = createDecipheriv('aes-128-gcm', key, this.#iv, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(sealed.tag);
    decipher.setAAD(head);
    const plain = decipher.update(sealed.payload);
    try {
      decipher.final();
      return plain;
    } catch {
      // Node's way to say that the tag is wrong: a forged packet, which the caller counts.
      return null;
    }
  }

  /** RFC 7714 §8.1: two zero bytes, SSRC, roll-over counter, sequence number; exclusive or with the salt. */
  #setRtpIv(job: CipherJob): void {
    const iv = this.#iv;
    iv.fill(0, 0, 2);
    writeWord(iv, 2, job.ssrc);
    writeWord(iv, 6, job.rolloverCounter);
    iv[10] = job.sequenceNumber >>> 8;
    iv[11] = job.sequenceNumber;
    this.#salt(this.#keys.rtp.salt);
  }

  /** RFC 7714 §9.1: two zero bytes, SSRC, two zero bytes, index; exclusive or with the salt. And the head, §9.2. */
  #setRtcp(job: CipherJob): void {
    const iv = this.#iv;
    iv.fill(0);
    writeWord(iv, 2, job.ssrc);
    writeWord(iv, 8, job.rtcpWord & ~ENCRYPTED_BIT);
    this.#salt(this.#keys.rtcp.salt);
    const head = this.#rtcpHead;
    for (let at = 0; at < RTCP_CLEAR_BYTES; at += 1) head[at] = job.packet[at] ?? 0;
    writeWord(head, RTCP_CLEAR_BYTES, job.rtcpWord);
  }

  #salt(salt: Uint8Array): void {
    const iv = this.#iv;
    for (let at = 0; at < iv.length; at += 1) iv[at] = (iv[at] ?? 0) ^ (salt[at] ?? 0);
  }
}
