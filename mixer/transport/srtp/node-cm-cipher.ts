import { createCipheriv, hash } from 'node:crypto';
import type { Cipher } from 'node:crypto';
import { ENCRYPTED_BIT, RTCP_CLEAR_BYTES } from './packet-cipher.ts';
import type { CipherJob, PacketCipher } from './packet-cipher.ts';
import { writeWord } from './packet-shape.ts';
import type { KeySet, SessionKeys } from './session-keys.ts';

const TAG_BYTES = 10;
const WORD_BYTES = 4;
const BLOCK_BYTES = 16;
/** Longest packet: more than any network carries. */
const MAX_BLOCKS = 128;
const HASH_BLOCK_BYTES = 64;
const SHA1_BYTES = 20;
const MAX_MESSAGE_BYTES = MAX_BLOCKS * BLOCK_BYTES + WORD_BYTES;

/**
 * AES_CM_128_HMAC_SHA1_80 by `node:crypto`. Counter mode is made of plain AES blocks, because one such cipher lives as
 * long as the session, and HMAC of two hashes: a quarter of what a cipher and an HMAC object per packet cost.
 *
 *     SRTP:   header | encrypted payload | tag
 *     SRTCP:  first 8 bytes | encrypted rest | E and index | tag
 *
 * @see RFC 3711 §4.1.1, §4.2
 */
export class NodeCmCipher implements PacketCipher {
  readonly rtpTagBytes = TAG_BYTES;
  readonly rtcpTrailerBytes = TAG_BYTES + WORD_BYTES;
  readonly rtcpWordFromEnd = TAG_BYTES + WORD_BYTES;
  readonly #rtp: KeyStream;
  readonly #rtcp: KeyStream;
  readonly #rtpHmac: HmacSha1;
  readonly #rtcpHmac: HmacSha1;

  constructor(keys: SessionKeys) {
    this.#rtp = new KeyStream(keys.rtp);
    this.#rtcp = new KeyStream(keys.rtcp);
    this.#rtpHmac = new HmacSha1(keys.rtp.authKey);
    this.#rtcpHmac = new HmacSha1(keys.rtcp.authKey);
  }

  protectRtp(job: CipherJob): number {
    const { headerBytes, lengthBytes, out } = job;
    copy(job, 0, headerBytes);
    this.#rtp.setRtpCounter(job);
    if (!this.#rtp.apply(job, headerBytes, lengthBytes)) return 0;
    this.#rtpHmac.digest(out, lengthBytes, job.rolloverCounter);
    this.#rtpHmac.writeTag(out, lengthBytes);
    return lengthBytes + TAG_BYTES;
  }

  unprotectRtp(job: CipherJob): number {
    const { packet, headerBytes } = job;
    const tagAt = job.lengthBytes - TAG_BYTES;
    if (!this.#rtpHmac.digest(packet, tagAt, job.rolloverCounter)) return 0;
    if (!this.#rtpHmac.isTag(packet, tagAt)) return 0;
    copy(job, 0, headerBytes);
    this.#rtp.setRtpCounter(job);
    return this.#rtp.apply(job, headerBytes, tagAt) ? tagAt : 0;
  }

  protectRtcp(job: CipherJob): number {
    const { lengthBytes, out } = job;
    copy(job, 0, RTCP_CLEAR_BYTES);
    this.#rtcp.setRtcpCounter(job);
    if (!this.#rtcp.apply(job, RTCP_CLEAR_BYTES, lengthBytes)) return 0;
    writeWord(out, lengthBytes, job.rtcpWord);
    this.#rtcpHmac.digest(out, lengthBytes, job.rtcpWord);
    this.#rtcpHmac.writeTag(out, lengthBytes + WORD_BYTES);
    return lengthBytes + WORD_BYTES + TAG_BYTES;
  }

  unprotectRtcp(job: CipherJob): number {
    const { packet } = job;
    const wordAt = job.lengthBytes - TAG_BYTES - WORD_BYTES;
    if (!this.#rtcpHmac.digest(packet, wordAt, job.rtcpWord)) return 0;
    if (!this.#rtcpHmac.isTag(packet, wordAt + WORD_BYTES)) return 0;
    copy(job, 0, RTCP_CLEAR_BYTES);
    if ((job.rtcpWord & ENCRYPTED_BIT) === 0) {
      copy(job, RTCP_CLEAR_BYTES, wordAt);
      return wordAt;
    }
    this.#rtcp.setRtcpCounter(job);
    return this.#rtcp.apply(job, RTCP_CLEAR_BYTES, wordAt) ? wordAt : 0;
  }
}

function copy(job: CipherJob, from: number, to: number): void {
  const { packet, out } = job;
  for (let at = from; at < to; at += 1) out[at] = packet[at] ?? 0;
}

/** AES in counter mode, RFC 3711 §4.1.1: counter blocks through a cipher of plain blocks. */
class KeyStream {
  readonly #salt: Uint8Array;
  readonly #cipher: Cipher;
  readonly #counters = new Uint8Array(MAX_BLOCKS * BLOCK_BYTES);
  /** The first n counter blocks, made once each. */
  readonly #heads: (Uint8Array | undefined)[] = [];

  constructor(keys: KeySet) {
    this.#salt = keys.salt;
    this.#cipher = createCipheriv('aes-128-ecb', keys.key, null);
    this.#cipher.setAutoPadding(false);
  }

  setRtpCounter(job: CipherJob): void {
    const block = this.#counters;
    block.fill(0, 0, BLOCK_BYTES);
    writeWord(block, 4, job.ssrc);
    writeWord(block, 8, job.rolloverCounter);
    block[12] = job.sequenceNumber >>> 8;
    block[13] = job.sequenceNumber;
    this.#saltCounter();
  }

  setRtcpCounter(job: CipherJob): void {
    const block = this.#counters;
    block.fill(0, 0, BLOCK_BYTES);
    writeWord(block, 4, job.ssrc);
    writeWord(block, 10, job.rtcpWord & ~ENCRYPTED_BIT);
    this.#saltCounter();
  }

  /** The job's packet, exclusive or with the key stream, into its `out`, from one offset to another. False: too long. */
  apply(job: CipherJob, from: number, to: number): boolean {
    const blocks = (to - from + BLOCK_BYTES - 1) >> 4;
    if (blocks > MAX_BLOCKS) return false;
    if (blocks === 0) return true;
    const counters = this.#counters;
    for (let block = 1; block < blocks; block += 1) {
      const start = block * BLOCK_BYTES;
      for (let at = 0; at < 14; at += 1) counters[start + at] = counters[at] ?? 0;
      counters[start + 14] = block >>> 8;
      counters[start + 15] = block;
    }
    const stream = this.#cipher.update(this.#head(blocks));
    const { packet, out } = job;
    for (let at = from; at < to; at += 1) out[at] = (packet[at] ?? 0) ^ (stream[at - from] ?? 0);
    return true;
  }

  #head(blocks: number): Uint8Array {
    const made = this.#heads[blocks];
    if (made !== undefined) return made;
    const head = this.#counters.subarray(0, blocks * BLOCK_BYTES);
    this.#heads[blocks] = head;
    return head;
  }

  #saltCounter(): void {
    const block = this.#counters;
    for (let at = 0; at < 14; at += 1) block[at] = (block[at] ?? 0) ^ (this.#salt[at] ?? 0);
  }
}

/** HMAC-SHA1 (RFC 2104) of a packet with a word behind it, cut to 80 bits. */
class HmacSha1 {
  /** Key and inner padding, then the message. */
  readonly #inner = new Uint8Array(HASH_BLOCK_BYTES + MAX_MESSAGE_BYTES).fill(0x36);
  /** Key and outer padding, then the inner hash. */
  readonly #outer = new Uint8Array(HASH_BLOCK_BYTES + SHA1_BYTES).fill(0x5c);
  /** The tag, one byte per character. */
  #tag = '';

  constructor(key: Uint8Array) {
    for (let at = 0; at < key.length; at += 1) {
      this.#inner[at] = (key[at] ?? 0) ^ 0x36;
      this.#outer[at] = (key[at] ?? 0) ^ 0x5c;
    }
  }

  /** False: too long to be a packet. */
  digest(packet: Uint8Array, lengthBytes: number, word: number): boolean {
    if (lengthBytes + WORD_BYTES > MAX_MESSAGE_BYTES) return false;
    const inner = this.#inner;
    for (let at = 0; at < lengthBytes; at += 1) inner[HASH_BLOCK_BYTES + at] = packet[at] ?? 0;
    writeWord(inner, HASH_BLOCK_BYTES + lengthBytes, word);
    // Text of one byte per character is the cheapest that `hash` can give.
    const message = inner.subarray(0, HASH_BLOCK_BYTES + lengthBytes + WORD_BYTES);
    const hashed = hash('sha1', message, 'binary');
    for (let at = 0; at < SHA1_BYTES; at += 1) {
      this.#outer[HASH_BLOCK_BYTES + at] = hashed.charCodeAt(at);
    }
    this.#tag = hash('sha1', this.#outer, 'binary');
    return true;
  }

  writeTag(out: Uint8Array, at: number): void {
    for (let byte = 0; byte < TAG_BYTES; byte += 1) out[at + byte] = this.#tag.charCodeAt(byte);
  }

  /** Compares all bytes, whichever differs first: the time it takes tells nothing. */
  isTag(packet: Uint8Array, at: number): boolean {
    let difference = 0;
    for (let byte = 0; byte < TAG_BYTES; byte += 1) {
      difference |= (packet[at + byte] ?? 0) ^ this.#tag.charCodeAt(byte);
    }
    return difference === 0;
  }
}
